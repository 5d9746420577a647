"""Rows of series in order, with what was done told."""

import numpy as np
import pytest

from core.common.errors import DataError
from core.data.series_grid import NUMBERS, OBSERVED, POSITION, Rows, arrange, forward

_DAY = 86_400


def rows(days: list[int], target: list[float], numbers: list[float] | None = None) -> Rows:
    features = np.array(numbers, np.float64)[:, np.newaxis] if numbers else np.empty((len(days), 0))
    return Rows(np.array(days) * _DAY, np.zeros(len(days), np.int32), np.array(target, np.float64), features)


def test_rows_are_put_in_order_and_gaps_filled_with_what_was_known() -> None:
    days = [3, 0, 1, 2, 4, 7, 8, 9, 10]
    made = arrange(rows(days, [float(day) for day in days]), [""], dated=True, ahead=False)
    assert made.raw.y_train.tolist() == [0, 1, 2, 3, 4, 4, 4, 7, 8, 9, 10]
    assert np.flatnonzero(~made.raw.x_train[OBSERVED]).tolist() == [5, 6]
    assert made.notes[0] == "The times are daily."
    assert made.notes[1].startswith("2 times without a value are filled with the value before")


def test_a_time_that_is_there_twice_has_the_mean_of_both() -> None:
    days = list(range(30))
    made = arrange(rows([*days, 7], [*map(float, days), 9.0]), [""], dated=True, ahead=False)
    assert made.raw.y_train[7] == 8
    assert any(note.startswith("1 row at a time that is there already") for note in made.notes)


def test_many_times_that_are_there_twice_are_a_question() -> None:
    days = list(range(30))
    with pytest.raises(DataError, match="which column tells them apart"):
        arrange(rows([*days, *days], [1.0] * 60), [""], dated=True, ahead=False)


def test_rows_behind_the_last_target_stay_where_they_say_what_is_known_ahead() -> None:
    days = list(range(12))
    target = [*map(float, range(10)), np.nan, np.nan]
    given = rows(days, target, [float(day) for day in days])
    kept = arrange(given, [""], dated=True, ahead=True)
    assert len(kept.raw.y_train) == 12
    assert np.isnan(kept.raw.y_train[10:]).all()
    assert kept.raw.x_train[NUMBERS][11, 0] == 11
    assert kept.spans == ((0, 10),)
    assert len(arrange(given, [""], dated=True, ahead=False).raw.y_train) == 10


def test_irregular_times_keep_their_rows() -> None:
    times = np.cumsum(np.random.default_rng(1).integers(1, 90_000, 40))
    made = arrange(
        Rows(times, np.zeros(40, np.int32), np.arange(40.0), np.empty((40, 0))), [""], dated=True, ahead=False
    )
    assert made.raw.x_train[POSITION].tolist() == list(range(40))
    assert "irregular" in made.notes[0]


def test_what_was_known_goes_on_until_something_new_is() -> None:
    nan = np.nan
    values = np.array([[nan, nan], [1, nan], [nan, nan], [3, nan]])
    np.testing.assert_array_equal(forward(values), [[nan, nan], [1, nan], [1, nan], [3, nan]])
    np.testing.assert_array_equal(forward(values, back=True), [[1, 0], [1, 0], [1, 0], [3, 0]])
