"""What can be said when a data set is added, and what is shown before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.data.base import Task

Progress = Callable[[float, str], None]  # share done, 0 to 1, and what is being done
ColumnKind = Literal["number", "category", "ignore"]
TableTask = Literal["auto", "classification", "regression"]


def silent(_share: float, _what: str) -> None:
    """Progress that nobody wants to hear of."""


def within(progress: Progress, start: float, end: float) -> Progress:
    """The progress of one part of the work, told as that of all."""
    return lambda share, what: progress(start + (end - start) * share, what)


@dataclass(frozen=True, kw_only=True)
class Options:
    """Those of every kind."""

    title: str = ""  # empty takes the name
    description: str = ""
    test_share: float = 0.2  # held back for the test where the files have no test part of their own; 0 for none
    val_as_test: bool = False  # take the author's validation part as the test, where there is no test part
    group: str = ""  # never parted: a column; of files a pattern, see core.data.library.file_groups
    time: str = ""  # the last share is held back: a column; of files a pattern
    encoding: str = ""  # of text files; empty finds it out
    origin: str = ""  # name of the file as the user knows it; empty takes the path's
    class_names: Mapping[str, str] | tuple[str, ...] = ()  # by label, or in order, see core.data.library.renaming


@dataclass(frozen=True, kw_only=True)
class TableOptions(Options):
    target: str
    task: TableTask = "auto"
    columns: Mapping[str, ColumnKind] = field(default_factory=dict)  # those not named are what `peek_table` guesses
    delimiter: str = ""  # a sign, or "tab"; empty is found out
    max_categories: int = 100  # of a column; rarer ones count as unknown


@dataclass(frozen=True, kw_only=True)
class ImageOptions(Options):
    size: tuple[int, int] | None = None  # height and width stored; None is the pictures' own, or at most 128 x 128
    skip_broken: bool = False  # leave files out that are no pictures, rather than refuse all


@dataclass(frozen=True, kw_only=True)
class TextOptions(Options):
    """Columns are for tables of texts: a name, or a number from 0 as text where the file has no header."""

    text: str = ""
    joined: tuple[str, ...] = ()  # columns put behind that text, each on a line of its own, such as a description
    label: str = ""
    delimiter: str = ""
    combinations: bool = False  # several labels in one cell make a class of their own


@dataclass(frozen=True, kw_only=True)
class CorpusOptions(Options):
    """The test part is cut off by the run's own options."""

    field: str = ""  # of a JSON file: the one that holds the text, keys from the outside in with points between


@dataclass(frozen=True, kw_only=True)
class ArrayOptions(Options):
    """Arrays x_train, y_train, x_test, y_test; or x and y. class_names, of texts, is optional."""


@dataclass(frozen=True)
class ColumnGuess:
    name: str
    kind: ColumnKind  # "ignore" for what looks like an identifier or holds nothing
    reason: str  # why it is ignored, "" otherwise
    missing: int
    distinct: int
    task: Task | None  # as a target; None where it cannot be one
    examples: tuple[str, ...]  # some values


@dataclass(frozen=True)
class TablePreview:
    encoding: str
    delimiter: str
    rows: int  # with those of the test part
    test_rows: int  # in a test file of its own
    columns: tuple[ColumnGuess, ...]
    first_rows: tuple[tuple[str, ...], ...]  # at most 20, as written
    target: str  # guessed, "" when no column can be one


@dataclass(frozen=True)
class TextPreview:
    encoding: str
    layout: Literal["table", "files", "folders"]
    class_counts: Mapping[str, int]
    test_texts: int  # in a test part of its own
    columns: tuple[str, ...] = ()  # of a table; "0", "1", … when it has no header
    text: str = ""  # columns as guessed or given
    label: str = ""
    delimiter: str = ""
    first_rows: tuple[tuple[str, str], ...] = ()  # label, text; at most 20
    encoding_note: str = ""  # a sentence where the encoding is a guess
    several: str = ""  # a sentence where cells seem to hold several labels
    validation_texts: int = 0  # in a validation part of its own
    notes: tuple[str, ...] = ()  # what is left out or joined, in sentences


@dataclass(frozen=True)
class CorpusPreview:
    encoding: str
    characters: int  # of the text that would be learned
    beginning: str
    fields: tuple[tuple[str, int, int, str], ...] = ()  # of JSON: name, texts, characters, an example
    field: str = ""  # as said, or proposed
    looks_like: str = ""  # a sentence for what is no plain text
    encoding_note: str = ""  # a sentence where the encoding is a guess


@dataclass(frozen=True)
class ImagesPreview:
    class_counts: Mapping[str, int]
    test_images: int  # in a test part of its own
    sizes: tuple[tuple[str, int], ...]  # of the first thousand, ("640x480", 12), width first
    stored_size: tuple[int, int]  # height, width, when nothing else is asked for
    broken: tuple[str, ...] = ()  # among the first thousand
    validation_images: int = 0  # in a validation part of its own
    notes: tuple[str, ...] = ()  # what is left out or joined, in sentences
