"""Which areas of the space an experiment has never looked at: how many configs lie where any two params meet."""

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.common.digits import as_read, finite, spans_decades
from core.common.text import quantity
from core.comparison.param_frames import Params, settings_that_differ
from core.comparison.tried import written
from core.runs.data_names import is_repeat
from core.runs.search_names import short_name

_VALUES = 6  # of a param, that have a place each; numbers of more are put into spans
_SPANS = 5
_PARAMS = 6  # whose pairs are looked at, those with the most values


@dataclass(frozen=True)
class Places:
    """Where the configs lie along one param."""

    param: str
    names: tuple[str, ...]  # of the places, in order: a value, or from where to where
    values: tuple[str, ...]  # a value in the midst of each
    of: NDArray[np.int64]  # the place of each config


@dataclass(frozen=True)
class Coverage:
    """How many configs lie where the places of two params meet."""

    x: Places
    y: Places
    counts: NDArray[np.int64]  # [y, x]
    best: tuple[int, int]  # the place of the best config, (y, x)

    @property
    def empty(self) -> int:
        return int((self.counts == 0).sum())

    @property
    def nearest(self) -> tuple[int, int] | None:
        """Of the empty places the nearest to the best config, (y, x); None where there is none."""
        cells = np.argwhere(self.counts == 0)
        if not len(cells):
            return None
        y, x = cells[np.abs(cells - self.best).sum(axis=1).argmin()]
        return int(y), int(x)

    @property
    def title(self) -> str:
        return f"{short_name(self.x.param)} and {short_name(self.y.param)}"

    @property
    def told(self) -> str:
        where = self.nearest
        of = f"of the {self.counts.size} combinations of {self.title}"
        if where is None:
            return f"None {of} is empty: {int(self.counts.min())} configs or more lie in each."
        y, x = where
        place = f"{short_name(self.x.param)} {self.x.names[x]} with {short_name(self.y.param)} {self.y.names[y]}"
        verb = "was" if self.empty == 1 else "were"
        return f"{self.empty} {of} {verb} never tried; the nearest to the best config is {place}."

    @property
    def changes(self) -> dict[str, str]:
        """What brings the best config to the nearest empty place: texts by param."""
        if self.nearest is None:
            return {}
        pairs = ((self.y, self.nearest[0], self.best[0]), (self.x, self.nearest[1], self.best[1]))
        return {places.param: places.values[there] for places, there, here in pairs if there != here}


def coverage(configs: Sequence[int], params: Params, best: int) -> list[Coverage]:
    """Of every two params that were varied, those with the most empty places first.

    Params that only some configs have are left out: they cannot be combined with everything.

    Args:
        configs: groups by their ids, the best one among them.
        params: by these ids.
    """
    found = sorted(_every(configs, params), key=lambda places: -len(set(places.of.tolist())))[:_PARAMS]
    place = list(configs).index(best)
    made = [_meeting(x, y, place) for x, y in itertools.combinations(found, 2)]
    return sorted(made, key=lambda each: -each.empty / each.counts.size)


def _every(configs: Sequence[int], params: Params) -> Iterator[Places]:
    for key in settings_that_differ(configs, params):
        texts = [params.get(config, {}).get(key, "") for config in configs]
        if not is_repeat(key) and all(texts) and (made := _places(key, texts)) is not None:
            yield made


def _places(param: str, texts: Sequence[str]) -> Places | None:
    """None of names too many to be told apart."""
    counts = Counter(texts)
    numbers = {text: number for text in counts if (number := finite(text)) is not None}
    if len(counts) <= _VALUES:
        ordered = sorted(counts, key=lambda text: (numbers.get(text, math.inf), text))
        place = {text: number for number, text in enumerate(ordered)}
        return Places(param, tuple(map(as_read, ordered)), tuple(ordered), np.array([place[text] for text in texts]))
    return _spans(param, np.array([numbers[text] for text in texts]), texts) if len(numbers) == len(counts) else None


def _spans(param: str, values: NDArray[np.float64], texts: Sequence[str]) -> Places:
    """Equal ones, of the logarithms where the values span decades; there a zero has a place of its own."""
    is_log = spans_decades(values.tolist())
    if is_log and values.min() == 0:
        above = _spans(param, values[values > 0], [text for text in texts if finite(text)])
        of = np.zeros(len(values), int)
        of[values > 0] = above.of + 1
        return Places(param, ("0", *above.names), ("0", *above.values), of)
    scaled = np.log10(values) if is_log else values
    edges = np.linspace(scaled.min(), scaled.max(), _SPANS + 1)
    midst = (edges[:-1] + edges[1:]) / 2
    of = np.clip(np.searchsorted(edges, scaled, side="right") - 1, 0, _SPANS - 1)
    shown = [quantity(float(f"{10**edge if is_log else edge:.2g}")) for edge in edges]
    inner = [written(10**value if is_log else value, texts) for value in midst]
    names = tuple(f"{low} to {high}" for low, high in itertools.pairwise(shown))
    return Places(param, names, tuple(inner), of)


def _meeting(x: Places, y: Places, best: int) -> Coverage:
    width = len(x.names)
    flat = np.bincount(y.of * width + x.of, minlength=width * len(y.names))
    return Coverage(x, y, flat.reshape(len(y.names), width), (int(y.of[best]), int(x.of[best])))
