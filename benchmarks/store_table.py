"""The runs table's queries: one page for each way to sort and to filter, with the total.

python -m benchmarks.store_table [--runs 10000] [--home DIR] [--repetitions 5]

Filling 10,000 runs takes half a minute, 100,000 one and a half; --home keeps them.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.fill import fill
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.runs.records import RunQuery, RunState

NARROWED = {"states": (RunState.FINISHED, RunState.STOPPED), "experiments": ("paper", "baselines")}
SORTS = (
    *("created_at", "name", "state", "preset", "experiment", "finished_at", "duration", "dataset"),
    *("param:training.epochs", "param:training.optimizer.name", "metric:val_accuracy.best", "metric:loss.min"),
)
SEARCHES = (
    *("adam", "not adam", "epochs > 50", "val_accuracy.best > 0.9", "loss.min < 0.3", "tag = best", "user = ada"),
    *("adam learning_rate > 0.001", "adam or sgd", "epochs != 50", "epochs is missing", "loss != 0.3"),
    *("loss is missing", "tag != best", "tag is missing", "notes is missing", "notes ~ warm-up", "name ~ mlp"),
    *("name != x", "dataset = digits", "dataset != digits", "user != ada", "state != failed"),
    *("created > 2023-12-01", "duration > 2min"),
)


def main(
    number: Annotated[int, typer.Option("--runs", help="Runs in the store.")] = 10_000,
    home: Annotated[Path | None, typer.Option(help="Folder of the store; filled if it is empty, kept.")] = None,
    repetitions: Annotated[int, typer.Option(help="Measurements of each line, after one that is not counted.")] = 5,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=home or Path(folder)))
        context = Context.of_shell(workspace)
        if not runs.listing(context, RunQuery(limit=1)).total:
            fill(workspace, number, 20)
        total = runs.listing(context, RunQuery(limit=1)).total
        print(f"{total:,} runs, 50 a page; medians of {repetitions}, after one that is not counted.\n")
        print("| sorted by | search | all runs: ms (lowest to highest) | two states, two experiments: ms |")
        print("| --- | --- | --- | --- |")
        slowest = 0.0
        cases = [*((sort, "") for sort in SORTS), *(("metric:val_accuracy.best", search) for search in SEARCHES)]
        for sort, search in cases:
            both = [_measured(context, query, search, repetitions) for query in _queries(sort)]
            slowest = max(slowest, *(statistics.median(values) for values in both))
            print(f"| {sort} | {search} | {' | '.join(map(_cell, both))} |", flush=True)
        print(f"\nThe slowest: {slowest:.0f} ms.")
        workspace.close()


def _queries(sort: str) -> tuple[RunQuery, RunQuery]:
    return RunQuery(sort=sort), RunQuery(sort=sort, **NARROWED)  # type: ignore[arg-type]


def _measured(context: Context, query: RunQuery, search: str, repetitions: int) -> list[float]:
    measured = []
    for _ in range(repetitions + 1):
        started = time.perf_counter()
        runs.listing(context, query, search)
        measured.append(1000 * (time.perf_counter() - started))
    return measured[1:]


def _cell(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


if __name__ == "__main__":
    typer.run(main)
