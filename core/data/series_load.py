"""From the rows of series to windows that a trainer takes, in the order of time."""

from dataclasses import replace

import numpy as np

from core.common.errors import DataError
from core.data.base import Array, DataInfo, Dataset, Raw
from core.data.series_facts import SeriesParts
from core.data.series_grid import NUMBERS, OBSERVED, POSITION, SERIES, TIME
from core.data.series_source import SeriesSource
from core.data.series_windows import inputs, outputs, starts_of


def load_series(source: SeriesSource, info: DataInfo, raw: Raw, stamp: str) -> Dataset:
    """The windows of each part. Raises DataError: none is left to train on.

    Args:
        stamp: fingerprint of the rows.
    """
    facts, x = info.series, raw.x_train
    assert facts is not None
    assert isinstance(x, dict)
    window, horizon = source.lengths(facts)
    cuts = source.cuts(facts)
    parts = cuts.parts()

    def starts(part: tuple[int, int], stride: int = 1) -> Array:
        return starts_of(x[POSITION], x[SERIES], x[OBSERVED], part, window, horizon, stride)

    train, validation, test = starts(parts[0], source.stride), starts(parts[1]), starts(parts[2])
    if source.limit is not None and len(train) > source.limit:
        latest = np.argsort(x[POSITION][train], kind="stable")[-source.limit :]
        train = train[np.sort(latest)]
    if not len(train):
        raise DataError(
            f"{source.title}: no window of {window:,} steps with {horizon:,} to forecast after it lies in the part to "
            "train on, or its targets were not observed. Take a smaller window or horizon, or more data."
        )
    y = np.asarray(raw.y_train, np.float64)
    made = [
        each
        for part in (train, validation, test)
        for each in (inputs(y, x[NUMBERS], x[TIME], part, window, facts), outputs(y, part, horizon))
    ]
    info = replace(info, train_examples=len(train) + len(validation), test_examples=len(test))
    learned = x[POSITION] < cuts.validation
    rows = SeriesParts(facts, y, x[OBSERVED], x[TIME], x[SERIES], learned, window, train, test)
    return Dataset(made[0], made[1], made[2], made[3], made[4], made[5], info, stamp, series=rows)
