"""Rows of series, as they come, put in the order of time and on the grid of their frequency, with all that was done."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.common.errors import DataError
from core.common.text import plural, quoted
from core.data.base import Array, Raw
from core.data.series_facts import Frequency
from core.data.series_times import frequency_of, positions_of, times_of, told

NUMBERS, TIME, POSITION, SERIES, OBSERVED = "numbers", "time", "position", "series", "observed"  # of Raw.x_train
_OFTEN = 0.05  # share of rows at times that are there twice, from which on it is no mistake
LEAST = 8  # times of the longest series that a network learns from


@dataclass(frozen=True, eq=False)
class Rows:
    """As they come: int64 times (seconds or plain numbers), a float64 target (NaN where missing), float64 features."""

    times: Array
    series: Array  # int32, a number for each id
    target: Array
    numbers: Array  # [rows, features]

    def at(self, positions: Array) -> "Rows":
        return Rows(self.times[positions], self.series[positions], self.target[positions], self.numbers[positions])


@dataclass(frozen=True, eq=False)
class Arranged:
    """All series one after the other, each in the order of time."""

    raw: Raw  # x_train of the arrays that are named above, y_train the target: filled where not observed, NaN ahead
    frequency: Frequency
    start: int
    spans: tuple[tuple[int, int], ...]
    notes: tuple[str, ...]  # what was done, in sentences


def arrange(
    rows: Rows,
    ids: Sequence[str],
    *,
    dated: bool,
    ahead: bool,
    frequency: Frequency | None = None,
    least: int = LEAST,
) -> Arranged:
    """Doubled times become their mean; times that are missing on the grid are filled with what was known before them.

    Args:
        ahead: whether rows behind a series' last target are kept, as they hold what is known ahead.
        frequency: as said; None finds it out.
        least: times with a target that the longest series must have.

    Raises:
        DataError: too many times are there twice, too few are there, or they do not fit the frequency that was said.
    """
    order = np.lexsort((rows.times, rows.series))
    rows, notes = _joined(rows.at(order), ids)
    parts = [rows.at(np.flatnonzero(rows.series == number)) for number in range(len(ids))]
    parts = [_trimmed(part, ahead=ahead) for part in parts]
    if max(len(part.times) for part in parts) < least:
        raise DataError(f"A series needs at least {least} times with a target; the longest has "
                        f"{max(len(part.times) for part in parts)}.")  # fmt: skip
    kept = [part.times for part in parts if len(part.times)]
    found = frequency or frequency_of(kept, dated)
    start = int(min(times[0] for times in kept))
    placed = _places(parts, found, start, told_by_user=frequency is not None)
    pieces, spans, filled = [], [], 0
    for number, (part, places) in enumerate(zip(parts, placed, strict=True)):
        piece = _filled(part, places, found, start, number)
        pieces.append(piece)
        known = np.flatnonzero(piece[OBSERVED])
        spans.append((int(piece[POSITION][0]), int(piece[POSITION][known[-1]]) + 1) if len(known) else (0, 0))
        filled += int((~piece[OBSERVED] & ~np.isnan(piece["target"])).sum())
    if filled:
        notes.append(
            f"{plural(filled, 'time')} without a value {'is' if filled == 1 else 'are'} filled with the value before; "
            "no forecast is learned or judged there."
        )
    joined = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    target = joined.pop("target")
    notes.insert(0, f"The times are {told(found)}." if found.unit != "none" else _IRREGULAR)
    return Arranged(Raw(joined, target), found, start, tuple(spans), tuple(notes))


_IRREGULAR = "The times are irregular: they lie on no common grid, and a step is from one row to the next."


def _joined(rows: Rows, ids: Sequence[str]) -> tuple[Rows, list[str]]:
    """Sorted rows without doubled times: numbers as their mean over the values that are there."""
    first = np.ones(len(rows.times), bool)
    first[1:] = (np.diff(rows.times) != 0) | (np.diff(rows.series) != 0)
    doubled = int((~first).sum())
    if not doubled:
        return rows, []
    if doubled > max(1, _OFTEN * len(first)):
        at = int(np.flatnonzero(~first)[0])
        of = f" of {quoted(ids[int(rows.series[at])])}" if len(ids) > 1 else ""
        raise DataError(
            f"{plural(doubled, 'row')} of {len(first):,} {'has' if doubled == 1 else 'have'} a time that is there "
            f"already{of}. Where there are several series, say which column tells them apart (id); where a further "
            "column holds a part of the time, join it to the time first."
        )
    groups = np.cumsum(first) - 1
    both = np.column_stack([rows.target, rows.numbers])
    known = np.isfinite(both)
    sums = np.zeros((int(groups[-1]) + 1, both.shape[1]))
    counts = np.zeros_like(sums)
    np.add.at(sums, groups, np.where(known, both, 0))
    np.add.at(counts, groups, known)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = sums / counts
    note = f"{plural(doubled, 'row')} at a time that is there already: the mean of both is taken."
    return Rows(rows.times[first], rows.series[first], means[:, 0], means[:, 1:]), [note]


def _trimmed(part: Rows, *, ahead: bool) -> Rows:
    """From its first target on, to its last one."""
    known = np.flatnonzero(np.isfinite(part.target))
    if not len(known):
        return part.at(known)
    return part.at(np.arange(known[0], len(part.times) if ahead else known[-1] + 1))


def _places(parts: Sequence[Rows], frequency: Frequency, start: int, *, told_by_user: bool) -> list[Array]:
    if frequency.unit == "none":  # the places of all times together, in their order
        every = np.unique(np.concatenate([part.times for part in parts]))
        return [np.searchsorted(every, part.times) for part in parts]
    places = [positions_of(part.times, frequency, start) for part in parts]
    if told_by_user and any((np.diff(each) < 1).any() for each in places):
        raise DataError(
            f"Several rows of one series fall on one time when they are {told(frequency)}. Let the frequency be found "
            "out, or take a shorter one, or irregular."
        )
    return places


def _filled(part: Rows, places: Array, frequency: Frequency, start: int, number: int) -> dict[str, Array]:
    """On every place from its first to its last."""
    grid = places if frequency.unit == "none" or not len(places) else np.arange(places[0], places[-1] + 1)
    at = np.searchsorted(grid, places)
    target = np.full(len(grid), np.nan)
    numbers = np.full((len(grid), part.numbers.shape[1]), np.nan)
    target[at], numbers[at] = part.target, part.numbers
    times = part.times if grid is places else times_of(grid, frequency, start)
    times = times.copy()
    times[at] = part.times
    observed = np.isfinite(target)
    last = np.flatnonzero(observed)[-1] + 1 if observed.any() else 0
    target[:last] = forward(target[:last, np.newaxis])[:, 0]
    return {
        NUMBERS: forward(numbers, back=True),
        TIME: times.astype(np.int64),
        POSITION: grid.astype(np.int64),
        SERIES: np.full(len(grid), number, np.int32),
        OBSERVED: observed,
        "target": target,
    }


def forward(values: Array, *, back: bool = False) -> Array:
    """[rows, columns] with the last known value where there is none; with `back` those before the first one, too, have
    that, and a column without any is 0.
    """
    if not len(values):
        return values
    known = np.isfinite(values)
    places = np.maximum.accumulate(np.where(known, np.arange(len(values))[:, np.newaxis], -1), axis=0)
    if back:
        places = np.where(places < 0, np.argmax(known, axis=0), places)
    found = np.take_along_axis(values, np.maximum(places, 0), axis=0)
    return np.where(np.isfinite(found), found, 0.0) if back else np.where(places < 0, np.nan, found)
