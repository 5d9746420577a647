"""Where pictures of a class speak for it, in the mean over some of them."""

import numpy as np

from core.data.base import Array
from core.data.pictures import fitted, png_of
from core.explain.patches import cells
from core.jobs.importance import Region

_SHOWN = 28  # of a map along a side
_SIDE = 64  # of a picture
_SURE = 2.0  # standard errors from 0 that a place is
LEAST = 3  # pictures of a class


class MeanMap:
    """Of one class; maps are added one by one."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._maps: list[Array] = []
        self._pictures: list[Array] = []

    @property
    def count(self) -> int:
        return len(self._maps)

    def add(self, picture: Array, heat: Array) -> None:
        """`picture` uint8 [height, width, channels], of the same size as all others; `heat` [height, width]."""
        height, width = picture.shape[:2]
        share = min(1.0, _SIDE / max(height, width))
        small = fitted(picture, max(1, round(height * share)), max(1, round(width * share)))
        self._maps.append(cells(heat, _SHOWN))
        self._pictures.append(small)

    def region(self) -> Region:
        """Places that are not surely for or against are 0."""
        maps = np.stack(self._maps)
        mean, error = maps.mean(axis=0), maps.std(axis=0, ddof=1) / np.sqrt(len(maps))
        sure = np.where(np.abs(mean) > _SURE * error, mean, 0.0)
        picture = np.mean(self._pictures, axis=0).round().astype(np.uint8)
        return Region(
            name=self._name,
            pictures=len(maps),
            heat=tuple(tuple(float(f"{each:.4g}") for each in row) for row in sure.tolist()),
            seen=png_of(picture),
        )
