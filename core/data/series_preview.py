"""Some windows of series to look at, before a network is trained on them."""

import numpy as np
from pydantic import BaseModel, ConfigDict

from core.data.base import Dataset
from core.data.series_times import written

_WINDOWS = 4
_LONGEST = 500  # steps that are drawn


class Window(BaseModel):
    """What a network sees of the target, and what it is to forecast."""

    model_config = ConfigDict(frozen=True)

    title: str  # the series, and the time of the first step to forecast
    before: tuple[float, ...]
    after: tuple[float, ...]


def windows_of(data: Dataset) -> tuple[Window, ...]:
    """Of the training part, spread over it."""
    rows = data.series
    assert rows is not None
    assert not isinstance(data.x_train, dict)
    chosen = np.unique(np.linspace(0, len(data.y_train) - 1, _WINDOWS).astype(int)).tolist()
    found = []
    for place in chosen:
        start = int(rows.trained[place])
        time = written(rows.times[start : start + 1], rows.facts)[0]
        name = rows.facts.ids[int(rows.series[start])]
        before = data.x_train[place, -_LONGEST:, 0].tolist()
        after = data.y_train[place, :_LONGEST].tolist()
        found.append(Window(title=f"{name}, {time}" if name else time, before=tuple(before), after=tuple(after)))
    return tuple(found)
