"""An export is compared with its original: how far apart, and what that changes."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.common.settings import PROJECT_ROOT
from core.data.data_info import Array, DataInfo
from core.data.number_scaling import Numbers, Target
from core.export import comparing
from core.export.asked_examples import instances, made
from core.export.comparing import Asked, compared
from core.models.exports import Measured
from core.models.version_manifest import Manifest

INFO = DataInfo((2,), ("no", "yes"), 10, 4, task="binary")
ORIGINAL = np.array([[0.1], [0.4], [0.6], [0.9]], np.float32)
Y = np.array([0, 1, 1, 1])


def measured(manifest: Manifest, given: Array, y: Array | None = Y, original: Array = ORIGINAL) -> Measured:
    asked = Asked(np.zeros((len(given), 2)), original, y)
    found: dict[str, Any] = {"outputs": given, "memory_mb": 60.0, "one_batch_1_p50": 0.02}
    return compared(manifest, asked, found, 1e-5, 1000)


def test_answers_that_moved_past_the_tolerance_do_not_pass_and_flips_are_counted() -> None:
    known = Manifest(info=INFO, stored_shape=(2,))
    same = measured(known, ORIGINAL.copy())
    assert (same.passed, same.difference, same.metric, same.value, same.flips) == (True, 0.0, "accuracy", 0.75, 0)
    moved = measured(known, ORIGINAL + np.float32(0.2))
    assert not moved.passed
    assert moved.difference == pytest.approx(0.2)
    assert (moved.value, moved.original, moved.flips) == (1.0, 0.75, 1)
    by_threshold = measured(known.model_copy(update={"threshold": 0.3}), ORIGINAL)
    assert (by_threshold.value, by_threshold.flips) == (1.0, 0)
    assert measured(known, ORIGINAL, y=None).of == "made"


def test_what_no_test_example_has_is_compared_and_not_counted() -> None:
    known = Manifest(info=INFO, stored_shape=(2,))
    odd = np.concatenate([ORIGINAL, ORIGINAL])
    found = measured(known, odd, original=odd)
    assert (found.passed, found.examples, found.value, found.flips) == (True, 4, 0.75, 0)
    found = measured(known, np.concatenate([ORIGINAL, ORIGINAL + np.float32(0.2)]), original=odd)
    assert (found.passed, found.value, found.flips) == (False, 0.75, 0)


@pytest.mark.parametrize("given", [np.full((4, 1), np.nan, np.float32), ORIGINAL[:3]])
def test_what_is_no_number_or_too_few_never_passes(given: Array) -> None:
    y = Y[: len(given)]
    known = Manifest(info=replace(INFO, task="regression", class_names=()), stored_shape=(2,))
    found = measured(known, given, y=y, original=ORIGINAL[: len(y)] if len(y) == 4 else np.ones((4, 1), np.float32))
    assert not found.passed


def test_numbers_are_compared_in_deviations_of_the_target_and_told_in_its_unit() -> None:
    numbers = Numbers(target=Target("standard", 100.0, 10.0))
    info = replace(INFO, task="regression", class_names=())
    known = Manifest(info=info, stored_shape=(2,), numbers=numbers.raw())
    found = measured(known, ORIGINAL + np.float32(0.5), y=numbers.of_outputs(ORIGINAL).reshape(-1))
    assert found.difference == pytest.approx(0.5)
    assert (found.metric, found.flips) == ("mae", None)
    assert [found.value, found.original] == pytest.approx([5.0, 0.0], rel=1e-5, abs=1e-5)


@pytest.mark.parametrize(
    "info",
    [
        DataInfo((4, 4, 1), ("a", "b"), 1, 1, kind="image"),
        DataInfo((6,), ("a", "b"), 1, 1, kind="text", vocabulary=9),
        DataInfo((3,), ("a", "b"), 1, 1, kind="rows"),
    ],
    ids=lambda info: info.kind,
)
def test_examples_are_made_where_the_data_are_gone(info: DataInfo) -> None:
    x = made(Manifest(info=info, stored_shape=info.shape), Numbers())
    assert not isinstance(x, dict)
    assert x.shape[1:] == info.shape
    assert len(instances(info, x, None, None)) == 6


def test_an_export_that_is_too_slow_to_be_compared_is_not_called_impossible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "_SECONDS", 0.01)
    with pytest.raises(comparing.LateError, match=r"within 0\.01 s, and was not kept\. Export it again when"):
        comparing.in_own_process(tmp_path, np.zeros((2, 2)), tmp_path, lambda _: None)


def test_what_measures_ends_with_the_process_that_asked_for_it() -> None:
    """Of which it is told the number: where its parent is another one by then, that process is gone."""
    command = [sys.executable, "-m", "core.export.measuring", "folder", "inputs", "result", "1", str(os.getppid())]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (1, "")
