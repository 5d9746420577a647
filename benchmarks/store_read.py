"""Reading one metric of many long runs for a chart, ours and other tools', each time in a new process.

python -m benchmarks.store_read [--home FOLDER] [--repetitions 5]

100 runs of 10,000 points. A repetition is a new process that opens the store and then reads once; only the reading is
timed. The operating system has the files in memory. Ours and Trackio's return at most 1,000 points a run. --home keeps
the stores, which take longer to fill than to read.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.fill import add_bare_run
from benchmarks.peers import PYTHON, seconds_of, spread
from benchmarks.store_peers import READ, values
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.runs.records import RunQuery
from core.tracking.recorder import Recorder

RUNS, POINTS = 100, 10_000
_NAMES = {
    "mlflow": "MLflow client, `get_metric_history`, all points",
    "tensorboard": "TensorBoard `EventAccumulator`, all points",
    "trackio": "Trackio's storage, `get_logs`, at most 1,000 points (every n-th)",
}


def main(
    home: Annotated[Path | None, typer.Option(help="Folder of the stores; filled where it is empty, kept.")] = None,
    repetitions: Annotated[int, typer.Option(help="New processes of each line; at most 3 of other tools.")] = 5,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measured = _measured((home or Path(folder)).absolute(), repetitions)
    print(
        f"| reading a metric of {RUNS} runs of {POINTS:,} points | s, median | lowest to highest | ours is faster by |"
    )
    print("| --- | --- | --- | --- |")
    ours = next(iter(measured.values()))
    for name, seconds in measured.items():
        if isinstance(seconds, str) or isinstance(ours, str):
            print(f"| {name} | {seconds} | | |")
            continue
        ratio = statistics.median(seconds) / statistics.median(ours)
        print(f"| {name} | {spread(seconds, '.3f')} | {ratio:.1f} |")


def _measured(folder: Path, repetitions: int) -> dict[str, list[float] | str]:
    home = folder / "ours"
    if not home.exists():
        _fill(home)
    found: dict[str, list[float] | str] = {}
    for name, most in (
        ("**Traindeck, at most 1,000 points, extremes kept**", 1000),
        ("Traindeck, all points", 10**9),
    ):
        found[name] = _repeated(sys.executable, "benchmarks.store_read", repetitions, "once", home, most)
    for peer in READ:
        arguments = ("read", peer, folder / peer, RUNS, POINTS)
        if not (folder / peer).exists():
            (folder / peer).mkdir()
            seconds_of(PYTHON, "benchmarks.store_peers", *arguments)  # fills its store
        found[_NAMES[peer]] = _repeated(PYTHON, "benchmarks.store_peers", min(3, repetitions), *arguments)
    return found


def _repeated(python: Path | str, module: str, repetitions: int, *arguments: object) -> list[float] | str:
    measured: list[float] = []
    for _ in range(repetitions):
        found = seconds_of(python, module, *arguments)
        if isinstance(found, str):
            return found
        measured += found
    return measured


def _fill(home: Path) -> None:
    workspace = Workspace.open(Settings(home=home))
    column = [value for (value,) in values(POINTS, 1)]
    for _ in range(RUNS):
        recorder = Recorder(workspace, add_bare_run(workspace))
        for first in range(0, POINTS, 700):  # as a trainer stores them, about once a second
            steps = range(first, min(POINTS, first + 700))
            recorder.log_series("loss", steps, column[first : first + 700], [float(step) for step in steps])
            recorder.flush()
    workspace.close()


def once(home: str, most: str) -> None:
    workspace = Workspace.open(Settings(home=Path(home)))
    context = Context.of_shell(workspace)
    ids = runs.matching_ids(context, RunQuery())
    started = time.perf_counter()
    found = runs.histories(context, ids, ["loss"], int(most))
    seconds = time.perf_counter() - started
    assert len(found) == RUNS
    assert all(len(series) >= 500 for series in found.values())
    print(json.dumps([seconds]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["once"]:
        once(*sys.argv[2:])
    else:
        typer.run(main)
