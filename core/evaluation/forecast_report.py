"""What an evaluation says of forecasts; a part of core.evaluation.report."""

from pydantic import BaseModel, ConfigDict

Value = float | None


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ForecastScores(_Frozen):
    """Of the network or of a baseline, over windows of the test part; errors in the target's unit."""

    mae: float
    rmse: float
    mase: Value  # mean absolute error, in those of the seasonal naive forecast one step ahead over the training part
    smape: Value  # percent, 0 to 200
    step_mae: tuple[float, ...]  # of each step ahead

    def metrics(self) -> dict[str, float]:
        """As metrics of a run."""
        found = {"test_mae": self.mae, "test_rmse": self.rmse, "test_mase": self.mase, "test_smape": self.smape}
        return {name: value for name, value in found.items() if value is not None}


class Forecast(_Frozen):
    network: ForecastScores
    windows: int
    series: int  # that have any
    horizon: int
    frequency: str  # in words
    season: int  # steps that MASE and the seasonal naive forecast go by; 1 for none
    dated: bool  # whether times are moments, and no plain numbers
