"""The rows of added series as a Parquet file: a row a time, all series one after the other."""

from pathlib import Path

import numpy as np

from core.data.base import Raw
from core.data.series_grid import NUMBERS, OBSERVED, POSITION, SERIES, TIME

SERIES_ROWS = "series.parquet"
_PLAIN = (TIME, POSITION, SERIES, OBSERVED)
_TARGET = "target"


def write_rows(file: Path, raw: Raw) -> None:
    """Features are called by their place. Raises OSError."""
    import pandas as pd

    x = raw.x_train
    assert isinstance(x, dict)
    numbers = x[NUMBERS]
    columns = {name: x[name] for name in _PLAIN} | {_TARGET: raw.y_train}
    columns |= {str(place): numbers[:, place] for place in range(numbers.shape[1])}
    pd.DataFrame(columns).to_parquet(file, index=False)


def read_rows(file: Path, features: int) -> Raw:
    """Raises OSError, ValueError, KeyError: missing or damaged."""
    import pandas as pd

    table = pd.read_parquet(file)
    numbers = np.empty((len(table), features))
    for place in range(features):
        numbers[:, place] = table[str(place)]
    x = {name: table[name].to_numpy() for name in _PLAIN}
    return Raw({**x, NUMBERS: numbers}, table[_TARGET].to_numpy())
