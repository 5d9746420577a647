"""Forecasts beside those that need no network."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.common.settings import Settings
from core.config.run import RunConfig
from core.data.base import Array, DataInfo, Dataset
from core.data.series_facts import Frequency, SeriesFacts, SeriesParts
from core.data.series_windows import inputs, outputs
from core.evaluation import forecast_baselines
from core.evaluation.baseline_cache import with_baselines
from core.evaluation.baseline_scores import verdict
from core.evaluation.baselines import baselines
from core.evaluation.forecast_baselines import naive, scales, season_in_use, seasonal_naive, truth
from core.evaluation.forecast_browse import ahead, whole
from core.evaluation.forecast_browse import truth as drawn_truth
from core.evaluation.forecasts import PREDICTED, TIME, TRUE, scores
from core.evaluation.report import Report


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
    made = scores(np.array([[5.5]]), np.array([[9.0]]), scales(rows, 1))
    assert (made.mae, made.rmse, made.mase) == (3.5, 3.5, 2.0)
    assert made.smape == pytest.approx(200 * 3.5 / 14.5)


def test_a_series_that_never_changes_has_no_mase() -> None:
    rows = parts(np.ones(20), [15], season=1, horizon=2, learned=12)
    made = scores(np.array([[1.0, 2.0]]), np.ones((1, 2)), scales(rows, 1)[[0]])
    assert made.mase is None
    assert made.mae == 0.5


def test_a_season_that_was_not_seen_twice_is_none() -> None:
    assert season_in_use(parts(np.arange(60.0), [40], season=52, horizon=4, learned=40)) == 1
    assert season_in_use(parts(np.arange(60.0), [40], season=7, horizon=4, learned=40)) == 7


def _data(target: Array, *, season: int, horizon: int, window: int, learned: int) -> Dataset:
    """Windows before `learned` to train on, those after it to test."""
    rows = parts(target, list(range(learned, len(target) - horizon)), season=season, horizon=horizon, learned=learned)
    trained = np.arange(window, learned - horizon)
    rows = replace(rows, trained=trained)
    facts, starts = rows.facts, (trained, trained[:0], rows.starts)
    made = [
        each
        for part in starts
        for each in (
            inputs(rows.target, np.empty((len(target), 0)), rows.times, part, window, facts),
            outputs(rows.target, part, horizon),
        )
    ]
    info = DataInfo((window, 1), (), len(trained), len(rows.starts), task="forecast", kind="series", series=facts)
    return Dataset(made[0], made[1], made[2], made[3], made[4], made[5], info, "fingerprint", series=rows)


def test_plain_forecasts_are_baselines_as_those_of_other_tasks() -> None:
    season = np.sin(np.arange(120) * 2 * np.pi / 7)
    data = _data(season * 5 + np.arange(120) / 10, season=7, horizon=3, window=7, learned=80)
    found = {each.name: each for each in baselines(data)}
    assert list(found) == ["naive", "seasonal naive", "linear (ridge)"]
    assert found["seasonal naive"].metrics["test_mae"] == pytest.approx(0.7)
    assert found["seasonal naive"].step_mae == pytest.approx([0.7] * 3)
    assert found["seasonal naive"].metrics["test_mase"] == pytest.approx(1.0)
    assert found["linear (ridge)"].metrics["test_mase"] < 0.5
    assert found["linear (ridge)"].told == "Fitted on the 70 training examples."


def test_windows_too_long_for_a_linear_forecast_have_none_which_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast_baselines, "_MOST_COLUMNS", 6)
    found = baselines(_data(np.arange(60.0), season=1, horizon=2, window=7, learned=40))
    assert [each.name for each in found] == ["naive"]
    assert found[0].told.endswith("; no linear forecast, as windows of 7 numbers are too long for one.")


def test_a_linear_forecast_of_many_windows_is_fitted_to_the_latest_which_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(forecast_baselines, "_MOST_VALUES", 70)
    linear = baselines(_data(np.arange(60.0), season=1, horizon=2, window=7, learned=40))[-1]
    assert linear.told == "Fitted on 10 of the 31 training examples, the latest."


def test_they_heed_a_stop(tmp_path: Path) -> None:
    def stop() -> None:
        raise InterruptedError("stopped")

    data = _data(np.arange(60.0), season=1, horizon=2, window=7, learned=40)
    with pytest.raises(InterruptedError):
        baselines(data, stop)
    report = Report(task="forecast", kind="series", examples=18)
    config = RunConfig.model_validate({"data": {"source": "elnino"}, "architecture": {"name": "mlp"}})
    found = with_baselines(report, data, config, Settings(home=tmp_path), stop)
    assert found.baselines == ()
    assert found.notices == ("There is no baseline beside this result: InterruptedError: stopped",)


def test_without_a_mase_the_network_stands_to_the_baselines_by_its_rmse() -> None:
    """A constant series: the naive forecast is exact, and no number of times worse than it."""
    data = _data(np.full(60, 5.0), season=1, horizon=2, window=7, learned=40)
    found = baselines(data)
    assert "test_mase" not in found[0].metrics
    own = scores(truth(data.series) + 0.5, truth(data.series), np.full(18, np.nan)).metrics()  # type: ignore[arg-type]
    told = verdict(own, found, 18)
    assert told is not None
    assert told.standing == "below"
    assert told.text.startswith("The network's RMSE of 0.5 is above that of naive (0); less is better.")
    exact = verdict({"test_rmse": 0.0}, found, 18)
    assert exact is not None
    assert exact.standing == "level"


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
