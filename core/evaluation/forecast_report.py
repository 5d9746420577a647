"""What an evaluation says of forecasts; a part of core.evaluation.report."""

from pydantic import BaseModel, ConfigDict

from core.evaluation.baseline_scores import Baseline

Value = float | None


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ForecastScores(_Frozen):
    """Of the network or of a baseline, over all windows of the test part; errors in the target's unit."""

    name: str
    mae: float
    rmse: float
    mase: Value  # mean absolute error, in those of the seasonal naive forecast one step ahead over the training part
    smape: Value  # percent, 0 to 200
    step_mae: tuple[float, ...]  # of each step ahead
    step_mase: tuple[Value, ...]

    def metrics(self) -> dict[str, Value]:
        """As metrics of a run."""
        return {"test_mae": self.mae, "test_rmse": self.rmse, "test_mase": self.mase, "test_smape": self.smape}

    def as_baseline(self, windows: int) -> Baseline:
        """As those of other tasks are; `windows` are the training examples."""
        metrics = {name: value for name, value in self.metrics().items() if value is not None}
        return Baseline(name=self.name, metrics=metrics, fitted_on=windows, available=windows)


class Forecast(_Frozen):
    network: ForecastScores
    baselines: tuple[ForecastScores, ...]
    windows: int
    series: int  # that have any
    horizon: int
    frequency: str  # in words
    season: int  # steps that MASE and the seasonal naive forecast go by; 1 for none
    dated: bool  # whether times are moments, and no plain numbers
    verdict: str  # how the network compares with the baselines, in a sentence
    is_better: bool  # than each of them, by MASE, by MAE where there is none

    @property
    def all(self) -> tuple[ForecastScores, ...]:
        """The network first."""
        return (self.network, *self.baselines)
