"""`import` and `export`: runs of other tools come over, and runs leave."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from core.cli.known_runs import RunsHere
from core.cli.output import Json, print_json, utc
from core.cli.server_option import server_runs
from core.cli.shell import shell_context
from core.cli.tables import console, print_table
from core.common.context import Context
from core.common.errors import DataError, NotFoundError
from core.imports import importing
from core.imports.bundle_writing import write_bundle
from core.imports.found_run import FoundRun, Progress, quiet
from core.imports.from_mlflow import read_mlflow
from core.imports.from_mlflow_server import Credentials, address_of
from core.imports.leaving import write_csv, write_tensorboard
from core.imports.sources import SOURCES, source_named

_ACCEPTS = "; ".join(f"{each.name}: {each.accepts}" for each in SOURCES.values())


class Form(StrEnum):
    """What runs are written as."""

    BUNDLE = "bundle"
    TENSORBOARD = "tensorboard"
    CSV = "csv"


def import_runs(
    source: Annotated[str, typer.Argument(metavar="TOOL", help=f"{', '.join(SOURCES)}.")],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=f"{_ACCEPTS}.")],
    experiment: Annotated[str, typer.Option(help="For all of them, in place of the tool's own.")] = "",
    tag: Annotated[list[str] | None, typer.Option(help="A tag for new runs; may be given more than once.")] = None,
    deleted: Annotated[bool, typer.Option("--deleted", help="Of MLflow: also runs that were deleted there.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Only tell what would come.")] = False,
    as_json: Json = False,
) -> None:
    """Runs of another tool come over; those that are here already get what is new. Exits with 1 when one failed.

    A server of MLflow that asks who it is gets MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or
    MLFLOW_TRACKING_TOKEN.
    """
    context = shell_context()
    progress = _progress() if sys.stderr.isatty() and not as_json else quiet
    found = _found(source_named(source).name, paths, progress, deleted)
    if show:
        _show(found, as_json=as_json)
        return
    report = importing.import_runs(context, found, experiment, tag or (), progress)
    if as_json:
        print_json({"runs": [vars(each) for each in report.runs], "failed": report.failed})
    else:
        columns = ["run", "name", "experiment", "state", "points", "files"]
        rows = [[each.run_id, each.name, each.experiment, each.state, each.points, each.files] for each in report.runs]
        print_table(columns, rows)
        for sentence in importing.told(report):
            console.print(sentence, markup=False, highlight=False)
    raise typer.Exit(1 if report.failed else 0)


def export(
    command: typer.Context,
    form: Annotated[Form, typer.Argument(help="A bundle for another Traindeck, TensorBoard's logs, or CSV.")],
    out: Annotated[Path, typer.Argument(help="A zip file of a bundle; else a folder.")],
    references: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN…]", help="Numbers, uids or names; or see --search.")
    ] = None,
    search: Annotated[str, typer.Option(help="All runs that a search finds; docs/search.md tells all.")] = "",
) -> None:
    """Runs leave, with all that is known of them: config, metrics, files, facts."""
    server = server_runs(command)
    known = server or RunsHere(shell_context())
    chosen = [known.find(reference).id for reference in references or []]
    if search:
        chosen += known.matching_ids(search)
    if not chosen:
        raise NotFoundError("Which runs? Give numbers, uids or names, or --search 'experiment = mine'.")
    chosen = list(dict.fromkeys(chosen))
    if server is not None:
        from core.cli.export_there import fetch_export

        written = fetch_export(server, form, chosen, out)
    else:
        written = _write(shell_context(), form, chosen, out)
    console.print(f"{len(chosen)} runs were written: {', '.join(map(str, written[:5]))}", markup=False, highlight=False)


def _write(context: Context, form: Form, chosen: list[int], out: Path) -> list[Path]:
    progress = _progress() if sys.stderr.isatty() else quiet
    if form is Form.BUNDLE:
        return [write_bundle(context, chosen, out, progress)]
    return (write_tensorboard if form is Form.TENSORBOARD else write_csv)(context, chosen, out, progress)


def _found(source: str, paths: list[Path], progress: Progress, deleted: bool) -> Iterator[FoundRun]:
    asked = partial(read_mlflow, deleted=deleted, credentials=Credentials.of_environment())
    read = asked if source == "mlflow" else SOURCES[source].read
    for path in paths:
        try:
            if source != "mlflow" and address_of(path):
                raise DataError(f"{source} is read from {SOURCES[source].accepts}; received an address. Give a path.")
            yield from read(path.expanduser(), progress)
        except DataError as error:
            if len(paths) == 1:
                raise
            yield FoundRun.none(path, str(error))


def _show(found: Iterator[FoundRun], *, as_json: bool) -> None:
    told = [
        {
            "name": run.name,
            "experiment": run.experiment,
            "state": run.state.value,
            "began": utc(run.began_at),
            "params": len(run.params),
            "metrics": len(run.metrics),
            "points": run.points,
            "files": len(run.files),
            "left_out": dict(run.left_out),
        }
        for run in found
    ]
    if as_json:
        print_json(told)
    else:
        columns = ["name", "experiment", "state", "began", "params", "metrics", "points", "files"]
        print_table(columns, [[row[column] for column in columns] for row in told])


def _progress() -> Progress:
    """A line that is written over."""

    def tell(done: float, what: str) -> None:
        sys.stderr.write(f"\r\x1b[K{done:4.0%} {what[:60]}" if done else f"\r\x1b[K     {what[:60]}")
        sys.stderr.flush()

    return tell
