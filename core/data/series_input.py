"""The end of a series, as a network takes it that is to tell what follows."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import plural, quoted
from core.data.base import Array, DataInfo, Raw, Source
from core.data.library.series_table import read_like
from core.data.series_facts import SeriesFacts
from core.data.series_grid import NUMBERS, OBSERVED, SERIES, TIME, arrange
from core.data.series_times import times_of, written
from core.data.series_windows import inputs

_BEFORE = 3  # horizons of what was before that are told, at least a window


@dataclass(frozen=True)
class Asked:
    """A window at the end of a series."""

    x: Array  # float64 [1, steps, channels]
    times: tuple[str, ...]  # of the steps to forecast
    before: tuple[tuple[str, float], ...]  # times and values before them
    notes: tuple[str, ...]


def ahead_of(settings: Settings, source: Source, info: DataInfo, series: str, content: bytes, name: str) -> Asked:
    """Of the data set, or of the rows of a file with its columns. Raises DataError: they are not to be had or too few.

    Args:
        series: id of one of several; "" where there is one.
        content: of a file that holds a table; empty for the data set itself.
    """
    facts = info.series
    assert facts is not None
    raw, ids, notes = (source.read(settings), facts.ids, []) if not content else _of_file(settings, info, content, name)
    number = _number(ids, series)
    x = raw.x_train
    assert isinstance(x, dict)
    rows = x[SERIES] == number
    return _window(facts, info, {key: values[rows] for key, values in x.items()}, raw.y_train[rows], tuple(notes))


def _of_file(settings: Settings, info: DataInfo, content: bytes, name: str) -> tuple[Raw, tuple[str, ...], list[str]]:
    facts = info.series
    assert facts is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "rows.csv")
        path.write_bytes(content)
        rows, ids, told = read_like(settings, path, name, info)
    known_ahead = len(info.features) > facts.past
    made = arrange(rows, ids, dated=facts.dated, ahead=known_ahead, frequency=facts.frequency, least=1)
    return made.raw, ids, [*told, *made.notes[1:]]


def _number(ids: tuple[str, ...], series: str) -> int:
    if series in ids:
        return ids.index(series)
    if len(ids) == 1 and not series:
        return 0
    shown = f"{', '.join(ids[:10])}{', …' if len(ids) > 10 else ''}"
    asked = f"There is no series {quoted(series)}" if series else "Say which series is to be forecast"
    raise DataError(f"{asked}; there {'is' if len(ids) == 1 else 'are'} {shown or 'one without a name'}.")


def _window(facts: SeriesFacts, info: DataInfo, x: dict[str, Array], target: Array, notes: tuple[str, ...]) -> Asked:
    window, horizon = info.shape[0], facts.horizon
    observed = np.flatnonzero(x[OBSERVED])
    end = int(observed[-1]) + 1 if len(observed) else 0
    if end < window:
        raise DataError(
            f"The network sees {plural(window, 'step')} before it forecasts, and the series has {end:,}. Give more."
        )
    numbers, told = _numbers_ahead(x[NUMBERS], end, facts, info)
    times = np.concatenate([x[TIME][:end], _times_ahead(x[TIME][:end], facts)])
    seen = inputs(target[:end], numbers, times, np.array([end]), window, facts)
    shown = slice(max(0, end - max(window, _BEFORE * horizon)), end)
    before = zip(written(times[shown], facts), map(float, target[shown]), strict=True)
    return Asked(seen, tuple(written(times[end:], facts)), tuple(before), (*notes, *told))


def _times_ahead(times: Array, facts: SeriesFacts) -> Array:
    """Of irregular ones, at the usual distance."""
    steps = np.arange(1, facts.horizon + 1)
    if facts.frequency.unit == "none":
        usual = int(np.median(np.diff(times))) if len(times) > 1 else 1
        return np.asarray(times[-1] + steps * usual)
    return times_of(steps, facts.frequency, int(times[-1]))


def _numbers_ahead(numbers: Array, end: int, facts: SeriesFacts, info: DataInfo) -> tuple[Array, list[str]]:
    """With rows for the steps ahead: as given, or what is known ahead as it was a season before."""
    given = numbers[end : end + facts.horizon]
    lacking = facts.horizon - len(given)
    if not lacking:
        return numbers[: end + facts.horizon], []
    known = np.concatenate([numbers[:end], given])
    steps = np.arange(lacking)
    back = facts.season * ((len(given) + steps) // facts.season + 1)
    places = np.maximum(end + len(given) + steps - back, 0)
    names = [feature.name for feature in info.features[facts.past :]]
    note = (
        f"{', '.join(names[:3])}: not given for {plural(lacking, 'step')} ahead, and taken as a season before; rows "
        f"with an empty {info.target} can say them."
    )
    return np.concatenate([known, known[places]]), [note] if names else []
