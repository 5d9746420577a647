import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.tracking.downsampling import EMPTY, downsample, extended, stride
from db.records import Series

VALUES = arrays(np.float64, st.integers(0, 400), elements=st.floats(allow_nan=True, allow_infinity=True, width=32))


def series(value: Any, step: Any = None) -> Series:
    steps: Any = np.arange(len(value), dtype=np.int64) if step is None else step
    return Series(steps, value, steps * 0.5)


@given(VALUES, st.integers(5, 60))
def test_the_result_is_some_of_the_points_in_order_and_within_the_limit(value: np.ndarray, limit: int) -> None:
    found = downsample(series(value), limit)

    assert len(found) <= limit
    assert (np.diff(found.step) > 0).all()
    np.testing.assert_array_equal(found.value, value[found.step])
    np.testing.assert_array_equal(found.wall_time, found.step * 0.5)


@given(VALUES.filter(lambda value: len(value) > 0), st.integers(5, 60))
def test_both_ends_the_extremes_and_a_gap_are_kept(value: np.ndarray, limit: int) -> None:
    found = downsample(series(value), limit)

    assert (found.step[0], found.step[-1]) == (0, len(value) - 1)
    assert np.isnan(found.value).any() == np.isnan(value).any()
    if not np.isnan(value).all():
        assert np.nanmin(found.value) == np.nanmin(value)
        assert np.nanmax(found.value) == np.nanmax(value)


def test_a_short_series_stays_as_it_is() -> None:
    whole = series(np.arange(1000.0))

    assert downsample(whole, 1000) is whole


@given(st.lists(VALUES, max_size=6), st.integers(5, 60))
def test_a_curve_is_the_same_however_its_points_came(parts: list[np.ndarray], limit: int) -> None:
    whole = np.concatenate([*parts, np.empty(0)])
    curve = EMPTY
    for part in parts:
        steps: Any = np.arange(curve.count, curve.count + len(part))
        curve = extended(curve, Series(steps, part, steps * 0.5), limit)

    expected = downsample(series(whole), limit)
    assert (curve.count, curve.place.tolist()) == (len(whole), expected.step.tolist())
    np.testing.assert_array_equal(curve.points.step, expected.step)
    np.testing.assert_array_equal(curve.points.value, expected.value)


@given(st.integers(0, 10**7), st.integers(1, 1000))
def test_a_stride_is_the_least_power_of_two_that_gives_few_enough_parts(count: int, most: int) -> None:
    found = stride(count, most)

    assert -(-count // found) <= most
    assert found == 1 or -(-count // (found // 2)) > most


def test_a_single_peak_among_many_points_survives_at_its_own_step() -> None:
    value = np.zeros(100_000)
    value[54_321] = 1.0

    found = downsample(series(value, np.arange(100_000) * 7), 1000)

    assert found.step[found.value == 1.0].tolist() == [54_321 * 7]


def test_a_gap_is_still_between_the_points_beside_it() -> None:
    value = np.linspace(0, 1, 10_000)
    value[5_000:5_100] = math.nan

    found = downsample(series(value), 300)

    gap = np.flatnonzero(np.isnan(found.value))
    assert 0 < gap[0] <= gap[-1] < len(found) - 1
    assert found.step[gap[0] - 1] < 5_000 <= found.step[gap[0]]
    assert found.step[gap[-1]] < 5_100


def test_steps_past_32_bits_and_uneven_ones_stay_exact() -> None:
    step = np.array([0, 1, 2**40, 2**40 + 1, 2**62, 2**62 + 1, 2**62 + 2])

    assert set(downsample(series(np.arange(7.0), step), 5).step) <= set(step)


def test_too_few_points_to_keep_the_promise_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 5 points; received max_points=4"):
        downsample(series(np.arange(10.0)), 4)
