"""Series to look at: their first ones as lines."""

import numpy as np

from core.data.base import Array, Raw
from core.data.library.series_options import Line
from core.data.series_facts import SeriesFacts
from core.data.series_grid import OBSERVED, SERIES, TIME

_LINES, _POINTS = 6, 400  # that are drawn


def lines(raw: Raw, facts: SeriesFacts) -> tuple[Line, ...]:
    """The first series to draw: of more points than can be seen, each stretch's lowest and highest."""
    x, target = raw.x_train, raw.y_train
    assert isinstance(x, dict)
    made = []
    for number, name in enumerate(facts.ids[:_LINES]):
        rows: Array = np.flatnonzero((x[SERIES] == number) & x[OBSERVED])
        if len(rows) > _POINTS:
            stretches = np.array_split(rows, _POINTS // 2)
            ends = [(each[target[each].argmin()], each[target[each].argmax()]) for each in stretches]
            rows = np.unique(np.array(ends).ravel())
        made.append(Line(name, tuple(x[TIME][rows].tolist()), tuple(target[rows].tolist())))
    return tuple(made)
