"""What is known of a data set, and of what a network takes; light, as exported networks carry it."""

from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from core.data.series_facts import SeriesFacts

Array = NDArray[Any]
Examples = Array | dict[str, Array]  # a table's are {"numbers": [rows, features], "categories": [rows, features]}
Kind = Literal["image", "rows", "table", "text", "corpus", "series"]
Task = Literal["binary", "multiclass", "multilabel", "regression", "generation", "forecast"]
Scaling = Literal["unit", "symmetric", "standard"]
SplitBy = Literal["random", "group", "time"]

NUMBERS, CATEGORIES = "numbers", "categories"  # the two inputs of a network for tables


@dataclass(frozen=True)
class Feature:
    """One column of a table that is learned from."""

    name: str
    kind: Literal["number", "category", "date"]  # "date" only where a row is asked for: all that a date gives
    categories: tuple[str, ...] = ()  # seen when the table was added; others count as unknown, "" as missing
    date_order: str = ""  # of what a date gives: how the dates of its column are written, as "dmy"
    decimal: str = ""  # of a number: the decimal sign of its column in the file; "" where it holds none
    unit: str = ""  # of a number: that, or the currency, of its column in the file
    missing: tuple[str, ...] = ()  # words that count as missing because the user said so, besides the usual ones


@dataclass(frozen=True)
class DataInfo:
    """What is known of a data set before it is loaded; the form, the checks and the models go by it.

    Shape of one example, without the batch: (28, 28, 1) for an image, (4,) for a row of numbers, (features,) for a
    table, (tokens,) for a text and for a window of a corpus, (steps, channels) for a window of a series.
    """

    shape: tuple[int, ...]
    class_names: tuple[str, ...]  # of a multilabel task the labels; none for regression, forecast and generation
    train_examples: int  # before the validation split; without the author's validation part
    test_examples: int
    task: Task = "multiclass"
    kind: Kind = "rows"
    scaling: Scaling = "unit"  # of an image's pixels
    white: int = 0  # of images: the number that was taken for white in greys of 16 bits; 0 for that of their type
    vocabulary: int = 0  # of text: ids run from 0 (padding) and 1 (unknown) to vocabulary - 1
    word_rules: int = 1  # of text: version of the rules by which it is cut into tokens, core.data.vocabulary
    tokens: int = 0  # of a corpus, in all
    features: tuple[Feature, ...] = ()  # of a table, in order; of rows where their columns have names
    target: str = ""  # name of what is predicted, where the data have one
    text_columns: tuple[str, ...] = ()  # of text from a table: the columns that each text is joined of, in order
    validation_examples: int = 0  # of a validation part that the data's author made; 0 for none
    split_by: SplitBy = "random"  # how parts are held back: what the test does not see, validation does not either
    groups: int = 0  # of the examples that are not for the test, where they are split by group
    series: SeriesFacts | None = None  # of series
    units: int = 0  # outputs of a network of which no more is known; 0 of all others
    whole: tuple[int, int] | None = None  # of such a network that takes whole numbers: the least and the greatest

    @property
    def is_image(self) -> bool:
        """Pixels 0 to 255, channels last."""
        return self.kind == "image"

    @property
    def is_classification(self) -> bool:
        """Each example is of one class."""
        return self.task in ("binary", "multiclass")

    @property
    def predicts_numbers(self) -> bool:
        """In the unit of a target, which is scaled for the network."""
        return self.task in ("regression", "forecast")

    @property
    def classes(self) -> int:
        return len(self.class_names)

    @property
    def numbers(self) -> tuple[Feature, ...]:
        return tuple(feature for feature in self.features if feature.kind == "number")

    @property
    def categories(self) -> tuple[Feature, ...]:
        return tuple(feature for feature in self.features if feature.kind == "category")

    @property
    def outputs(self) -> int:
        """Units of the network's last layer: a probability, one per class, label or token, or the predicted numbers."""
        if self.units:
            return self.units
        if self.task == "generation":
            return self.vocabulary
        if self.series is not None:
            return self.series.horizon
        return self.classes if self.task in ("multiclass", "multilabel") else 1
