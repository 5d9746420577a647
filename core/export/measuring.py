"""What an exported network gives, and how fast: in a process of its own, where nothing else is loaded.

`python -m core.export.measuring FOLDER INPUTS RESULT THREADS PARENT`: inputs are a file of numpy's with raw examples;
the result gets times in milliseconds, and with all threads (0) the outputs. It ends with the process PARENT.
"""

import contextlib
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from core.data.data_info import Array, Examples
from core.data.examples import count, take
from core.inference.model import Model
from core.system.energy import Meter
from core.system.process import end_with

ALONE = "x"  # name of the array where examples are no dict
_BATCHES = (1, 32)
_WARM_UP, _CALLS, _SECONDS = 3, 100, 1.0  # calls before and within a measurement, and how long it may last
_MB = 1024


def save(path: Path, x: Examples) -> None:
    """Raises OSError."""
    arrays: dict[str, Any] = {name: _plain(each) for name, each in (x if isinstance(x, dict) else {ALONE: x}).items()}
    np.savez(path, **arrays)


def _plain(array: Array) -> Array:
    return array.astype(str) if array.dtype.kind == "O" else array


def _read(path: Path) -> Examples:
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return arrays[ALONE] if list(arrays) == [ALONE] else arrays


def measure(model: Model, x: Examples) -> dict[str, float]:
    """Milliseconds of a call with so many examples, by name; the examples are taken again where there are fewer.

    Where the host tells it, also `millijoules` of an example of the largest batch. `waited`: the share of the time in
    which this thread waited for a processor, or for others of its threads.
    """
    found: dict[str, float] = {}
    worked = began = 0.0
    for size in _BATCHES:
        part = take(x, np.arange(size) % count(x))
        for _ in range(_WARM_UP):
            model.outputs(part)
        times: list[float] = []
        end, meter = time.monotonic() + _SECONDS, Meter()
        start_all, start_own = time.perf_counter(), time.thread_time()
        while len(times) < _CALLS and time.monotonic() < end:
            start = time.perf_counter()
            model.outputs(part)
            times.append(1000 * (time.perf_counter() - start))
        worked, began = worked + time.thread_time() - start_own, began + time.perf_counter() - start_all
        if (used := meter.joules()) is not None:
            found["millijoules"] = 1000 * used / (len(times) * size)
        found |= {f"batch_{size}_p50": float(np.median(times)), f"batch_{size}_p95": float(np.percentile(times, 95))}
    return found | {"waited": max(0.0, 1 - worked / began)}


def main(folder: str, inputs: str, result: str, threads: str, parent: str) -> None:
    end_with(int(parent))
    x = _read(Path(inputs))
    model = Model(folder, int(threads) or None)
    found: dict[str, Any] = {} if int(threads) else {"outputs": model.outputs(x)}  # of one thread they are the same
    found |= {name: np.float64(each) for name, each in measure(model, x).items()}
    np.savez(result, memory_mb=np.float64(_peak_mb()), **found)


def _peak_mb() -> float:
    """The most memory that this program had; Linux's maxrss counts that of whoever started it, too."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / _MB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB


if __name__ == "__main__":
    main(*sys.argv[1:])
