"""The four points of exclusive or."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.common.settings import Settings
from core.data.base import DataInfo, Raw, Source


class Xor(Source):
    title: ClassVar[str] = "XOR"
    summary: ClassVar[str] = "Four points of two bits; the smallest problem that needs a hidden layer."
    facts: ClassVar[DataInfo] = DataInfo((2,), ("0", "1"), train_examples=4, test_examples=4, task="binary")

    source: Literal["xor"] = "xor"
    validation_split: float = Field(
        0.0, ge=0, le=0.9, title="Validation split", description="Share of the training examples held back, by seed."
    )

    def read(self, settings: Settings) -> Raw:
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
        y = np.array([0, 1, 1, 0], dtype=np.int32)
        return Raw(x, y, x, y)  # the four points are all there is, to train on and to test on
