"""What an export gives beside the original: parity, its main figure on the test set, flips, size, latency, memory."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.common.errors import TraindeckError
from core.common.settings import PROJECT_ROOT
from core.data.data_info import Array, DataInfo, Examples
from core.data.number_scaling import Numbers, restored
from core.export import measuring
from core.inference.decisions import decided, two_columns
from core.models.exports import Measured
from core.models.version_manifest import Manifest


class LateError(TraindeckError):
    """The exported network works, and is too slow to be compared on this host."""


PARITY = 1000  # examples
_SECONDS = 600.0  # for the process that measures
_SHOWN = 300  # characters of what it says when it fails


@dataclass(frozen=True)
class Asked:
    """What the two are compared on: raw examples, and the original's outputs, scaled as the network gives them."""

    x: Examples
    outputs: Array
    y: Array | None = None  # of test examples, in their own unit; what comes after those is compared alone


def in_own_process(folder: Path, x: Examples, scratch: Path, heed: Callable[[str], object]) -> dict[str, Any]:
    """Outputs [examples, …] and memory, with all threads; times with one and with all. Raises TraindeckError."""
    inputs = scratch / "inputs.npz"
    measuring.save(inputs, x)
    found: dict[str, Any] = {}
    for name, threads in (("one", 1), ("all", 0)):
        heed(f"measuring it with {name} thread{'s' if name == 'all' else ''}")
        result = scratch / f"{name}.npz"
        _run(str(folder), str(inputs), str(result), str(threads))
        with np.load(result) as stored:
            found |= {f"{name}_{key}": float(stored[key]) for key in stored.files if key.startswith("batch_")}
            if threads:
                found |= {key: float(stored[key]) for key in ("millijoules", "waited") if key in stored.files}
            if not threads:
                found |= {"outputs": stored["outputs"], "memory_mb": float(stored["memory_mb"])}
    return found


def _run(*arguments: str) -> None:
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-m", "core.export.measuring", *arguments, str(os.getpid())]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise LateError(
            f"The exported network did not answer the examples that it is compared on within {_SECONDS:g} s, and was "
            "not kept. Export it again when this host is less busy, or in another format."
        ) from error
    if done.returncode:
        told = done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"]
        raise TraindeckError(f"The exported network cannot be asked: {told[-1][:_SHOWN]}.")


def compared(manifest: Manifest, asked: Asked, found: dict[str, Any], tolerance: float | None, size: int) -> Measured:
    """What came of it."""
    numbers = restored(manifest.numbers) if manifest.numbers else Numbers()
    given: Array = found["outputs"]
    tested = len(given) if asked.y is None else len(asked.y)
    values: dict[str, Any] = {}
    if asked.y is not None and given.shape == asked.outputs.shape:
        own, original = (numbers.of_outputs(each[:tested]) for each in (given, asked.outputs))
        metric, value = figure(manifest, own, asked.y)
        values = {"metric": metric, "value": value, "original": figure(manifest, original, asked.y)[1]}
        values["flips"] = flips(manifest, own, original)
        before, after = (_right(manifest, each, asked.y) for each in (original, own))
        if values["flips"] is not None and before is not None and after is not None:
            values |= {"gained": int((after & ~before).sum()), "lost": int((before & ~after).sum())}
    return Measured(
        examples=min(tested, len(given)),
        of="made" if asked.y is None else "test",
        difference=max(
            _difference(asked.outputs[some], given[some], manifest.info, numbers)
            for some in (slice(0, min(tested, PARITY)), slice(tested, None))
        ),
        tolerance=tolerance,
        size=size,
        latency={name: value for name, value in found.items() if "_batch_" in name},
        memory_mb=found["memory_mb"],
        millijoules=found.get("millijoules"),
        waited=found.get("waited"),
        **values,
    )


def _difference(original: Array, given: Array, info: DataInfo, numbers: Numbers) -> float:
    """Infinite where one is a number and the other is none."""
    if original.shape != given.shape or not np.array_equal(np.isfinite(original), np.isfinite(given)):
        return float("inf")
    finite = np.isfinite(original)
    if not finite.any():
        return 0.0
    apart = float(np.abs(original[finite].astype(np.float64) - given[finite]).max())
    scaled = numbers.target is not None and numbers.target.kind != "none"
    unit = float(original[finite].std()) if info.predicts_numbers and not scaled else 1.0
    return apart / (unit or 1.0)


def figure(manifest: Manifest, outputs: Array, y: Array) -> tuple[str, float]:
    """The main figure of outputs in their own unit: its name, and its value."""
    right = _right(manifest, outputs, y)
    if right is None:
        return "mae", float(np.abs(outputs.reshape(y.shape) - y).mean())
    names = {"multilabel": "subset accuracy", "generation": "token accuracy"}
    return names.get(manifest.info.task, "accuracy"), float(right.mean())


def _right(manifest: Manifest, outputs: Array, y: Array) -> NDArray[np.bool_] | None:
    """Which examples, or tokens, are answered rightly; None of numbers."""
    info = manifest.info
    if info.task == "multilabel":
        return np.asarray(((outputs > np.array(manifest.levels)) == (y > 0)).all(axis=1))
    if info.is_classification:
        return np.asarray(decided(two_columns(outputs), manifest.threshold) == y)
    return np.asarray(outputs.argmax(axis=-1) == y) if info.task == "generation" else None


def flips(manifest: Manifest, outputs: Array, original: Array) -> int | None:
    """None of numbers, which do not flip."""
    if manifest.info.task == "multilabel":
        levels = np.array(manifest.levels)
        return int(((outputs > levels) != (original > levels)).any(axis=1).sum())
    if not manifest.info.is_classification:
        return None
    one, other = (decided(two_columns(each), manifest.threshold) for each in (outputs, original))
    return int((one != other).sum())
