"""What is known of a set of time series before it is loaded."""

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

Unit = Literal["second", "business day", "month", "step", "none"]
WindowScaling = Literal["none", "level", "level and spread"]
CalendarPart = Literal["hour", "weekday", "year"]


@dataclass(frozen=True)
class Frequency:
    """From one time of a series to the next: every so many units. "step" counts plain numbers, "none" is irregular."""

    unit: Unit = "none"
    every: int = 1


@dataclass(frozen=True)
class SeriesFacts:
    """Of one or several series on a common grid of times, whose positions are counted from 0."""

    frequency: Frequency
    time: str  # names of columns
    id: tuple[str, ...] = ()  # none for a single series
    ids: tuple[str, ...] = ("",)  # one for each series
    spans: tuple[tuple[int, int], ...] = ()  # of each, its first position with a target, and the one past its last
    start: int = 0  # of position 0: seconds since 1970, or the number itself
    past: int = 0  # of the features, the first: known up to now; those after them are known ahead
    dated: bool = True  # whether times are moments, and no plain numbers
    clock: bool = False  # whether some of them are not at midnight
    seconds: int = 0  # from the first time to the last one
    # By the options of a run:
    horizon: int = 0  # steps to forecast
    season: int = 1  # steps after which the season begins anew; 1 for none
    scaling: WindowScaling = "none"
    calendar: tuple[CalendarPart, ...] = ()

    @property
    def length(self) -> int:
        """Positions in all."""
        return max((end for _, end in self.spans), default=0)


@dataclass(frozen=True, eq=False)
class SeriesParts:
    """The rows behind the windows of a loaded data set: all series, one after the other."""

    facts: SeriesFacts
    target: NDArray[Any]  # float64 [rows], filled where not observed
    observed: NDArray[Any]  # bool [rows]
    times: NDArray[Any]  # int64 [rows]
    series: NDArray[Any]  # int32 [rows]
    learned: NDArray[Any]  # bool [rows]: before the validation part
    window: int  # rows that a window's inputs are
    trained: NDArray[Any]  # int64 [training windows]: the row of each one's first target
    starts: NDArray[Any]  # the same of the test windows
