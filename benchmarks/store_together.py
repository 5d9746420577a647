"""Eight processes that record into one SQLite file at once, and a reader that polls as a live page does.

python -m benchmarks.store_together [repetitions] [seconds]

A poll reads what is new of one metric of each of the eight runs; there are up to fifty a second, so that a 99th
percentile is of hundreds. Writers store 10 metrics of 100 steps a flush: once in 0.8 s, as trainers do, or as often as
they can.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fill import add_bare_run
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.tracking.recorder import Recorder

WRITERS, STEPS = 8, 100
METRICS = tuple(f"metric_{number}" for number in range(10))
BEAT = 0.8
PAUSE = 0.02  # between two polls
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["core.runs", "core.tracking.recorder", "benchmarks.fill"])


@dataclass(frozen=True)
class Round:
    rate: float  # points stored in a second
    lost: int
    flush: float  # seconds of the longest
    polls: list[float]  # milliseconds


def main(repetitions: int = 3, seconds: float = 10.0) -> None:
    counted = "points/s stored | lost | longest flush s | polls | median ms | 99th percentile ms | longest ms"
    print(f"| {WRITERS} writers, {repetitions} times {seconds:.0f} s | {counted} |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, pause in (("as trainers do, every 0.8 s", BEAT), ("as often as they can", 0.0)):
        print(f"| {name} | {_row([_round(seconds, pause) for _ in range(repetitions)])} |", flush=True)


def _row(rounds: list[Round]) -> str:
    """Medians of the rounds, lowest to highest in brackets."""
    low, high = ([float(np.percentile(each.polls, share)) for each in rounds] for share in (50, 99))
    cells = (
        _spread([each.rate for each in rounds], ",.0f"),
        str(sum(each.lost for each in rounds)),
        _spread([each.flush for each in rounds], ".2f"),
        _spread([len(each.polls) for each in rounds], ",.0f"),
        _spread(low, ".1f"),
        _spread(high, ".1f"),
        _spread([max(each.polls) for each in rounds], ".1f"),
    )
    return " | ".join(cells)


def _spread(values: Sequence[float], form: str) -> str:
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def _round(seconds: float, pause: float) -> Round:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder)))
        context = Context.of_shell(workspace)
        ids = [add_bare_run(workspace) for _ in range(WRITERS)]
        start = _CONTEXT.Barrier(WRITERS + 1)
        processes = [_CONTEXT.Process(target=_write, args=(folder, run_id, seconds, pause, start)) for run_id in ids]
        for process in processes:
            process.start()
        start.wait(60)
        polls = _poll(context, ids, processes)
        for process in processes:
            process.join()
            assert process.exitcode == 0, "a writer failed"
        told = np.array([runs.get(context, run_id).notes.split() for run_id in ids], float)
        histories = runs.histories(context, ids, METRICS, 10**9)
        stored = sum(len(series) for series in histories.values())
        workspace.close()
    return Round(stored / seconds, int(told[:, 0].sum()) - stored, told[:, 1].max(), polls)


def _poll(context: Context, ids: list[int], processes: list[Any]) -> list[float]:
    """Milliseconds of each poll, as long as somebody writes."""
    seen: dict[int, int] = {}
    polls = []
    while any(process.is_alive() for process in processes):
        started = time.perf_counter()
        for run_id in ids:
            new = runs.history(context, run_id, METRICS[0], seen.get(run_id))
            if len(new):
                seen[run_id] = int(new.step[-1])
        polls.append(1000 * (time.perf_counter() - started))
        time.sleep(PAUSE)
    return polls


def _write(home: str, run_id: int, seconds: float, pause: float, start: Any) -> None:
    workspace = Workspace.open(Settings(home=Path(home)))
    context = Context.of_shell(workspace)
    recorder = Recorder(workspace, run_id)
    start.wait(60)
    end, step, longest = time.monotonic() + seconds, 0, 0.0
    while time.monotonic() < end:
        for _ in range(STEPS):
            recorder.log(dict.fromkeys(METRICS, float(step)), step)
            step += 1
        flushed = time.monotonic()
        recorder.flush()
        longest = max(longest, time.monotonic() - flushed)
        time.sleep(pause)
    runs.annotate(context, run_id, notes=f"{step * len(METRICS)} {longest}")
    workspace.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *map(float, sys.argv[2:3]))
