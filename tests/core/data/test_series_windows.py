"""Windows of series: none forecasts what another part learned or is judged by."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.data.series_facts import Frequency, SeriesFacts
from core.data.series_grid import OBSERVED, POSITION, SERIES, TIME, Rows, arrange
from core.data.series_windows import channels, count, cuts_of, inputs, outputs, starts_of

_DAY = 86_400


@st.composite
def series(draw: st.DrawFn) -> Rows:
    """Some series of days, with gaps and missing targets."""
    times, numbers = [], []
    for number in range(draw(st.integers(1, 3))):
        first = draw(st.integers(0, 15))
        days = first + np.arange(draw(st.integers(30, 90)))
        kept = np.array(draw(st.lists(st.integers(0, 9), min_size=len(days), max_size=len(days)))) > 0
        kept[:20] = True
        times.append(days[kept] * _DAY)
        numbers.append(np.full(int(kept.sum()), number, np.int32))
    joined = np.concatenate(times)
    target = np.arange(len(joined), dtype=np.float64)
    target[draw(st.lists(st.integers(0, len(joined) - 1), max_size=5))] = np.nan
    return Rows(joined, np.concatenate(numbers), target, np.empty((len(joined), 0)))


@given(
    series(),
    st.integers(1, 12),
    st.integers(1, 8),
    st.sampled_from([0.0, 0.2, 0.4]),
    st.sampled_from([0.0, 0.2, 0.4]),
    st.integers(1, 4),
)
def test_no_target_of_one_part_is_a_target_of_another_and_none_comes_before_its_inputs(
    rows: Rows, window: int, horizon: int, validation: float, test: float, stride: int
) -> None:
    ids = [str(number) for number in range(int(rows.series.max()) + 1)]
    made = arrange(rows, ids, dated=True, ahead=False)
    x = made.raw.x_train
    assert isinstance(x, dict)
    cuts = cuts_of(max(end for _, end in made.spans), validation, test)
    ends = []
    for place, part in enumerate(cuts.parts()):
        step = stride if place == 0 else 1
        starts = starts_of(x[POSITION], x[SERIES], x[OBSERVED], part, window, horizon, step)
        if made.frequency.unit != "none":
            assert len(starts) <= count(made.spans, part, window, horizon, step)
        targets = starts[:, np.newaxis] + np.arange(horizon)
        before = starts[:, np.newaxis] + np.arange(-window, 0)
        places = x[POSITION][targets]
        assert ((places >= part[0]) & (places < part[1])).all()
        assert (x[SERIES][before] == x[SERIES][targets][:, :1]).all()
        assert (x[TIME][before].max(axis=1, initial=-1) < x[TIME][targets].min(axis=1, initial=2**62)).all()
        assert x[OBSERVED][targets].all()
        ends.append((places.min(initial=2**62), places.max(initial=-1)))
    for earlier, later in pairwise(ends):
        assert earlier[1] < later[0] or later[0] == 2**62


@given(st.integers(1, 200), st.integers(1, 40), st.integers(1, 20), st.integers(1, 5))
def test_windows_are_counted_as_they_are_made(length: int, window: int, horizon: int, stride: int) -> None:
    position, one = np.arange(length), np.zeros(length, np.int32)
    for part in cuts_of(length, 0.2, 0.2).parts():
        starts = starts_of(position, one, np.ones(length, bool), part, window, horizon, stride)
        assert len(starts) == count([(0, length)], part, window, horizon, stride)


def test_what_is_known_ahead_lies_a_horizon_before_its_time() -> None:
    facts = SeriesFacts(Frequency("second", _DAY), "date", past=1, horizon=3)
    target, times = np.arange(20.0), np.arange(20) * _DAY
    numbers = np.column_stack([target + 100, target + 200])
    assert channels(facts, ["past", "known"], "y") == ["y", "past", "known", "known ahead"]
    (window,) = inputs(target, numbers, times, np.array([10]), 4, facts)
    assert window.tolist() == [[row, row + 100, row + 200, row + 203] for row in (6.0, 7.0, 8.0, 9.0)]
    assert outputs(target, np.array([10]), 3).tolist() == [[10, 11, 12]]
