"""A real series that ships with the program: how many spots the sun had, year by year."""

from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from core.common.settings import Settings
from core.data.base import DataInfo, Raw
from core.data.series_facts import Frequency, SeriesFacts
from core.data.series_grid import Rows, arrange
from core.data.series_source import SeriesSource

_FILE = Path(__file__).with_suffix(".csv")  # year and number; of NOAA's Geophysical Data Center, in the public domain
_FIRST = -8_520_336_000  # 1700-01-01, in seconds since 1970
_LAST = 1_199_145_600  # 2008-01-01
_YEARLY = Frequency("month", 12)


class Sunspots(SeriesSource):
    title: ClassVar[str] = "Sunspots"
    summary: ClassVar[str] = "309 years, 1700 to 2008: yearly mean number of spots on the sun (NOAA, public domain)."
    facts: ClassVar[DataInfo] = DataInfo(
        (1,),
        (),
        309,
        0,
        task="forecast",
        kind="series",
        target="sunspots",
        series=SeriesFacts(_YEARLY, "year", spans=((0, 309),), start=_FIRST, seconds=_LAST - _FIRST),
    )

    source: Literal["sunspots"] = "sunspots"

    def read(self, settings: Settings) -> Raw:
        years, values = np.loadtxt(_FILE, delimiter=",", skiprows=1).T
        times = (years.astype(np.int64) - 1970).astype("datetime64[Y]").astype("datetime64[s]").astype(np.int64)
        rows = Rows(times, np.zeros(len(values), np.int32), values, np.empty((len(values), 0)))
        return arrange(rows, [""], dated=True, ahead=False, frequency=_YEARLY).raw
