"""What can be said when time series are added, and what is shown before."""

from dataclasses import dataclass

from core.data.library.read_options import TableOptions, TablePreview
from core.data.series_facts import SeriesFacts


@dataclass(frozen=True, kw_only=True)
class SeriesOptions(TableOptions):
    """Of a table with a row for each time; `time` names its column. What is not said is found out."""

    id: tuple[str, ...] = ()  # columns that tell series apart
    known: tuple[str, ...] = ()  # columns that are known ahead, such as holidays
    frequency: str = "auto"  # or a name of core.data.series_times.NAMED


@dataclass(frozen=True)
class Line:
    """A series to draw, thinned."""

    name: str
    times: tuple[int, ...]  # seconds since 1970, or plain numbers
    values: tuple[float, ...]


@dataclass(frozen=True)
class SeriesPreview:
    table: TablePreview
    time: str  # columns as said or guessed; "" where none can be it
    target: str
    id: tuple[str, ...] = ()
    facts: SeriesFacts | None = None  # None where it cannot be added yet
    problem: str = ""  # why
    notes: tuple[str, ...] = ()  # what would be done, in sentences
    lines: tuple[Line, ...] = ()  # of the first series
