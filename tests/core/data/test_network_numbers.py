"""Numbers are centred and scaled in float64, and what is undone is what was done."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.common.errors import DataError
from core.data.base import NUMBERS, Array, DataInfo, Dataset
from core.data.network_numbers import as_written, fit_target, floats, measured, scaled
from core.data.number_scaling import Numbers, TargetScaling, restored

KINDS: tuple[TargetScaling, ...] = ("none", "standard", "robust", "log")


def _data(x: Array, y: Array, kind: str = "rows", test: Array | None = None) -> Dataset:
    info = DataInfo(x.shape[1:], (), len(y), 0, task="regression", kind=kind)  # type: ignore[arg-type]
    given = {NUMBERS: x} if kind == "table" else x
    tests = y if test is None else test
    return Dataset(given, y, given, y, given, tests, info, "")


@given(
    st.floats(-1e12, 1e12),
    st.floats(1e-9, 1e9),
    st.lists(st.integers(-1000, 1000), min_size=2, max_size=40),
    st.sampled_from(["standard", "robust"]),
)
def test_targets_far_from_zero_keep_their_distances(
    middle: float, unit: float, steps: list[int], kind: TargetScaling
) -> None:
    y = middle + unit * np.array(steps, float)
    target = fit_target(y, kind)

    given = target.undo(target.apply(y))

    spread = np.ptp(y)
    resolution = np.spacing(np.abs(y).max()) * 8  # of float64 itself
    assert np.abs(given - y).max() <= spread * 1e-5 + resolution


@given(st.lists(st.floats(0, 1e15), min_size=1, max_size=30))
@example([15694768462.0, 8.730504754579654e-299, 8.730504754579654e-299])
def test_targets_of_many_sizes_keep_their_ratios_in_log(values: list[float]) -> None:
    y = np.array(values)
    target = fit_target(y, "log")
    assert target.undo(target.apply(y)) == pytest.approx(y, rel=1e-3, abs=target.unit * 1e-4)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "y", [np.full(5, 1.7e9), np.array([3.0]), np.full((4, 7), 7.0), np.array([1e-30, 2e-30]), np.array([1e149, 3e149])]
)
def test_every_target_is_scaled_to_finite_numbers_and_back(kind: TargetScaling, y: Array) -> None:
    target = fit_target(y, kind)
    if kind == "none" and y.max() > 1e38:
        return  # as it is, it is more than float32 holds
    found = target.apply(y)
    assert np.isfinite(found).all()
    assert target.undo(found) == pytest.approx(y, rel=1e-4)


def test_columns_that_float32_holds_are_left_as_they_are() -> None:
    x = np.stack([np.arange(50) * 0.1, 2000.0 + np.arange(50) % 7, np.full(50, 5.0)], axis=1)
    numbers = measured(_data(x, np.arange(50.0)), "standard")
    assert numbers.inputs is not None
    assert numbers.inputs.changed == []


@pytest.mark.parametrize("kind", ["rows", "table"])
def test_timestamps_ids_and_extreme_sizes_reach_the_network_apart(kind: str) -> None:
    steps = np.arange(60.0)
    columns = {
        "nanoseconds": 1.7e18 + steps * 1e9,
        "ids": 2.0**53 - steps,
        "seconds": 1.7e9 + steps,
        "tiny": steps * 1e-9,
        "huge": steps * 1e140,
        "plain": steps,
    }
    x = np.stack(list(columns.values()), axis=1)
    data = _data(x, steps, kind)
    numbers = measured(data, "standard")

    seen = scaled(data, numbers).x_train
    seen = seen[NUMBERS] if isinstance(seen, dict) else seen

    assert seen.dtype == np.float32
    assert numbers.inputs is not None
    assert numbers.inputs.changed == [0, 1, 2, 3, 4]
    for column in range(len(columns)):
        assert len(np.unique(seen[:, column])) == 60
        assert np.corrcoef(seen[:, column], steps)[0, 1] ** 2 == pytest.approx(1)


def test_missing_numbers_stay_missing_and_count_for_nothing() -> None:
    x = np.array([[1.7e9], [np.nan], [1.7e9 + 10]])
    data = _data(x, np.arange(3.0), "table")
    numbers = measured(data, "standard")
    found = scaled(data, numbers).x_train
    assert isinstance(found, dict)
    assert np.isnan(found[NUMBERS][:, 0]).tolist() == [False, True, False]
    assert found[NUMBERS][[0, 2], 0].tolist() == [-5, 5]


def test_what_is_stored_gives_the_same_again() -> None:
    x = np.stack([1.7e9 + np.arange(9.0), np.arange(9.0)], axis=1)
    numbers = measured(_data(x, np.arange(9.0)), "log")
    again = restored(numbers.raw())
    assert again == numbers
    assert restored(Numbers().raw()) == Numbers()


def test_a_table_without_numbers_has_nothing_to_scale() -> None:
    info = DataInfo((1,), (), 2, 0, task="regression", kind="table")
    x = {"categories": np.array([["a"], ["b"]], object)}
    data = Dataset(x, np.arange(2.0), x, np.arange(2.0), x, np.arange(2.0), info, "")
    assert scaled(data, measured(data, "standard")).x_train is not None


def test_log_of_targets_below_zero_is_refused_whatever_part_they_are_in() -> None:
    with pytest.raises(DataError, match=r"takes targets from 0 on; 1 of the test part are below, the least is -2\."):
        measured(_data(np.zeros((3, 1)), np.arange(3.0), test=np.array([1.0, -2.0])), "log")


def test_numbers_are_short_where_that_changes_nothing() -> None:
    assert floats(np.array([1, 2], np.int64)).dtype == np.float32
    assert floats(np.array([0.5, np.nan])).dtype == np.float32
    assert floats(np.array([0.1])).dtype == np.float64
    assert floats(np.array([2**53 - 1])).tolist() == [2**53 - 1]
    assert floats(np.array([1e300])).tolist() == [1e300]


def test_numbers_are_written_as_a_file_has_them() -> None:
    assert [as_written(value) for value in (float(np.float32(0.1)), 0.1, 1700000003.25, 5.0)] == [
        "0.1",
        "0.1",
        "1700000003.25",
        "5",
    ]
