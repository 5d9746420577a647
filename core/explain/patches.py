"""A picture cut into patches, of which some are kept and the others covered."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.data.base import Array

_AT_ONCE = 32  # copies of a picture, which may be large


@dataclass(frozen=True)
class Patches:
    of: Array  # int [height, width]: the patch that a pixel is in
    count: int

    @classmethod
    def grid(cls, picture: Array, most: int) -> "Patches":
        """At most so many along a side of a picture [height, width, …]."""
        height, width = picture.shape[:2]
        tall, wide = min(height, most), min(width, most)
        of_row, of_column = np.arange(height) * tall // height, np.arange(width) * wide // width
        return cls(of_row[:, np.newaxis] * wide + of_column, tall * wide)

    def sums(self, heat: Array) -> Array:
        """[patches], of a map [height, width]."""
        found: Array = np.bincount(self.of.ravel(), heat.ravel(), minlength=self.count)
        return found

    def spread(self, values: Array) -> Array:
        """The map [height, width] of values [patches], which adds up to the same."""
        found: Array = (values / self.sums(np.ones(self.of.shape)))[self.of]
        return found

    def answers(self, answers: Callable[[Array], Array], picture: Array, fill: Array) -> Callable[[Array], Array]:
        """Of pictures [n, …] -> of which patches are kept, bool [n, patches]; the others have the colour `fill`."""

        def of_kept(kept: Array) -> Array:
            parts = [kept[at : at + _AT_ONCE] for at in range(0, len(kept), _AT_ONCE)]
            mixed = (np.where(part[:, self.of][..., np.newaxis], picture, fill) for part in parts)
            return np.concatenate([answers(each) for each in mixed])

        return of_kept


def cells(heat: Array, most: int) -> Array:
    """A map of at most so many cells a side, each the sum of its pixels, so that they add up to the same."""
    for axis in (0, 1):
        side = heat.shape[axis]
        starts = np.linspace(0, side, min(side, most) + 1).round().astype(int)[:-1]
        heat = np.add.reduceat(heat, starts, axis=axis)
    return heat
