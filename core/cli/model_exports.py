"""`python -m core models export` and `exports`: versions as folders that run without Traindeck."""

from typing import Annotated

import typer

from core import models
from core.cli.model_changes import Version
from core.cli.model_rows import when
from core.cli.output import Csv, Json, print_json
from core.cli.shell import shell_context
from core.cli.tables import console, print_table
from core.common.errors import StateError
from core.inference.export_formats import FORMATS
from core.jobs import export as job
from core.jobs.job_kind import Progress
from core.models import exports as kept
from db.registry_records import ExportRecord


def export(
    version: Version,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")] = "onnx",
    as_json: Json = False,
) -> None:
    """Write a version as a folder that runs without Traindeck; compared with the original, and measured."""
    from core.cli.jobs_here import done_here

    context = shell_context()
    asked = job.request(context, models.find(context, version), form)
    done = done_here(context, job.KIND, asked, told=None if as_json else _say)
    if done.problem:
        raise StateError(done.problem)
    if as_json:
        print_json({"version": asked.reference, **done.model_dump(mode="json", exclude={"problem"})})
        return
    console.print(f"{asked.reference} as {FORMATS[form].title}: {done.folder}", markup=False, highlight=False)
    found = kept.Measured.model_validate(done.measured)
    console.print(_told(found), markup=False, highlight=False)


def exports(version: Version, as_json: Json = False, as_csv: Csv = False) -> None:
    """The exports of a version: parity, figure, size, latency of one example on one thread."""
    context = shell_context()
    found = kept.listing(context, models.find(context, version))
    if as_json:
        print_json([{**vars(each), "created_at": when(each.created_at, exact=True)} for each in found])
        return
    columns = ["name", "format", "difference", "metric", "value", "flips", "bytes", "p50 ms", "p95 ms", "MB", "made"]
    print_table(columns, [_row(each, exact=as_csv) for each in found], as_csv=as_csv)
    if not found and not as_csv:
        console.print("None yet. Make one: python -m core models export MODEL@VERSION --format onnx", highlight=False)


def _row(export: ExportRecord, *, exact: bool) -> list[object]:
    found = kept.measured(export)
    if found is None:
        return [export.name, export.format, *[None] * 4, export.size, *[None] * 3, when(export.created_at, exact)]
    latency = [found.latency.get(f"one_batch_1_{name}") for name in ("p50", "p95")]
    return [
        *(export.name, export.format, found.difference, found.metric, found.value, found.flips, export.size),
        *(*latency, found.memory_mb, when(export.created_at, exact)),
    ]


def _told(found: kept.Measured) -> str:
    asked = f"{found.examples:,} {'test' if found.of == 'test' else 'made'} examples"
    text = f"The largest difference to the original over {asked} is {found.difference:.2g}"
    if found.value is not None and found.original is not None:
        text += f"; {found.metric} {found.value:.4g}, of the original {found.original:.4g}"
    fast = found.latency.get("one_batch_1_p50", 0.0)
    return f"{text}. {found.size:,} bytes; an example takes {fast:.2g} ms on one thread."


def _say(told: Progress) -> None:
    console.print(told.text, style="dim", markup=False, highlight=False)


EXPORTS = (export, exports)
