"""What pages with many runs cost: queries, script runs, long curves. Prints a Markdown table.

python -m benchmarks.pages [--runs 10000] [--curves 20] [--points 10000] [--home DIR] [--repetitions 9]
"""

import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sa
import typer

from benchmarks.fill import fill
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.runs.records import RunQuery, RunState

MAIN = Path(__file__).parents[1] / "pages" / "main.py"
VIEW = RunQuery(
    states=(RunState.FINISHED, RunState.STOPPED),
    experiments=("paper", "baselines"),
    sort="metric:val_accuracy.best",
)
SEARCH = "adam learning_rate > 0.001"


def main(
    number: Annotated[int, typer.Option("--runs", help="Runs in the store.")] = 10_000,
    curves: Annotated[int, typer.Option(help="Runs with long curves, to compare.")] = 20,
    points: Annotated[int, typer.Option(help="Points of each of their metrics.")] = 10_000,
    home: Annotated[Path | None, typer.Option(help="Folder of the store; filled if it is empty, kept.")] = None,
    repetitions: Annotated[int, typer.Option(help="Measurements of each line, after one that is not counted.")] = 9,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=home or Path(folder)))
        context = Context.of_shell(workspace)
        if not runs.matching_ids(context, RunQuery()):
            fill(workspace, number, 20)
            fill(workspace, curves, points)
        total = runs.listing(context, RunQuery(limit=1)).total
        print(f"{total:,} runs; medians of {repetitions}, after one that is not counted.\n")
        print("| what | bar ms | median ms | lowest to highest | median ms of CPU time |")
        print("| --- | --- | --- | --- | --- |")
        for name, bar, task in itertools.chain(_queries(context, curves), _scripts(workspace)):
            print(_row(name, bar, [task() for _ in range(repetitions + 1)][1:]), flush=True)
        workspace.close()


def _row(name: str, bar: str, measured: list[tuple[float, float]]) -> str:
    wall, cpu = ([1000 * value for value in values] for values in zip(*measured, strict=True))
    median = statistics.median
    return f"| {name} | {bar} | {median(wall):.1f} | {min(wall):.1f} to {max(wall):.1f} | {median(cpu):.1f} |"


Measured = Callable[[], tuple[float, float]]  # seconds on the clock, and of this process's CPU time
Task = tuple[str, str, Measured]


def _queries(context: Context, curves: int) -> Iterator[Task]:
    def listed(query: RunQuery, search: str) -> Callable[[], Any]:
        def task() -> None:
            ids = [run.id for run in runs.listing(context, query, search).runs]
            runs.params(context, ids, ["training.optimizer.learning_rate", "architecture.dropout"])
            runs.summaries(context, ids, ["val_accuracy", "loss"])

        return task

    def names() -> None:
        runs.column_names(context)
        runs.all_tags(context)
        runs.experiments(context)

    longest = sorted(runs.matching_ids(context, RunQuery()))[-curves:]
    filtered = "states, experiments, text, param"
    yield (
        f"database only: page by a metric, filtered by {filtered}",
        "100",
        _statements(context.workspace, listed(VIEW, SEARCH)),
    )
    yield f"page by a metric, filtered by {filtered}", "100", _timed(listed(VIEW, SEARCH))
    yield "page by a metric, all runs", "100", _timed(listed(RunQuery(sort="metric:val_accuracy.best"), ""))
    yield "page of the newest", "100", _timed(listed(RunQuery(), ""))
    yield "names of columns, tags and experiments", "", _timed(names)
    yield (
        f"{curves} long curves, at most 1,000 points each",
        "",
        _timed(lambda: runs.histories(context, longest, ["loss"])),
    )


def _timed(task: Callable[[], Any]) -> Measured:
    def measured() -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.process_time()
        task()
        return time.perf_counter() - wall, time.process_time() - cpu

    return measured


def _statements(workspace: Workspace, task: Callable[[], Any]) -> Measured:
    """Only the time that the database takes, until the last row is there."""

    def measured() -> tuple[float, float]:
        with _traced(workspace) as statements:
            task()
        connection = workspace.database.engine.raw_connection()
        execute: Any = connection.driver_connection.execute  # type: ignore[union-attr]
        seconds = _timed(lambda: [execute(*statement).fetchall() for statement in statements])()
        connection.close()
        return seconds

    return measured


@contextmanager
def _traced(workspace: Workspace) -> Iterator[list[tuple[str, Any]]]:
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append((statement, parameters))

    engine = workspace.database.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def _scripts(workspace: Workspace) -> Iterator[Task]:
    from streamlit.testing.v1 import AppTest  # an import of seconds, after the queries are measured

    os.environ.update(workspace.settings.environment())
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.run()
    app.switch_page("runs.py").run()
    if app.exception:
        raise SystemExit(f"The Runs page failed: {app.exception[0].message}")
    yield "script run of the Runs page, newest first", "500", _timed(app.run)
    app.selectbox(key="sort").set_value(VIEW.sort)
    app.multiselect(key="state").set_value([str(state) for state in VIEW.states])
    app.multiselect(key="experiment").set_value(list(VIEW.experiments))
    app.text_input(key="search").set_value(SEARCH).run()
    yield "script run of the Runs page, by a metric, filtered the same way", "500", _timed(app.run)


if __name__ == "__main__":
    typer.run(main)
