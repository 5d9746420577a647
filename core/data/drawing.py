"""Drawings by hand, placed like the pictures of the data sets of digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.data.data_info import Array

_SMALL = 32  # pixels: grey data of at most this side are taken for digits and the like, centred in a frame
_BOX = 20 / 28  # share of the frame that MNIST's digits fill
_TINY = 8  # pixels: at most this side there is no room for a frame, as in scikit-learn's digits
_FAINT = 24  # of 255: less is no ink


@dataclass(frozen=True)
class Frame:
    """How a drawing of a small grey data set is placed: the longer side of the ink, in pixels, by centre of mass."""

    height: int
    width: int

    @property
    def applies(self) -> bool:
        return max(self.height, self.width) <= _SMALL

    @property
    def box(self) -> int:
        side = min(self.height, self.width)
        return side if side <= _TINY else max(1, round(side * _BOX))

    @property
    def note(self) -> str:
        return (
            f"The drawing was cut out, scaled to {self.box} pixels and centred by its mass in {self.height} x "
            f"{self.width}, as the digits of such data sets are."
        )

    def place(self, ink: Array) -> Array:
        """uint8 [height, width, 1] of this frame, from a drawing [any height, any width, 1], white on black.

        As LeCun et al. made MNIST: the size normalised to fit a box, its proportions kept, antialiased, then the centre
        of mass moved to the middle; here as far as nothing is cut off.
        """
        placed = np.zeros((self.height, self.width, 1), np.uint8)
        rows, columns = np.flatnonzero((ink > _FAINT).any(axis=(1, 2))), np.flatnonzero((ink > _FAINT).any(axis=(0, 2)))
        if not len(rows):
            return placed
        cut = Image.fromarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, 0])
        share = self.box / max(cut.size)
        size = max(1, round(cut.width * share)), max(1, round(cut.height * share))
        small = np.asarray(cut.resize(size, Image.Resampling.BOX))
        top, left = (_start(small, axis, room) for axis, room in enumerate((self.height, self.width)))
        placed[top : top + size[1], left : left + size[0], 0] = small
        return placed


def _start(ink: NDArray[np.uint8], axis: int, room: int) -> int:
    """Where the ink begins along an axis, so that its centre of mass is in the middle of the room."""
    length: int = ink.shape[axis]
    mass = ink.sum(axis=1 - axis, dtype=np.float64)
    centre = float((mass @ (np.arange(length) + 0.5)) / mass.sum()) if mass.sum() else length / 2
    return min(max(0, round(room / 2 - centre)), room - length)
