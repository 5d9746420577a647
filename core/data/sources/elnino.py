"""A real series that ships with the program: the sea's temperature off Peru, month by month."""

from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from core.common.settings import Settings
from core.data.base import DataInfo, Raw
from core.data.series_facts import Frequency, SeriesFacts
from core.data.series_grid import Rows, arrange
from core.data.series_source import SeriesSource

_FILE = Path(__file__).with_suffix(".csv")  # a row a year, a column a month; of NOAA, in the public domain
_FIRST = -631_152_000  # 1950-01-01, in seconds since 1970
_LAST = 1_291_161_600  # 2010-12-01


class ElNino(SeriesSource):
    title: ClassVar[str] = "El Niño"
    summary: ClassVar[str] = (
        "732 months, 1950 to 2010: sea surface temperature in °C, region Niño 1+2 (NOAA, ERSST.v3b, public domain)."
    )
    facts: ClassVar[DataInfo] = DataInfo(
        (1,),
        (),
        732,
        0,
        task="forecast",
        kind="series",
        target="temperature (°C)",
        series=SeriesFacts(Frequency("month", 1), "month", spans=((0, 732),), start=_FIRST, seconds=_LAST - _FIRST),
    )

    source: Literal["elnino"] = "elnino"

    def read(self, settings: Settings) -> Raw:
        years = np.loadtxt(_FILE, delimiter=",", skiprows=1)
        values = years[:, 1:].ravel()
        months = np.datetime64("1950-01") + np.arange(len(values))
        times = months.astype("datetime64[s]").astype(np.int64)
        rows = Rows(times, np.zeros(len(values), np.int32), values, np.empty((len(values), 0)))
        return arrange(rows, [""], dated=True, ahead=False).raw
