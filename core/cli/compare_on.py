"""`compare A B --on DATASET`: networks of runs and versions of models on a data set that is chosen afterwards."""

import sys
import time
from collections.abc import Callable, Sequence

import typer

from core.cli.output import print_json
from core.cli.server_option import only_here
from core.cli.shell import shell_context
from core.cli.tables import console, print_table
from core.common.context import Context
from core.common.text import percentage
from core.jobs import comparison, comparison_told
from core.jobs.comparison import Chosen, Compared, Wanted
from core.jobs.job_kind import Progress
from core.jobs.job_queue import POLL_SECONDS
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
    shown = sys.stderr.isatty() and not quiet

    def say(told: Progress) -> None:
        share = "" if told.share is None else f" ({percentage(told.share)})"
        if shown:
            sys.stderr.write(f"\r\x1b[K{told.text}{share}")

    try:
        if living_supervisor(context.workspace):
            return _waited(context, chosen, asked, say)
        from core.cli.jobs_here import done_here

        return done_here(context, comparison.KIND, asked, told=say)
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")


def _waited(context: Context, chosen: Sequence[Chosen], asked: Wanted, say: Callable[[Progress], object]) -> Compared:
    """Ctrl-C ends it. Raises PredictionError."""
    comparison.ask(context, chosen, asked)
    try:
        while (done := comparison.found(context, asked)) is None:
            if not comparison.is_asked(context, asked):
                raise PredictionError("It was stopped, on the page or by another. Ask again.")
            say(comparison.progress(context, asked) or Progress(text="waits its turn"))
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        comparison.stop(context, asked)
        raise
    return done
