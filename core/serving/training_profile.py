"""What an export's network was trained on and answered then, as counts by bin: what traffic is compared with.

It is made once, by the export, and lies beside the network. While a version is served, the process that answers counts
what it is asked and what it answers by the same bins; no request is kept for it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.common.text import quantity
from core.data.data_info import CATEGORIES, NUMBERS, Array, Examples
from core.data.examples import count, row_features
from core.data.vocabulary import PADDING, UNKNOWN
from core.inference.decisions import decided, two_columns
from core.inference.description import Description

FILE = "profile.json"
MOST = 20_000  # training examples that are counted
_BINS, _EACH = 10, 25  # of a number, and examples that each holds at least
_MOST_NAMES = 30  # of categories; the others are counted together
_MOST_LABELS = 20  # whose probabilities are followed
_COLOURS = ("red", "green", "blue")

Counts = list[list[int]]  # by column, by bin


@dataclass(frozen=True)
class Column:
    """A number's bins: up to and with each cut, past the last one, missing. A category's: each name, others, missing.

    The least number is the first cut, and all less than the greatest one comes before the last bin: what lies outside
    of all that was learned from is counted with what is rare, and not among a tenth of the values.
    """

    name: str
    is_answer: bool = False
    cuts: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()  # by bin

    @property
    def title(self) -> str:
        """Of inputs the name that the data have."""
        return f"its {self.name}" if self.is_answer else self.name

    def bins(self, values: Array) -> list[int]:
        """How many of the values [n] are in each."""
        if self.names:
            places = {name: place for place, name in enumerate(self.names)} | {"": len(self.names) + 1}
            found = np.array([places.get(str(each), len(self.names)) for each in values], np.intp)
        else:
            numbers = np.asarray(values).astype(np.float32)  # as networks have them: 0.1 is the same however it came
            found = np.searchsorted(np.array(self.cuts, np.float32), numbers, side="left")
            found[np.isnan(numbers)] = len(self.cuts) + 1
        size = len(self.names or self.cuts) + 2
        counted: list[int] = np.bincount(found, minlength=size).tolist()
        return counted

    def labels(self) -> list[str]:
        """What each bin holds."""
        if self.names:
            return [*self.names, "others", "missing"]
        if not self.cuts:
            return ["any number", "missing"]
        told = [quantity(cut, 3) for cut in self.cuts]
        between = [f"{low} to {high}" for low, high in pairwise(told)]
        return [f"up to {told[0]}", *between, f"over {told[-1]}", "missing"]


@dataclass(frozen=True)
class Profile:
    columns: tuple[Column, ...]

    @property
    def id(self) -> str:
        """Of these bins and counts: what was counted by others cannot be compared."""
        return hashlib.sha256(json.dumps([asdict(each) for each in self.columns]).encode()).hexdigest()[:16]

    def counted(self, known: Description, x: Examples, outputs: Array) -> Counts:
        """Of raw examples and the answers to them, numbers in the target's unit."""
        values = dict(_inputs(known, x)) | {f"\0{name}": each for name, each in _answers(known, outputs)}
        return [each.bins(values[f"\0{each.name}" if each.is_answer else each.name]) for each in self.columns]


def made(known: Description, learned: Examples, outputs: Array) -> Profile:
    """
    Args:
        learned: raw training examples.
        outputs: [examples, …], the network's answers to others, which it was not trained on.
    """
    of_inputs = [column_of(name, values, is_answer=False) for name, values in _inputs(known, learned)]
    of_answers = [column_of(name, values, is_answer=True) for name, values in _answers(known, outputs)]
    return Profile((*of_inputs, *of_answers))


def write(folder: Path, profile: Profile) -> None:
    """Raises OSError."""
    text = json.dumps({"columns": [asdict(each) for each in profile.columns]}, ensure_ascii=False)
    (folder / FILE).write_text(text, encoding="utf-8")


def read(folder: Path) -> Profile | None:
    """None of an export that has none, as it was made before there were any, or one that cannot be read."""
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))["columns"]
        columns = [
            Column(
                str(each["name"]), bool(each["is_answer"]), tuple(map(float, each["cuts"])),
                tuple(map(str, each["names"])), tuple(map(int, each["counts"])),
            )
            for each in raw
        ]  # fmt: skip
    except (OSError, ValueError, LookupError, TypeError):
        return None
    fits = all(len(each.counts) == len(each.names or each.cuts) + 2 for each in columns)
    return Profile(tuple(columns)) if fits else None


def column_of(name: str, values: Array, *, is_answer: bool) -> Column:
    if values.dtype != object:
        numbers = np.asarray(values).astype(np.float32)
        empty = Column(name, is_answer, cuts=_cuts(numbers[~np.isnan(numbers)]))
        return replace(empty, counts=tuple(empty.bins(numbers)))
    # Named by one half and counted in the other: what the same examples were to name would be rare nowhere but in them.
    names, each = np.unique(values[::2].astype(str), return_counts=True)
    ranked = [str(names[at]) for at in np.argsort(-each, kind="stable") if names[at]]
    empty = Column(name, is_answer, names=tuple(ranked[:_MOST_NAMES]) or ("",))
    return replace(empty, counts=tuple(empty.bins(values[1::2])))


def _cuts(numbers: NDArray[np.float32]) -> tuple[float, ...]:
    if not len(numbers):
        return ()
    bins = int(np.clip(len(numbers) // _EACH, 1, _BINS))
    inner: Any = np.quantile(numbers, np.linspace(0, 1, bins + 1)[1:-1], method="inverted_cdf") if bins > 1 else []
    below = np.nextafter(numbers.max(), np.float32(-np.inf), dtype=np.float32)
    cuts = np.unique(np.array([numbers.min(), *inner, below], np.float32))
    return tuple(cuts[np.isfinite(cuts)].tolist())


def _inputs(known: Description, x: Examples) -> Iterator[tuple[str, Array]]:
    """Names and values [examples]: float, NaN where missing, or object of texts, "" where missing."""
    info = known.info
    if isinstance(x, dict):
        for name, fields in ((NUMBERS, info.numbers), (CATEGORIES, info.categories)):
            if name in x:
                yield from zip([each.name for each in fields], x[name].T, strict=True)
        return
    if info.is_image:
        pixels = x.reshape(len(x), -1, x.shape[-1])
        yield "brightness", pixels.mean(axis=(1, 2))
        yield "contrast", pixels.std(axis=(1, 2))
        if len(_COLOURS) == x.shape[-1]:
            yield from zip(_COLOURS, pixels.mean(axis=1).T, strict=True)
    elif info.kind in ("text", "corpus"):
        read = np.maximum((x != PADDING).sum(axis=1), 1)
        yield "length", (x != PADDING).sum(axis=1).astype(np.float64)
        yield "share of unknown words", (x == UNKNOWN).sum(axis=1) / read
    elif info.kind == "series":
        for channel in range(x.shape[-1]):
            yield f"mean of channel {channel + 1}", x[..., channel].mean(axis=1)
            yield f"spread of channel {channel + 1}", x[..., channel].std(axis=1)
    else:
        yield from zip([each.name for each in row_features(info)], x.reshape(len(x), -1).T, strict=True)


def _answers(known: Description, outputs: Array) -> Iterator[tuple[str, Array]]:
    info = known.info
    flat = outputs.reshape(len(outputs), -1)
    if info.is_classification:
        shares = two_columns(flat)
        yield "answer", np.array(info.class_names, object)[decided(shares, known.threshold)]
        yield "confidence", shares.max(axis=1)
    elif info.task == "multilabel":
        yield "labels given", (flat > np.array(known.levels)).sum(axis=1).astype(np.float64)
        yield from zip([f"probability of {name}" for name in info.class_names[:_MOST_LABELS]], flat.T, strict=False)
    elif info.predicts_numbers:
        yield "answer", flat.mean(axis=1)


class Counter:
    """Counts of one process, taken in now and then: single questions would cost more to count than to answer."""

    def __init__(self, known: Description, profile: Profile) -> None:
        self.id = profile.id
        self._known, self._profile = known, profile
        self._examples = 0
        self._total: Counts = [[0] * len(each.counts) for each in profile.columns]

    def add(self, x: Examples, outputs: Array) -> None:
        for total, new in zip(self._total, self._profile.counted(self._known, x, outputs), strict=True):
            total[:] = [old + more for old, more in zip(total, new, strict=True)]
        self._examples += count(x)

    def taken(self) -> dict[str, object] | None:
        """What was counted since the last time; None of nothing."""
        if not self._examples:
            return None
        found = {"profile": self.id, "examples": self._examples, "counts": self._total}
        self._examples, self._total = 0, [[0] * len(each) for each in self._total]
        return found
