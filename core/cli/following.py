"""`launch --wait`: runs seen through to their end, by a supervisor of this process's own where there is none."""

import time
from collections.abc import Callable

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from core.cli.known_runs import KnownRuns, RunsHere
from core.cli.output import interrupted, print_runs
from core.cli.tables import console
from core.common.context import Context
from core.common.digits import number
from core.common.errors import StateError
from core.launch.supervisor import TICK_SECONDS, Supervisor
from db.records import RunRecord, RunState


def own_supervisor(context: Context) -> Supervisor | None:
    """This process becomes the supervisor when there is none."""
    try:
        return Supervisor(context.workspace)
    except StateError:
        return None


def follow(known: KnownRuns, run_ids: list[int], supervisor: Supervisor | None, *, quiet: bool) -> list[RunRecord]:
    """Until all have ended, with a progress bar on a terminal."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[note]}", markup=False),
    )
    show_bar = console.is_terminal and not quiet
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not show_bar) as progress:
        tasks = {run_id: progress.add_task(f"run {run_id}", total=1.0, note="queued") for run_id in run_ids}
        while True:
            if supervisor is not None:
                supervisor.tick()
            records = known.get_many(run_ids)
            for run in records:
                progress.update(tasks[run.id], completed=run.progress, note=_note(known, run, 1))
            if all(run.state.is_finished for run in records):
                break
            time.sleep(TICK_SECONDS)
    if not quiet:
        for run in records:
            console.print(f"Run {run.id} {_note(known, run, 4)}", markup=False, highlight=False)
    return records


def see_through(
    context: Context,
    queue: Callable[[Supervisor | None], list[int]],
    *,
    as_json: bool,
    then: Callable[[RunRecord], object] | None = None,
) -> int:
    """Queue runs, follow them to their end, do `then` with each and tell them; returns the process's exit code."""
    supervisor, known = own_supervisor(context), RunsHere(context)
    try:
        finished = follow(known, queue(supervisor), supervisor, quiet=as_json)
    except KeyboardInterrupt:
        return interrupted()
    finally:
        if supervisor is not None:
            supervisor.close()
    if then is not None:
        for run in finished:
            then(run)
    if as_json:
        print_runs(known, finished)
    return 0 if all(run.state is RunState.FINISHED for run in finished) else 1


_MAIN = (
    *("test_accuracy", "test_f1_micro", "test_mae"),
    *("val_accuracy", "val_f1", "val_mae", "val_loss", "loss"),
)


def _note(known: KnownRuns, run: RunRecord, most: int) -> str:
    """State, reason and the metrics that matter most, in a line."""
    values = known.summaries([run.id]).get(run.id, {})
    names = [name for name in _MAIN if name in values]
    shown = [f"{name} {number(values[name].last)}" for name in names[:most]]
    return " ".join([run.state.value, *([run.reason] if run.reason else []), *shown])
