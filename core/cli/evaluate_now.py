"""`evaluate`: a run that ended before its evaluation, evaluated now in this process, or by a server's host."""

from typing import Annotated, Any

import typer

from core import runs
from core.cli.jobs_here import done_here
from core.cli.output import Csv, Json, print_json
from core.cli.run_changes import RunReference
from core.cli.server_option import server_runs
from core.cli.shell import shell_context
from core.cli.tables import console, print_table
from core.common.context import Context
from core.common.errors import StateError
from core.jobs import evaluation
from core.models import making
from core.runs import NETWORK
from db.records import RunRecord


def evaluate(
    command: typer.Context,
    run: RunReference,
    like: Annotated[
        str, typer.Option(metavar="RUN|MODEL@VERSION|data:NAME", help="Of a script's network: whose inputs it takes.")
    ] = "",
    pixels: Annotated[
        str, typer.Option(metavar="LOW..HIGH", help="Of the same: range of the pixels that it learned from.")
    ] = "",
    logits: Annotated[bool, typer.Option("--logits", help="Of the same: it gives logits.")] = False,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """Evaluate a stopped, failed or lost run on the test set, by its best checkpoint. Needs no dashboard.

    The best network that a script or client kept is evaluated on the data set that it named, or on that of --like.
    """
    how: dict[str, Any] = {"pixels": making.pixel_range(pixels)} if pixels else {}
    how |= {"logits": True} if logits else {}
    if (server := server_runs(command)) is not None:
        from core.cli.evaluate_there import evaluated_there

        found = server.find(run)
        done = evaluated_there(server.client, found, like, how, quiet=as_json or as_csv)
    else:
        context = shell_context()
        found = runs.find(context, run)
        done = _evaluated_here(context, found, like, how)
    if done.problem:
        raise StateError(done.problem)
    _tell(found, done, as_json=as_json, as_csv=as_csv)


def _evaluated_here(context: Context, run: RunRecord, like: str, how: dict[str, Any]) -> evaluation.Evaluated:
    """Raises ForbiddenError, StateError, ModelError, NotFoundError, DataError."""
    if like:
        making.check_like(context, like)
    return done_here(context, evaluation.KIND, evaluation.request(context, run, like, **how))


def _tell(run: RunRecord, done: evaluation.Evaluated, *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        print_json({"run": run.id, **done.model_dump(mode="json", exclude={"problem"})})
        return
    rows = [[name, value] for name, value in done.metrics.items()]
    if as_csv:
        print_table(["metric", "value"], rows, as_csv=True)
        return
    if run.kind != NETWORK.name or not done.step:
        console.print(f"Evaluated the best network of run {run.id}.", markup=False, highlight=False)
    else:
        _told_checkpoint(run, done)
    print_table(["metric", "value"], rows, by_row=True)
    for notice in done.notices:
        console.print(notice, markup=False, highlight=False)


def _told_checkpoint(run: RunRecord, done: evaluation.Evaluated) -> None:
    where = f"epoch {done.epoch:.4g}" if done.epoch else f"step {done.step:,}"
    console.print(f"Evaluated run {run.id} by its best checkpoint, {where}.", markup=False, highlight=False)
