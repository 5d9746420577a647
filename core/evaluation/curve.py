"""A curve of a report. Values that are not defined are None, never NaN."""

import numpy as np
from pydantic import BaseModel, ConfigDict

Value = float | None


class Curve(BaseModel):
    """A ROC curve (x: false positive rate, y: true positive rate) or a precision-recall curve (x: recall)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    area: Value


def defined(value: float) -> Value:
    """The number, None where it is none."""
    return float(value) if np.isfinite(value) else None
