"""What a data set looks like: computed once, when it is added, from all of its examples."""

from dataclasses import dataclass
from typing import Literal

from core.data.base import Part
from core.data.library.label_profile import LabelSpread
from core.data.library.series_options import Line


@dataclass(frozen=True)
class Histogram:
    edges: tuple[float, ...]  # one more than counts
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Spread:
    """Of numbers: what they range over. Quantiles at QUANTILES."""

    count: int
    minimum: float
    maximum: float
    mean: float
    deviation: float
    quantiles: tuple[float, ...]
    histogram: Histogram


QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Split:
    part: Part
    examples: int
    class_counts: tuple[int, ...] = ()  # in the order of info.class_names


@dataclass(frozen=True)
class Column:
    """A feature, or the target of a regression; over the training part unless said otherwise."""

    name: str
    kind: Literal["number", "category", "target"]
    missing_train: int
    missing_test: int
    distinct: int
    spread: Spread | None = None  # of numbers
    top: tuple[tuple[str, int], ...] = ()  # of categories, the most frequent first


@dataclass(frozen=True)
class Texts:
    """Of labelled and running texts. Lengths are per text; a running text has none."""

    words: Spread | None
    characters: Spread | None
    frequent_words: tuple[tuple[str, int], ...]
    frequent_characters: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Images:
    height: int  # as stored
    width: int
    channels: int
    original_sizes: tuple[tuple[str, int], ...]  # ("640x480", 12), width first, the most frequent first
    mean: tuple[float, ...]  # per channel, 0 to 255, over the training part
    deviation: tuple[float, ...]


@dataclass(frozen=True)
class Duplicates:
    """Examples that are exactly equal to an earlier one, whatever their label."""

    within_train: int
    within_test: int
    across: int  # examples of the test part that are in the training part, too
    conflicting: int  # training examples that are equal to one with another label


@dataclass(frozen=True)
class Sample:
    """A real example, for a gallery; what it does not have is empty."""

    part: Part
    label: str = ""  # class name, or the target's value
    picture: str = ""  # file within the data set's folder, see core.data.library.sample_file
    text: str = ""  # its first 1,000 characters
    row: tuple[tuple[str, str], ...] = ()  # column, value


@dataclass(frozen=True)
class Profile:
    splits: tuple[Split, ...]
    columns: tuple[Column, ...] = ()  # of tables and rows; then the target of a regression
    texts: Texts | None = None
    images: Images | None = None
    duplicates: Duplicates | None = None
    samples: tuple[Sample, ...] = ()
    lines: tuple[Line, ...] = ()  # of series
    labels: LabelSpread | None = None  # where an example has several
