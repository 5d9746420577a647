"""Where values lie on an axis of our own: by size, by decades or by name, with a place of its own for what has none."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from core.charts.wording import plain
from core.common.digits import spans_decades

NONE, ZERO = "none", "0"  # labels of the places below an axis
_PLACES = (-0.14, -0.28)  # of these, in shares of the axis
_TICKS_MOST = 12  # labelled categories on one axis
_VALUES_MOST = 5  # numbers that are labelled each; of more, only the smallest and the largest, or the decades
_NEAREST = 0.2  # of an axis: a label nearer to an end would lie on that of the end
_DECADES_MOST = 6  # that are labelled each

Kind = Literal["category", "linear", "log"]


@dataclass(frozen=True)
class Scale:
    """One axis. Shares are 0 (bottom) to 1; below 0 are the places of what the axis itself cannot show."""

    kind: Kind
    shares: tuple[float, ...]  # by row
    texts: tuple[str, ...]  # the value as it is shown, by row
    ticks: tuple[tuple[float, str], ...]
    low: float = 0.0  # share 0 and the length of the axis, in values or their logarithms
    span: float = 1.0
    places: tuple[tuple[float, str], ...] = ()  # of the ticks, those below the axis


def scale_of(values: pd.Series, *, log: bool | None = None) -> Scale:
    """For numbers or text, in which None, NaN, infinities and "" are none. Categories stay in their order.

    Args:
        log: whether numbers are shown by decades, as where they were drawn from a range that says so; by default they
            are where they span decades. Negative ones never are.
    """
    if not pd.api.types.is_numeric_dtype(values):
        order = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else None
        return _of_names([None if _is_none(value) else str(value) for value in values], order)
    return _of_numbers([math.nan if _is_none(value) else float(value) for value in values], log)


def _is_none(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and not math.isfinite(value))


def _of_names(names: Sequence[str | None], order: Iterable[str] | None = None) -> Scale:
    known = {name for name in names if name is not None}
    categories = sorted(known) if order is None else [name for name in order if name in known]
    shares = {name: place / max(1, len(categories) - 1) for place, name in enumerate(categories)}
    labelled = categories[:: -(-len(categories) // _TICKS_MOST) or 1]
    places = ((_PLACES[0], NONE),) if None in names else ()
    return Scale(
        "category",
        tuple(_PLACES[0] if name is None else shares[name] for name in names),
        tuple(NONE if name is None else plain(name) for name in names),
        (*((shares[name], plain(name, 12)) for name in labelled), *places),
        places=places,
    )


def _of_numbers(values: Sequence[float], wanted: bool | None) -> Scale:
    finite = [value for value in values if not math.isnan(value)]
    log = spans_decades(finite) if wanted is None else wanted and min(finite, default=1.0) >= 0
    shown = [value for value in finite if value > 0 or not log]
    below = [*([ZERO] if len(shown) < len(finite) else []), *([NONE] if len(finite) < len(values) else [])]
    place_of = dict(zip(below, _PLACES, strict=False))
    scaled = [math.log10(value) if log else value for value in shown]
    low = min(scaled, default=0.0)
    span = (max(scaled, default=0.0) - low) or 1.0

    def share(value: float) -> float:
        if math.isnan(value):
            return place_of[NONE]
        if log and value == 0:
            return place_of[ZERO]
        return ((math.log10(value) if log else value) - low) / span

    places = tuple((place, label) for label, place in place_of.items())
    return Scale(
        "log" if log else "linear",
        tuple(map(share, values)),
        tuple(NONE if math.isnan(value) else f"{value:.5g}" for value in values),
        (*((share(value), f"{value:.4g}") for value in _labelled(sorted(set(shown)), log)), *places),
        low,
        span,
        places,
    )


def _labelled(distinct: list[float], log: bool) -> list[float]:
    if len(distinct) <= _VALUES_MOST:
        return distinct
    if log:
        first, last = math.ceil(math.log10(distinct[0])), math.floor(math.log10(distinct[-1]))
        if 2 <= last - first + 1 <= _DECADES_MOST:
            return [10.0**decade for decade in range(first, last + 1)]
        place = (first - math.log10(distinct[0])) / math.log10(distinct[-1] / distinct[0])
        if first == last and _NEAREST < place < 1 - _NEAREST:
            return [distinct[0], 10.0**first, distinct[-1]]
    return [distinct[0], distinct[-1]]
