"""`compare A B --on DATASET`: networks of runs and versions of models on a data set that is chosen afterwards."""

from collections.abc import Sequence
from functools import partial

import typer

from core.cli.output import print_json
from core.cli.server_option import only_here
from core.cli.shell import shell_context
from core.cli.tables import console, print_table
from core.cli.waiting import told_on_terminal, waited
from core.common.context import Context
from core.jobs import comparison, comparison_told
from core.jobs.comparison import Chosen, Compared, Wanted
from core.jobs.prediction import PredictionError
from core.models.making import find_like
from core.system.hosts import living_supervisor
from db.records import RunRecord


def compare_on(command: typer.Context, references: Sequence[str], data: str, *, as_json: bool, as_csv: bool) -> None:
    """Raises NotFoundError, ModelError, PredictionError, OnlyHereError."""
    only_here(command, "compare --on")
    context = shell_context()
    chosen = [find_like(context, reference) for reference in references]
    asked = comparison.wanted(context, chosen, data)
    found = comparison.found(context, asked)
    if found is not None and found.problem:  # of an earlier time; it may do now
        comparison.stop(context, asked)
        found = None
    found = found or _found_out(context, chosen, asked, quiet=as_json or as_csv)
    if found.problem:
        raise PredictionError(found.problem)
    names = {
        comparison.subject(each).key: f"#{each.id} {each.name}" if isinstance(each, RunRecord) else each.title
        for each in chosen
    }
    if as_json:
        print_json(
            {"told": comparison_told.heading(found, names), **found.model_dump(mode="json", exclude={"problem"})}
        )
        return
    if not as_csv:
        console.print(comparison_told.heading(found, names), markup=False, highlight=False)
        for note in found.notes:
            console.print(note, style="dim", markup=False, highlight=False)
    metrics = list(dict.fromkeys(each.metric for each in found.differences))
    if not as_csv:
        print_table(
            ["network", *metrics], [[names[key], *map(values.get, metrics)] for key, values in found.metrics.items()]
        )
        console.print()
    rows = [
        [each.metric, names[each.one], names[each.other], each.difference, each.low, each.high, each.chance,
         comparison_told.verdict(each, names)]
        for each in found.differences
    ]  # fmt: skip
    print_table(["metric", "one", "other", "difference", "from", "to", "p", "verdict"], rows, as_csv=as_csv)


def _found_out(context: Context, chosen: Sequence[Chosen], asked: Wanted, *, quiet: bool) -> Compared:
    """By a supervisor's process, or in this one where there is none. Raises PredictionError."""
    for each in chosen:
        if problem := comparison.why_not(context, each):
            raise PredictionError(f"{comparison.subject(each).key}: {problem}")
    with told_on_terminal(quiet=quiet) as say:
        if living_supervisor(context.workspace):
            comparison.ask(context, chosen, asked)
            about = partial(comparison.found, context, asked), partial(comparison.is_asked, context, asked)
            then = partial(comparison.progress, context, asked), partial(comparison.stop, context, asked)
            return waited(*about, *then, say)
        from core.cli.jobs_here import done_here

        return done_here(context, comparison.KIND, asked, told=say)
