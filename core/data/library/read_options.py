"""What can be said when a data set is added, and what is shown before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.data.data_info import Task

Progress = Callable[[float, str], None]  # share done, 0 to 1, and what is being done
ColumnKind = Literal["number", "category", "date", "ignore", "part"]
TargetTask = Literal["auto", "classification", "multilabel", "regression"]
Header = Literal["auto", "yes", "no"]
Decimal = Literal["auto", ".", ","]
DateOrder = Literal["auto", "ymd", "dmy", "mdy"]
DatePart = Literal["year", "month", "day", "weekday", "hour", "days"]

# What stands for a missing number or date; among words these may be values of their own, as None or NA often are.
MISSING_AMONG_NUMBERS = (
    *("?", "-", "--", "–", "—", ".", "..", "*", "NA", "N/A", "#N/A", "#NA", "n.a.", "NaN", "nan", "-nan", "<NA>"),
    *(
        "NULL",
        "None",
        "nil",
        "missing",
        "#VALUE!",
        "#REF!",
        "#DIV/0!",
        "#NUM!",
        "#NAME?",
        "#NULL!",
        "#N/V",
        "#WERT!",
        "#BEZUG!",
        "#ZAHL!",
        "NaT",
        "\\N",
        "…",
        "---",
    ),
    *("unknown", "not available", "not applicable", "no data", "N.A", "n. a."),
    *("k.A.", "k. A.", "k.A", "kA", "k/A", "keine Angabe", "keine Angaben", "n.v.", "n. v.", "n/v", "nicht verfügbar"),
    *("unbekannt", "fehlt", "entf.", "entfällt", "n.d.", "n. d.", "n.d", "nd", "n/d", "s/d", "s.d.", "sin dato"),
    *("sin datos", "no disponible", "desconocido", "sem dados", "non renseigné", "n.r.", "NR", "n.c.", "inconnu"),
    *("non disponible", "non disponibile", "sconosciuto", "onbekend", "brak danych"),
    *("н/д", "нет данных", "неизвестно", "无", "未知", "缺失", "不明", "なし", "없음"),
)
DATE_PARTS: tuple[DatePart, ...] = ("year", "month", "weekday", "hour", "days")


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
    task: TargetTask = "auto"  # of what is predicted; not of a running text
    more_targets: tuple[str, ...] = ()  # beside the target: columns of 0 and 1 that are a label each
    labels_by: str = ""  # what parts several labels in a cell: a sign or its name; empty finds it out


@dataclass(frozen=True, kw_only=True)
class TableOptions(Options):
    """What is not said is found out, and shown by `peek_table`."""

    target: str = ""  # needed to add; a preview guesses it
    columns: Mapping[str, ColumnKind] = field(default_factory=dict)  # those not named are what `peek_table` guesses
    delimiter: str = ""  # a sign, or "tab"; empty is found out
    header: Header = "auto"  # whether the first row holds the names of the columns
    names: tuple[str, ...] = ()  # of the columns, in order; in place of those of the file
    skip: int = 0  # lines before the table
    sheet: str = ""  # of a workbook; empty takes the first that holds a table
    missing: tuple[str, ...] = ()  # words that stand for missing in every column; empty cells always do
    missing_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the same, in the named columns
    missing_among_numbers: tuple[str, ...] = MISSING_AMONG_NUMBERS  # in columns of numbers and dates; any case
    decimal: Decimal = "auto"  # the sign before the decimals
    decimal_in: Mapping[str, Decimal] = field(default_factory=dict)  # of the named columns
    date_order: DateOrder = "auto"
    date_parts: tuple[DatePart, ...] = DATE_PARTS  # features that a date gives; days since the first one
    max_categories: int = 100  # of a column; rarer ones count as unknown
    of_texts: bool = False  # labelled texts: a row may begin like a comment, and names are told by other rules


@dataclass(frozen=True, kw_only=True)
class ImageOptions(Options):
    size: tuple[int, int] | None = None  # height and width stored; None is the pictures' own, or at most 128 x 128
    skip_broken: bool = False  # leave files out that are no pictures, rather than refuse all
    white: int = 0  # the number that is white in greys of 16 bits; 0 finds it out
    labels_file: str = ""  # a table beside the pictures that says what they show; found where no folders say it
    label: str = ""  # of that table: the column that is predicted; guessed where one is likely


@dataclass(frozen=True, kw_only=True)
class TextOptions(Options):
    """Columns are for tables of texts: a name, or "column 1" and so on where the file has no row of names."""

    text: str = ""
    joined: tuple[str, ...] = ()  # columns put behind that text, each on a line of its own, such as a description
    label: str = ""
    delimiter: str = ""
    header: Header = "auto"  # as of TableOptions, as is the sheet
    sheet: str = ""
    combinations: bool = False  # several labels in one cell make a class of their own


@dataclass(frozen=True, kw_only=True)
class CorpusOptions(Options):
    """The test part is cut off by the run's own options."""

    field: str = ""  # of JSON: the one that holds the text, keys from the outside in with points between; or a column


@dataclass(frozen=True, kw_only=True)
class ArrayOptions(Options):
    """Arrays x_train, y_train, x_test, y_test; or x and y. class_names, of texts, is optional."""


@dataclass(frozen=True)
class ColumnGuess:
    """What a column was taken for, and why; as asked for where something was said."""

    name: str
    kind: ColumnKind  # "ignore" for what looks like an identifier or holds nothing, "part" for what says each row's
    reason: str  # why it is ignored, "" otherwise
    missing: int
    distinct: int
    task: Task | None  # as a target; None where it cannot be one
    examples: tuple[str, ...]  # some values
    how: str = ""  # how its cells were understood, in words
    question: str = ""  # what may be meant otherwise, and which option says so
    features: tuple[str, ...] = ()  # that it gives to learn from; of a date several
    missing_words: tuple[tuple[str, int], ...] = ()  # words that count as missing, and in how many rows they stand
    nearly: bool = False  # whether it would be numbers, but for a few cells


@dataclass(frozen=True)
class TablePreview:
    encoding: str
    delimiter: str  # "" for files that have none
    rows: int  # with those of all parts
    test_rows: int  # of a test part that its author made
    columns: tuple[ColumnGuess, ...]
    first_rows: tuple[tuple[str, ...], ...]  # at most 20, as written
    target: str  # guessed, "" when no column can be one
    validation_rows: int = 0  # the same, to validate on
    header: bool = True
    header_reason: str = ""
    read_names: tuple[str, ...] = ()  # of read_rows
    read_rows: tuple[tuple[str | float | None, ...], ...] = ()  # the first rows as they will be learned from
    sheets: tuple[str, ...] = ()  # of a workbook
    sheet: str = ""  # the one that is read
    notes: tuple[str, ...] = ()  # what was done with the files, in sentences
    told: tuple[str, ...] = ()  # what the target that was said makes, in sentences
    problem: str = ""  # why it makes nothing


@dataclass(frozen=True)
class TextPreview:
    encoding: str
    layout: Literal["table", "files", "folders"]
    class_counts: Mapping[str, int]
    test_texts: int  # in a test part of its own
    columns: tuple[str, ...] = ()  # of a table; "column 1", … when it has no row of names
    text: str = ""  # columns as guessed or given
    label: str = ""
    delimiter: str = ""
    first_rows: tuple[tuple[str, str], ...] = ()  # label, text; at most 20
    validation_texts: int = 0  # in a validation part of its own
    notes: tuple[str, ...] = ()  # what is left out or joined, in sentences
    encoding_note: str = ""  # a sentence where the encoding is a guess
    task: Task = "multiclass"  # as said, or as the labels look like
    told: tuple[str, ...] = ()  # how the labels are understood, in sentences
    problem: str = ""  # why nothing can be learned so
    label_columns: tuple[str, ...] = ()  # where several columns are a label each
    joined: tuple[str, ...] = ()  # columns behind that text, as guessed or given


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
    labels_file: str = ""  # the table that says what they show, where that is no folder
    columns: tuple[str, ...] = ()  # of that table, which may be predicted
    label: str = ""  # the one that is
    task: Task = "multiclass"
    told: tuple[str, ...] = ()  # how the labels are understood, in sentences
    problem: str = ""  # why nothing can be learned so
