"""Several labels of real pictures: which segments of a seven-segment display show a handwritten digit."""

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from core.common.settings import Settings
from core.data.base import Array, DataInfo, Raw
from core.data.source_options import ImageSource
from core.data.sources.bundled import Bundled, Digits

SEGMENTS = ("top", "upper right", "lower right", "bottom", "lower left", "upper left", "middle")
# By digit, in this order; the usual forms, in which 6 and 9 have a tail.
_LIT = ("1111110", "0110000", "1101101", "1111001", "0110011", "1011011", "1011111", "1110000", "1111111", "1111011")


class DigitSegments(Bundled, ImageSource):
    title: ClassVar[str] = "Digits as segments"
    summary: ClassVar[str] = (
        "The 1,797 handwritten digits of scikit-learn, 8x8 pixels, with two to seven labels each: the segments of a "
        "display that show the digit."
    )
    facts: ClassVar[DataInfo] = replace(Digits.facts, class_names=SEGMENTS, task="multilabel")

    source: Literal["digit_segments"] = "digit_segments"

    def arrays(self) -> tuple[Array, Array]:
        return Digits().arrays()

    def read(self, settings: Settings) -> Raw:
        raw = super().read(settings)  # with the digits, each of which has its share of the test
        lit = np.array([[int(each) for each in digit] for digit in _LIT], np.uint8)
        return replace(raw, y_train=lit[raw.y_train], y_test=lit[raw.y_test])
