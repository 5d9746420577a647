"""How several labels are spread over the training examples."""

from dataclasses import dataclass

import numpy as np

from core.data.base import Array, DataInfo

_MOST_PAIRS = 10
_MOST_LABELS = 2000  # of which pairs are counted


@dataclass(frozen=True)
class LabelSpread:
    per_example: tuple[int, ...]  # examples with no label, with one, two and so on
    pairs: tuple[tuple[str, str, int], ...] = ()  # labels that stand together most often, and in how many examples


def label_spread(y: Array, info: DataInfo) -> LabelSpread | None:
    """Of y as uint8 [examples, labels]; None of other tasks."""
    if info.task != "multilabel":
        return None
    counts = np.bincount(y.sum(axis=1, dtype=np.int64)).tolist()
    if info.classes > _MOST_LABELS:
        return LabelSpread(tuple(counts))
    wide = y.astype(np.float32)
    together = np.triu(wide.T @ wide, 1)
    order = np.argsort(-together, axis=None, kind="stable")[:_MOST_PAIRS]
    places = [np.unravel_index(place, together.shape) for place in order]
    names = info.class_names
    pairs = [(names[int(a)], names[int(b)], int(together[a, b])) for a, b in places if together[a, b]]
    return LabelSpread(tuple(counts), tuple(pairs))
