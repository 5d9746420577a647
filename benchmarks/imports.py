"""Event files: from a file into the store, beside TensorBoard's own reader, which stores nothing.

python -m benchmarks.imports [scalars] [repetitions]

The file has 10 metrics as TensorFlow 2 writes them. TensorBoard reads it in the environment of `.peers`, without
TensorFlow, by `EventAccumulator` without limits; it gets a tenth of the scalars, as it keeps all in memory.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.fill import add_bare_run
from benchmarks.peers import PYTHON, seconds_of, spread
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.tracking.event_files import EventFile
from core.tracking.event_files.writing import write_event_file
from core.tracking.recorder import Recorder
from tests.event_writer import tensor

METRICS = 10


def main(scalars: int = 1_000_000, repetitions: int = 3) -> None:
    with tempfile.TemporaryDirectory() as folder:
        large, small = Path(folder) / "large.tfevents", Path(folder) / "small.tfevents"
        write_event_file(large, _events(scalars // METRICS))
        write_event_file(small, _events(scalars // METRICS // 10))
        workspace = Workspace.open(Settings(home=Path(folder) / "ours"))
        read = [_read(large) for _ in range(repetitions)]
        before = time.process_time()
        stored = [_stored(workspace, large) for _ in range(repetitions)]
        processor = (time.process_time() - before) / repetitions
        workspace.close()
        theirs = seconds_of(PYTHON, "benchmarks.imports_peer", small, repetitions)
    print("| event file | scalars | seconds, median | lowest to highest | scalars/s |")
    print("| --- | --- | --- | --- | --- |")
    for name, count, seconds in (
        ("`EventFile`, read", scalars, read),
        ("**`EventFile` and `Recorder`, read and stored**", scalars, stored),
        ("TensorBoard's `EventAccumulator`, read", scalars // 10, theirs),
    ):
        if isinstance(seconds, str):
            print(f"| {name} | {count:,} | {seconds} | | |")
        else:
            print(
                f"| {name} | {count:,} | {spread(seconds, '.2f')} | {count / sorted(seconds)[len(seconds) // 2]:,.0f} |"
            )

    print(f"\nReading and storing took {processor:.1f} s of processor time.")


def _events(steps: int) -> Iterator[Any]:
    for step in range(steps):
        for metric in range(METRICS):
            plugin = "" if step else "scalars"  # at the first occurrence only
            yield tensor(f"metric_{metric}", step, plugin, dtype=1, float_val=[1 / (step + metric + 1)])


def _read(path: Path) -> float:
    began, file = time.perf_counter(), EventFile(path)
    while file.read_on():
        pass
    return time.perf_counter() - began


def _stored(workspace: Workspace, path: Path) -> float:
    recorder = Recorder(workspace, add_bare_run(workspace))
    began, file = time.perf_counter(), EventFile(path)
    while found := file.read_on():
        for tag, columns in found.scalars.items():
            series = columns.copied(len(columns))
            recorder.log_series(tag, series.step, series.value, series.wall_time)
        recorder.flush()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
