"""How often times come, and where they lie."""

import numpy as np
import pytest

from core.data.base import Array
from core.data.series_facts import Frequency
from core.data.series_times import (
    IRREGULAR,
    NAMED,
    calendar,
    calendar_of,
    frequency_of,
    lengths_of,
    positions_of,
    season_of,
    times_of,
    told,
)


def seconds(*texts: str) -> Array:
    return np.array(texts, "datetime64[s]").astype(np.int64)


def every(start: str, step: int, unit: str, count: int) -> Array:
    numbers: Array = np.datetime64(start).astype(f"datetime64[{unit}]").astype(np.int64) + np.arange(count) * step
    return np.asarray(numbers.astype(f"datetime64[{unit}]").astype("datetime64[s]").astype(np.int64))


@pytest.mark.parametrize(
    ("times", "name"),
    [
        (every("2024-01-01T00:00", 1, "h", 50), "hourly"),
        (every("2024-01-01", 1, "D", 50), "daily"),
        (every("2024-01-01", 7, "D", 50), "weekly"),
        (every("2024-01", 1, "M", 30), "monthly"),
        (every("2024-01", 3, "M", 12), "quarterly"),
        (every("1950", 1, "Y", 30), "yearly"),
        (every("2024-01-01T00:00", 15, "m", 90), "every 15 minutes"),
        (every("2024-01-01", 28, "D", 20), "every 28 days"),
    ],
)
def test_regular_times_are_named(times: Array, name: str) -> None:
    assert told(frequency_of([times], True)) == name


def test_the_last_days_of_months_are_monthly() -> None:
    ends = (np.arange("2023-02", "2024-06", dtype="datetime64[M]").astype("datetime64[D]") - 1).astype("datetime64[s]")
    assert told(frequency_of([ends.astype(np.int64)], True)) == "monthly"


def test_days_without_weekends_are_business_days_and_go_on_as_such() -> None:
    days = np.arange("2024-01-01", "2024-03-01", dtype="datetime64[D]")
    days = days[np.is_busday(days)].astype("datetime64[s]").astype(np.int64)
    found = frequency_of([days], True)
    assert told(found) == "business days"
    friday = int(seconds("2024-03-01")[0])
    assert times_of(np.array([1]), found, friday).tolist() == seconds("2024-03-04").tolist()


def test_days_that_are_missing_leave_the_others_daily() -> None:
    assert told(frequency_of([np.delete(every("2024-01-01", 1, "D", 60), [5, 6, 20, 44])], True)) == "daily"


def test_times_without_a_grid_are_irregular() -> None:
    times = np.cumsum(np.random.default_rng(0).integers(50, 90_000, 80))
    assert frequency_of([times], True) == IRREGULAR
    assert frequency_of([np.array([0, 1, 2, 3, 400, 4000, 40_000])], False) == IRREGULAR


def test_plain_numbers_are_counted_by_their_step() -> None:
    assert frequency_of([np.arange(0, 100, 5)], False) == Frequency("step", 5)


@pytest.mark.parametrize("name", [name for name in NAMED if name != "irregular"])
def test_times_lie_at_the_positions_that_they_are_made_of(name: str) -> None:
    frequency, start = NAMED[name], int(seconds("2024-01-01")[0])
    positions = np.arange(100)
    times = times_of(positions, frequency, start)
    assert positions_of(times, frequency, start).tolist() == positions.tolist()
    window, horizon = lengths_of(frequency, 10_000)
    assert window >= horizon >= 1
    assert season_of(frequency) >= 1


def test_lengths_suit_the_frequency_and_the_data() -> None:
    assert lengths_of(NAMED["daily"], 5000) == (28, 7)
    assert lengths_of(NAMED["hourly"], 5000) == (168, 24)
    assert lengths_of(NAMED["monthly"], 40) == (10, 3)


def test_the_calendar_is_told_as_far_as_the_times_can() -> None:
    year = 366 * 86_400
    assert calendar_of(NAMED["hourly"], True, True, year) == ("hour", "weekday", "year")
    assert calendar_of(NAMED["daily"], True, False, 100 * 86_400) == ("weekday",)
    assert calendar_of(NAMED["monthly"], True, False, year) == ("year",)
    assert calendar_of(Frequency("step", 1), False, False, year) == ()


def test_monday_and_sunday_are_neighbours_in_the_calendar() -> None:
    monday, sunday, thursday = calendar(seconds("2024-01-01", "2024-01-07", "2024-01-04"), ("weekday",))
    assert np.linalg.norm(monday - sunday) < np.linalg.norm(monday - thursday)
