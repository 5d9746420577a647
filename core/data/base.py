"""What a data source is: a config model that knows its facts without loading, and loads into arrays."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from core.common.config_model import Config
from core.common.settings import Settings
from core.data.data_info import (
    CATEGORIES,
    NUMBERS,
    Array,
    DataInfo,
    Examples,
    Feature,
    Kind,
    Scaling,
    SplitBy,
    Task,
)
from core.data.number_scaling import Numbers
from core.data.series_facts import SeriesParts
from core.data.vocabulary import Vocabulary

__all__ = [
    "CATEGORIES",
    "NUMBERS",
    "Array",
    "DataInfo",
    "Dataset",
    "Examples",
    "Feature",
    "Kind",
    "Part",
    "Raw",
    "Scaling",
    "Source",
    "SplitBy",
    "Task",
]

Part = Literal["train", "validation", "test"]


@dataclass(frozen=True)
class Dataset:
    """A loaded data set.

    x: uint8 [examples, height, width, channels] for images; floats [examples, features] for rows; int32
    [examples, tokens] for text and windows of a corpus; floats [examples, steps, channels] for windows of series, see
    core.data.series_windows; for tables a dict of floats "numbers" (NaN where missing) and
    str "categories" ("" where missing), without the key of which there are none.
    y: int32 [examples] class numbers; uint8 [examples, labels] of 0 and 1 for several labels; floats [examples] for
    regression, [examples, horizon] for forecast; int32 [examples, tokens] for generation.
    Floats are float64, or float32 where the set was stored so, as long as they are in their own unit; as a network
    takes them (core.data.network_numbers.scaled) they are float32.
    """

    x_train: Examples
    y_train: Array
    x_val: Examples
    y_val: Array
    x_test: Examples
    y_test: Array
    info: DataInfo
    fingerprint: str  # hash over all arrays before the split
    vocabulary: Vocabulary | None = None  # of text and corpora, made from the training examples alone
    texts_test: Array | None = None  # of text: the test examples as they were written
    texts_train: Array | None = None
    numbers: Numbers | None = None  # how numbers were changed for the network, once they are
    rows_test: Examples | None = None  # then: the numeric test examples as they were
    targets_test: Array | None = None  # the same, of a regression's targets
    series: SeriesParts | None = None  # of windows of series: the rows that they are of


@dataclass(frozen=True)
class Raw:
    """A source's arrays as published, before the split into training and validation examples.

    Texts are arrays of str objects. Of a corpus x_train and x_test hold one text each and y nothing; of series x_train
    holds rows of core.data.series_grid, y_train their target, and the rest nothing. Where
    info.split_by is "time", the training examples are in the order of time.
    """

    x_train: Examples
    y_train: Array = field(default_factory=lambda: np.empty(0, np.int32))
    x_test: Examples = field(default_factory=lambda: np.empty(0))
    y_test: Array = field(default_factory=lambda: np.empty(0, np.int32))
    x_val: Examples | None = None  # the validation part that the data's author made, where there is one
    y_val: Array | None = None
    groups: Array | None = None  # int32, of the training examples, then of x_val: equal ones are never parted

    def parts(self) -> Iterator[tuple[Part, Examples, Array]]:
        """Training and test, and the validation part between them where there is one."""
        yield "train", self.x_train, self.y_train
        if self.x_val is not None and self.y_val is not None:
            yield "validation", self.x_val, self.y_val
        yield "test", self.x_test, self.y_test


class Source(Config):
    """Base of every data source's config. Subclasses add `source: Literal["<name>"]` and options of their own."""

    title: ClassVar[str]
    summary: ClassVar[str]  # one line: what it is, where it comes from
    facts: ClassVar[DataInfo]  # of a built-in set as published

    source: str
    validation_split: float = Field(
        0.2, ge=0, le=0.9, title="Validation split", description="Share of the training examples held back, by seed."
    )
    folds: int = Field(
        0,
        ge=0,
        le=100,
        title="Folds",
        description="Hold back one of so many folds for validation, in place of a share; 0 for none.",
    )
    fold: int = Field(0, ge=0, le=99, title="Fold", description="Which fold is held back, counted from 0.")
    limit: int | None = Field(
        None,
        ge=1,
        title="Limit",
        description="Use only so many training examples, chosen by seed; empty uses all.",
        json_schema_extra={"empty": "all"},
    )

    def published(self, settings: Settings) -> DataInfo:
        """What is known of the arrays that `read` gives.

        Raises:
            DataError: a set that was added by a user and is not on this host.
        """
        return self.facts

    def info(self, settings: Settings) -> DataInfo:
        """What is known of the data that a network sees, with these options. Raises DataError as `published`."""
        return self.published(settings)

    def read(self, settings: Settings) -> Raw:
        """The arrays as published.

        Raises:
            DataError: neither in a local folder nor downloadable, or not what its name promises.
        """
        raise NotImplementedError

    @property
    def validates(self) -> bool:
        """Whether examples are held back for validation."""
        return bool(self.folds or self.validation_split)

    def uses_validation_part(self, info: DataInfo) -> bool:
        """Whether a run validates on the part that the data's author made; otherwise it joins the training examples."""
        return bool(info.validation_examples) and not self.folds

    def sizes(self, info: DataInfo) -> tuple[int, int]:
        """Training and validation examples after limit and split, known without loading; of groups, about."""
        total = self.total(info)
        if self.uses_validation_part(info):
            return total, info.validation_examples
        # As scikit-learn cuts folds: the first ones take what does not divide.
        validation = -(-(total - self.fold) // self.folds) if self.folds else round(total * self.validation_split)
        return total - validation, validation

    def total(self, info: DataInfo) -> int:
        """Training examples after the limit, before the validation split."""
        joined = 0 if self.uses_validation_part(info) else info.validation_examples
        return min(self.limit or info.train_examples + joined, info.train_examples + joined)
