"""Forecasts beside those that need no network."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.base import Array
from core.data.series_facts import Frequency, SeriesFacts, SeriesParts
from core.evaluation.forecast_baselines import naive, scales, season_in_use, seasonal_naive, truth
from core.evaluation.forecast_browse import ahead, whole
from core.evaluation.forecast_browse import truth as drawn_truth
from core.evaluation.forecast_report import ForecastScores
from core.evaluation.forecasts import PREDICTED, TIME, TRUE, compare, scores


def parts(target: Array, starts: list[int], *, season: int, horizon: int, learned: int) -> SeriesParts:
    rows = len(target)
    facts = SeriesFacts(Frequency("second", 86_400), "date", horizon=horizon, season=season)
    every = np.arange(rows)
    return SeriesParts(
        facts,
        target.astype(np.float64),
        np.ones(rows, bool),
        every * 86_400,
        np.zeros(rows, np.int32),
        every < learned,
        7,
        np.array([7]),
        np.array(starts),
    )


@given(st.integers(1, 9), st.integers(1, 25))
def test_the_seasonal_naive_forecast_of_a_series_that_repeats_itself_is_the_truth(season: int, horizon: int) -> None:
    target = np.tile(np.random.default_rng(0).normal(size=season), 80 // season + 1)[:80]
    rows = parts(target, [20, 33, 50], season=season, horizon=horizon, learned=40)
    np.testing.assert_array_equal(seasonal_naive(rows, season), truth(rows))


def test_the_seasonal_naive_forecast_takes_nothing_from_after_its_start() -> None:
    target = np.arange(60.0)
    rows = parts(target, [20, 40], season=7, horizon=16, learned=30)
    forecast = seasonal_naive(rows, 7)
    assert (forecast < rows.starts[:, np.newaxis]).all()
    assert forecast[0].tolist() == [13, 14, 15, 16, 17, 18, 19] * 2 + [13, 14]
    assert naive(rows).tolist() == [[19.0] * 16, [39.0] * 16]


def test_mase_of_the_in_sample_seasonal_naive_forecast_is_one() -> None:
    """By hand: 1, 3, 2, 5, 4 has one-step errors 2, 1, 3, 1, in the mean 1.75."""
    rows = parts(np.array([1, 3, 2, 5, 4, 9, 9.0]), [5], season=1, horizon=1, learned=5)
    assert scales(rows, 1).tolist() == [1.75]
    made = scores("network", np.array([[5.5]]), np.array([[9.0]]), scales(rows, 1))
    assert (made.mae, made.rmse, made.mase) == (3.5, 3.5, 2.0)
    assert made.smape == pytest.approx(200 * 3.5 / 14.5)
    assert made.step_mase == (2.0,)


def test_a_series_that_never_changes_has_no_mase() -> None:
    rows = parts(np.ones(20), [15], season=1, horizon=2, learned=12)
    made = scores("network", np.array([[1.0, 2.0]]), np.ones((1, 2)), scales(rows, 1)[[0]])
    assert made.mase is None
    assert made.mae == 0.5


def test_a_season_that_was_not_seen_twice_is_none() -> None:
    assert season_in_use(parts(np.arange(60.0), [40], season=52, horizon=4, learned=40)) == 1
    assert season_in_use(parts(np.arange(60.0), [40], season=7, horizon=4, learned=40)) == 7


def _scored(name: str, mase: float) -> ForecastScores:
    return ForecastScores(name=name, mae=mase, rmse=mase, mase=mase, smape=1, step_mae=(mase,), step_mase=(mase,))


def test_the_verdict_says_by_how_much_or_warns() -> None:
    naive_one, seasonal, linear = _scored("naive", 2), _scored("seasonal naive", 0.9), _scored("linear (ridge)", 0.85)
    told, better = compare(_scored("network", 0.82), [naive_one, seasonal])
    assert better
    assert told == "The network's MASE of 0.82 is 8.9 % below the seasonal naive forecast's."
    told, better = compare(_scored("network", 0.88), [naive_one, seasonal, linear])
    assert not better
    assert (
        "2.2 % below the seasonal naive forecast's, but not better than the linear (ridge) forecast's of 0.85" in told
    )
    assert "is not better than the linear (ridge)" in compare(_scored("network", 1), [seasonal, linear])[0]


def test_whole_forecasts_are_drawn_end_to_end_and_steps_at_their_time() -> None:
    import pandas as pd

    starts = np.arange(4)
    columns: dict[str, Array] = {f"{TIME}{step}": starts + step - 1 for step in (1, 2)}
    columns |= {f"{TRUE}{step}": (starts + step - 1) * 10.0 for step in (1, 2)}
    columns |= {f"{PREDICTED}{step}": (starts + step - 1) * 10.0 + 1 for step in (1, 2)}
    frame = pd.DataFrame(columns)
    assert drawn_truth(frame) == ("truth", [0, 1, 2, 3, 4], [0, 10, 20, 30, 40])
    assert whole(frame) == [("network", [0, 1, 1, 2, 3], [1, 11, None, 21, 31])]
    assert ahead(frame, 2) == [("network", [1, 2, 3, 4], [11, 21, 31, 41])]
