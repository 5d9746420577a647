"""What a data source is: a config model that knows its facts without loading, and loads into arrays."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core.config.base import Config
from core.settings import Settings

Array = NDArray[Any]
Task = Literal["binary", "multiclass"]


@dataclass(frozen=True)
class DataInfo:
    """What is known of a data set before it is loaded; the form, the checks and the models go by it."""

    shape: tuple[int, ...]  # of one example, without the batch: (28, 28, 1) for an image, (4,) for a row
    class_names: tuple[str, ...]
    train_examples: int  # before the validation split
    test_examples: int
    task: Task = "multiclass"
    is_image: bool = False  # pixels 0 to 255, channels last

    @property
    def classes(self) -> int:
        return len(self.class_names)

    @property
    def outputs(self) -> int:
        """Units of the network's last layer: one probability for a binary task, one per class otherwise."""
        return 1 if self.task == "binary" else self.classes


@dataclass(frozen=True)
class Dataset:
    """A loaded data set. x: [examples, *shape], uint8 for images, else float32; y: [examples] int32 class numbers."""

    x_train: Array
    y_train: Array
    x_val: Array
    y_val: Array
    x_test: Array
    y_test: Array
    info: DataInfo
    fingerprint: str  # hash over all arrays before the split


@dataclass(frozen=True)
class Raw:
    """A source's arrays as published, before the split into training and validation examples."""

    x_train: Array
    y_train: Array
    x_test: Array = field(default_factory=lambda: np.empty(0))
    y_test: Array = field(default_factory=lambda: np.empty(0))


class Source(Config):
    """Base of every data source's config. Subclasses add `source: Literal["<name>"]` and options of their own."""

    title: ClassVar[str]
    summary: ClassVar[str]  # one line: what it is, where it comes from
    info: ClassVar[DataInfo]

    source: str
    validation_split: float = Field(
        0.2, ge=0, le=0.9, title="Validation split", description="Share of the training examples held back, by seed."
    )
    limit: int | None = Field(
        None, ge=1, title="Limit", description="Use only so many training examples, chosen by seed; empty uses all."
    )

    def read(self, settings: Settings) -> Raw:
        """The arrays as published.

        Raises:
            DataError: neither in a local folder nor downloadable, or not what its name promises.
        """
        raise NotImplementedError

    def sizes(self) -> tuple[int, int]:
        """Training and validation examples after limit and split, known without loading."""
        total = self.total()
        validation = round(total * self.validation_split)
        return total - validation, validation

    def total(self) -> int:
        """Training examples after the limit, before the validation split."""
        return min(self.limit or self.info.train_examples, self.info.train_examples)
