"""What a format of tables gives: its cells as text, piece by piece."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.common.settings import Settings
from core.data.library.read_options import Progress, TableOptions

if TYPE_CHECKING:
    import pyarrow as pa

Rows = Sequence[Sequence[str]]
Batches = Iterator["Sequence[pa.Array]"]  # some rows: a string array for each column


@dataclass(frozen=True)
class TableFile:
    """A table in a file, opened: known are its columns, not yet its rows."""

    name: str  # for messages
    columns: tuple[str, ...]
    batches: Callable[[Progress], Batches]  # every row below the header. Raises DataError
    header: bool = True
    header_reason: str = ""
    encoding: str = ""
    delimiter: str = ""
    declared: Mapping[str, str] = field(default_factory=dict)  # types that the file says: number, text, date, nested
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    notes: tuple[str, ...] = ()
    encoding_note: str = ""  # a sentence where the encoding is a guess
    found: Sequence[str] = ()  # further notes, complete when all rows were read


Open = Callable[[Settings, Path, str, TableOptions, Progress], TableFile]


@dataclass(frozen=True)
class Format:
    title: str
    endings: tuple[str, ...]  # with their point, lower case
    open: Open
