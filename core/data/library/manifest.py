"""What is known of an added data set: the content of its dataset.json."""

from dataclasses import dataclass
from typing import Literal

from core.data.base import DataInfo
from core.data.library.leaks.leak import Leak

DatasetKind = Literal[
    "table", "series", "images", "text", "corpus", "arrays"
]  # also the names of the sources in core.data.sources.added
KINDS: dict[DatasetKind, str] = {
    "table": "Table",
    "series": "Time series",
    "images": "Images",
    "text": "Labelled texts",
    "corpus": "Running text",
    "arrays": "Rows of numbers",
}


@dataclass(frozen=True)
class TokenCounts:
    """Of the training part of labelled texts; of the whole of a running text."""

    words: int = 0  # with signs; of a running text with the tokens for spaces that are not the usual ones
    distinct_words: int = 0
    characters: int = 0
    distinct_characters: int = 0


@dataclass(frozen=True)
class Manifest:
    """A data set that a user added; immutable, like its files."""

    name: str  # unique; lower-case letters, digits, - and _
    kind: DatasetKind
    title: str
    description: str
    origin: str  # name of the file or folder it came from
    added_at: float  # seconds since 1970
    added_by: str
    fingerprint: str  # SHA-256 over the arrays, as core.data.prepare.fingerprint
    bytes: int  # on disk
    info: DataInfo
    tokens: TokenCounts | None = None  # of texts
    warnings: tuple[str, ...] = ()  # what was left out, filled in or decided while it was read, in sentences
    leaks: tuple[Leak, ...] = ()  # what makes its test flatter a network
