"""`importance` and `worst`: what a run's best network goes by over its test set, and where it errs most."""

from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer

from core import runs
from core.cli.output import Csv, Json, print_json
from core.cli.shell import shell_context
from core.cli.tables import console, print_table
from core.cli.waiting import told_on_terminal, waited
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quantity
from core.jobs import importance as importance_job
from core.jobs.explanation_told import named
from core.jobs.importance import Importance
from core.jobs.prediction import PredictionError, not_ready
from core.system.hosts import living_supervisor
from db.records import RunRecord


def importance(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's number, uid or name.")],
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """What a run's network goes by over its test set: features that are shuffled, words that are left out, or places
    of pictures that are covered, of all and of each class. Needs no dashboard.
    """
    context = shell_context()
    chosen = runs.find(context, run)
    done = importance_job.found(context, chosen) or _found_out(context, chosen, quiet=as_json or as_csv)
    if done.problem:
        raise PredictionError(done.problem)
    if as_json:
        print_json({"run": chosen.id, **done.model_dump(mode="json", exclude={"problem"})})
    elif done.features:
        _features(done, as_csv=as_csv)
    elif done.regions:
        _regions(done, as_csv=as_csv)
    else:
        _words(done, as_csv=as_csv)


def worst(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's number, uid or name.")],
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """The groups of test examples in which a run's network errs more than chance explains."""
    from core.evaluation.slices import slices_of_run, told  # SciPy and pandas, which other commands need not wait for

    context = shell_context()
    chosen = runs.find(context, run)
    done = slices_of_run(context.workspace.settings, chosen.id)
    if as_json:
        print_json({"run": chosen.id, **(asdict(done) if done else {"rows": []})})
        return
    if done is None:
        raise NotFoundError(
            f"Run {chosen.id} has no groups: its test examples are all right, all wrong, few, or parts of "
            "one text or series."
        )
    rows = [
        [each.what, each.examples, each.wrong, each.share, each.low, each.high, each.elsewhere, each.p]
        for each in done.rows
    ]
    if rows or as_csv:
        print_table(["group", "examples", "wrong", "share", "from", "to", "elsewhere", "p"], rows, as_csv=as_csv)
    if not as_csv:
        _say(told(done))


def _found_out(context: Context, run: RunRecord, *, quiet: bool) -> Importance:
    """By a supervisor's process, or in this one where there is none. Raises PredictionError."""
    if problem := not_ready(context, run):
        raise PredictionError(problem)
    with told_on_terminal(quiet=quiet) as say:
        if living_supervisor(context.workspace):
            importance_job.ask(context, run)
            about = partial(importance_job.found, context, run), partial(importance_job.is_asked, context, run)
            then = partial(importance_job.progress, context, run), partial(importance_job.stop, context, run)
            return waited(*about, *then, say)
        from core.cli.jobs_here import done_here

        return done_here(context, importance_job.KIND, importance_job.Wanted(run=run.id), told=say)


def _say(text: str) -> None:
    console.print(text, style="dim", markup=False, highlight=False)


def _features(done: Importance, *, as_csv: bool) -> None:
    of_class = [f"recall of {name}" for name in done.classes] if len(done.classes) > 1 else []
    rows = [[each.name, each.fall, each.error, *(each.by_class if of_class else ())] for each in done.features]
    moves = "fall" if done.score == "accuracy" else "rise"
    print_table(["feature", moves, "standard error", *of_class], rows, as_csv=as_csv)
    if not as_csv:
        _say(
            f"By how much the {done.score} of {quantity(done.value or 0.0, 4)} gets worse when a feature is shuffled "
            f"among {done.rows:,} test rows. --json has what the answer does over each feature's values."
        )


def _words(done: Importance, *, as_csv: bool) -> None:
    rows = [
        [each.name, side, named(word.text), -word.value, -word.high, -word.low, word.texts]
        for each in done.words
        for side, words in (("for", each.speaks_for), ("against", each.against))
        for word in words
    ]
    print_table(["class", "speaks", "word", "without it", "from", "to", "texts"], rows, as_csv=as_csv)
    if not as_csv:
        _say(
            f"What the answer changes by without a word, in the mean over those of {done.rows:,} test texts that have "
            f"it, with intervals of 95 % for all {done.looked:,} words in {done.least} texts or more together. Words "
            "whose interval holds 0 are not listed."
        )


def _regions(done: Importance, *, as_csv: bool) -> None:
    """Where each class has its most: the whole maps are for programs."""
    rows = []
    for each in done.regions:
        cells = [
            (value, row + 1, column + 1) for row, line in enumerate(each.heat) for column, value in enumerate(line)
        ]
        value, row, column = max(cells)
        size = f"{len(each.heat)} x {len(each.heat[0])}"
        rows.append([each.name, each.pictures, row, column, size, value])
    print_table(["class", "pictures", "row", "column", "of", "loses there"], rows, as_csv=as_csv)
    if not as_csv:
        _say(
            "The place whose covering costs the class most, in the mean over test pictures of it; 0 where no place "
            "surely does. --json has the maps."
        )
