"""`evaluate`: a run that ended before its evaluation, evaluated now in this process."""

from core.cli.jobs_here import done_here
from core.cli.output import print_json
from core.cli.tables import console, print_table
from core.common.context import Context
from core.common.errors import StateError
from core.jobs import evaluation
from db.records import RunRecord


def evaluate_now(context: Context, run: RunRecord, *, as_json: bool, as_csv: bool) -> None:
    """Raises ForbiddenError, StateError."""
    done = done_here(context, evaluation.KIND, evaluation.request(context, run))
    if done.problem:
        raise StateError(done.problem)
    if as_json:
        print_json({"run": run.id, **done.model_dump(mode="json", exclude={"problem"})})
        return
    rows = [[name, value] for name, value in done.metrics.items()]
    if as_csv:
        print_table(["metric", "value"], rows, as_csv=True)
        return
    where = f"epoch {done.epoch:.4g}" if done.epoch else f"step {done.step:,}"
    console.print(f"Evaluated run {run.id} by its best checkpoint, {where}.", markup=False, highlight=False)
    print_table(["metric", "value"], rows, by_row=True)
    for notice in done.notices:
        console.print(notice, markup=False, highlight=False)
