"""`python -m core models export`, `exports` and `shrink`: versions as folders that run without Traindeck."""

import time
from typing import Annotated

import typer

from core import models
from core.cli.model_changes import Version
from core.cli.model_rows import when
from core.cli.output import Csv, Json, print_json
from core.cli.shell import shell_context
from core.cli.tables import console, print_table
from core.common.context import Context
from core.common.errors import StateError
from core.common.text import plural
from core.inference.export_formats import COMPACT, FORMATS
from core.jobs import export as job
from core.jobs.job_kind import Progress
from core.models import exports as kept
from core.models import shrinking
from core.models.trade_off import Choice, choices, front, proposal
from db.registry_records import VersionRecord

_ALL_WAYS = "; ".join(each.title for each in shrinking.WAYS.values())
_COLUMNS = (
    *("name", "best", "metric", "value", "low", "high", "flips", "difference", "bytes", "zipped"),
    *("p50 ms", "p95 ms", "p50 ms of 32", "MB", "mJ", "made"),
)


def export(
    version: Version,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")] = "onnx",
    as_json: Json = False,
) -> None:
    """Write a version as a folder that runs without Traindeck; compared with the original, and measured."""
    context = shell_context()
    found = models.find(context, version)
    done = _done(context, found, form, quiet=as_json)
    if done.problem:
        raise StateError(done.problem)
    if as_json:
        print_json({"version": found.title, **done.model_dump(mode="json", exclude={"problem"})})
        return
    console.print(f"{found.title} as {FORMATS[form].title}: {done.folder}", markup=False, highlight=False)
    console.print(_told(kept.Measured.model_validate(done.measured)), markup=False, highlight=False)


def exports(version: Version, as_json: Json = False, as_csv: Csv = False) -> None:
    """The original and the exports of a version: figure with its 95 % interval, flips, size, latency on one thread."""
    context = shell_context()
    found = models.find(context, version)
    made = kept.listing(context, found)
    if as_json:
        print_json([{**vars(each), "created_at": when(each.created_at, exact=True)} for each in made])
        return
    _table(context, found, as_csv=as_csv)
    if not as_csv:
        for line in shrinking.on_the_way(context, found):
            console.print(line, markup=False, highlight=False)
    if not made and not as_csv:
        console.print("None yet. Make one: python -m core models export MODEL@VERSION --format onnx", highlight=False)


def shrink(
    version: Version,
    within: Annotated[
        float, typer.Option(min=0, max=1, help="What may be lost: of a share, 0.01 is a point; of an error, relative.")
    ] = 0.01,
    minutes: Annotated[float, typer.Option(min=0, help="No further format is begun after so long.")] = (
        job.BUDGET_MINUTES
    ),
    train: Annotated[bool, typer.Option("--train", help=f"Train as well: {_ALL_WAYS}.")] = False,
    as_json: Json = False,
) -> None:
    """Export a version in all small and fast formats, and name the smallest and the fastest that stays within.

    With --train, runs also make smaller networks of it; each becomes a version, is exported, and stands in the same
    table, which `models exports` shows.
    """
    context = shell_context()
    found = models.find(context, version)
    made = {each.name for each in kept.listing(context, found)}
    refused, end = {}, time.monotonic() + 60 * minutes
    for form in COMPACT:
        if form.name not in made and time.monotonic() > end:
            refused[form.name] = job.late(form.name)
        elif form.name not in made and (done := _done(context, found, form.name, quiet=as_json)).problem:
            refused[form.name] = done.problem
    ways = [name for name, why in shrinking.applying(context, found).items() if not why] if train else []
    not_trained = shrinking.ask_trainings(context, found, ways, within=within, minutes=minutes)
    known = _choices(context, found)
    told = [*not_trained, *proposal(known, within)]
    if as_json:
        made_now = [each.name for each in known[1:] if not each.version]
        print_json({"version": found.title, "exports": made_now, "refused": refused, "told": told})
        return
    _table(context, found, as_csv=False)
    if begun := len(ways) - len(not_trained):
        told.append(f"{plural(begun, 'run')} will be in the table as well: python -m core models exports {found.title}")
    elif not train:
        told.append(f"Smaller still by training: python -m core models shrink {found.title} --train")
    for text in [*refused.values(), *told]:
        console.print(text, markup=False, highlight=False)


def _done(context: Context, version: VersionRecord, form: str, *, quiet: bool) -> job.Exported:
    from core.cli.jobs_here import done_here

    def say(told: Progress) -> None:
        console.print(f"{FORMATS[form].title}: {told.text}", style="dim", markup=False, highlight=False)

    asked = job.request(context, version, form)
    return done_here(context, job.KIND, asked, told=None if quiet else say)


def _choices(context: Context, version: VersionRecord) -> list[Choice]:
    return choices(version, kept.listing(context, version), shrinking.smaller_versions(context, version))


def _table(context: Context, version: VersionRecord, *, as_csv: bool) -> None:
    found = _choices(context, version)
    found = found if found[1:] else []
    best = front(found, "size") | front(found, "zipped") | front(found, "latency")
    moments = {each.name: when(each.created_at, as_csv) for each in kept.listing(context, version)}
    rows = [[*_row(each, marked=each.name in best), moments.get(each.name)] for each in found]
    columns = list(_COLUMNS)
    if not as_csv and all(row[columns.index("mJ")] is None for row in rows):  # this host tells no energy
        place = columns.index("mJ")
        columns.pop(place)
        rows = [[*row[:place], *row[place + 1 :]] for row in rows]
    print_table(columns, rows, as_csv=as_csv)
    if found and found[0].latency is None and not as_csv:
        told = f"How fast the original is was not measured: python -m core models export {version.title} --format keras"
        console.print(told, markup=False, highlight=False)


def _row(choice: Choice, *, marked: bool) -> list[object]:
    found = choice.measured
    beside = None if choice.version else found  # what was compared with the original itself
    return [
        *(choice.name or "original", "yes" if marked else "", choice.metric, choice.value),
        *(choice.interval or (None, None)),
        *((beside.flips, beside.difference) if beside else (choice.against and choice.against.flips, None)),
        *(choice.size, choice.zipped, choice.time(1), choice.time(1, "p95"), choice.time(32)),
        *((found.memory_mb, found.millijoules) if found else (None, None)),
    ]


def _told(found: kept.Measured) -> str:
    asked = f"{found.examples:,} {'test' if found.of == 'test' else 'made'} examples"
    text = f"The largest difference to the original over {asked} is {found.difference:.2g}"
    if found.value is not None and found.original is not None:
        text += f"; {found.metric} {found.value:.4g}, of the original {found.original:.4g}"
    fast = found.latency.get("one_batch_1_p50", 0.0)
    return f"{text}. {found.size:,} bytes; an example takes {fast:.2g} ms on one thread."


EXPORTS = (export, exports, shrink)
