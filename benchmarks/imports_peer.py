"""Run in the environment of `.peers` by benchmarks/imports.py: TensorBoard reads an event file; seconds as JSON."""

import json
import sys
import time
from importlib import import_module


def main(path: str, repetitions: int) -> None:
    accumulator = import_module("tensorboard.backend.event_processing.event_accumulator").EventAccumulator
    seconds = []
    for _ in range(repetitions):
        began = time.perf_counter()
        accumulator(path, size_guidance={"scalars": 0, "tensors": 0}).Reload()
        seconds.append(time.perf_counter() - began)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
