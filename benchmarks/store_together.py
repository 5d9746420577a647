"""Eight processes that record into one SQLite file at once, and a reader that polls as a live page does.

python -m benchmarks.store_together [seconds]

A poll reads what is new of one metric of each of the eight runs. Writers store 10 metrics of 100 steps a flush: once in
0.8 s, as trainers do, or as often as they can.
"""

import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fill import add_bare_run
from core import runs
from core.settings import Settings
from core.tracking.recorder import Recorder
from core.workspace import Workspace

WRITERS, STEPS = 8, 100
METRICS = tuple(f"metric_{number}" for number in range(10))
BEAT = 0.8
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["core.runs", "core.tracking.recorder", "benchmarks.fill"])


def main(seconds: float = 10.0) -> None:
    counted = "points/s stored | lost | longest flush s | polls | median ms | 99th percentile ms | longest ms"
    print(f"| {WRITERS} writers, {seconds:.0f} s | {counted} |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, pause in (("as trainers do, every 0.8 s", BEAT), ("as often as they can", 0.0)):
        print(f"| {name} | {_row(seconds, pause)} |", flush=True)


def _row(seconds: float, pause: float) -> str:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.open(Settings(home=Path(folder)))
        ids = [add_bare_run(workspace) for _ in range(WRITERS)]
        start = _CONTEXT.Barrier(WRITERS + 1)
        processes = [_CONTEXT.Process(target=_write, args=(folder, run_id, seconds, pause, start)) for run_id in ids]
        for process in processes:
            process.start()
        start.wait(60)
        polls = _poll(workspace, ids, processes)
        for process in processes:
            process.join()
            assert process.exitcode == 0, "a writer failed"
        told = np.array([runs.get(workspace, run_id).notes.split() for run_id in ids], float)
        logged, longest = int(told[:, 0].sum()), told[:, 1].max()
        histories = runs.histories(workspace, ids, METRICS, 10**9)
        stored = sum(len(series) for series in histories.values())
        workspace.close()
    low, high = np.percentile(polls, [50, 99])
    waited = f"{len(polls)} | {low:.1f} | {high:.1f} | {max(polls):.1f}"
    return f"{stored / seconds:,.0f} | {logged - stored} | {longest:.2f} | {waited}"


def _poll(workspace: Workspace, ids: list[int], processes: list[Any]) -> list[float]:
    """Milliseconds of each poll, ten in a second, as long as somebody writes."""
    seen: dict[int, int] = {}
    polls = []
    while any(process.is_alive() for process in processes):
        started = time.perf_counter()
        for run_id in ids:
            new = runs.history(workspace, run_id, METRICS[0], seen.get(run_id))
            if len(new):
                seen[run_id] = int(new.step[-1])
        polls.append(1000 * (time.perf_counter() - started))
        time.sleep(0.1)
    return polls


def _write(home: str, run_id: int, seconds: float, pause: float, start: Any) -> None:
    workspace = Workspace.open(Settings(home=Path(home)))
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
    runs.annotate(workspace, run_id, notes=f"{step * len(METRICS)} {longest}")
    workspace.close()


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
