"""Every cell of a table as the text it was written as: kept in a file, and taken from it one column at a time.

So a table of any size takes the memory of one column, and a column is decided over all its files together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.data.data_info import Array

if TYPE_CHECKING:
    import pyarrow as pa

INVISIBLE = "[\u200b\u2060\ufeff]"  # without width; joiners, which have a meaning in some scripts, stay
_CELLS = 200_000  # of a batch


def rows_per_batch(columns: int) -> int:
    return max(64, _CELLS // max(1, columns))


@dataclass(frozen=True, eq=False)
class Column:
    """The cells of one column, without the blanks around them, and each sign in one way (NFC)."""

    name: str
    values: "pa.Array"  # distinct texts, in the order in which they were met; none is empty
    codes: Array  # int32 [rows]: place in values, -1 where the cell is empty
    merged: tuple[str, ...] = ()  # values that were also written with blanks around them, or with other code points
    declared: str = ""  # what a file with types says: "number", "text", "date" or "nested"

    @property
    def rows(self) -> int:
        return len(self.codes)

    def counts(self) -> Array:
        """How many rows hold each value."""
        found: Array = np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))
        return found

    def texts(self, most: int | None = None) -> list[str]:
        """The distinct texts, or so many of them."""
        found: list[str] = self.values[:most].to_pylist()
        return found

    def rows_of(self, values: Array) -> Array:
        """Which rows hold one of the values that are marked, bool [distinct]."""
        found: Array = np.append(values, False)[self.codes]
        return found

    def without(self, values: Array) -> "Column":
        """As if the cells with these values, bool [distinct], were empty."""
        import pyarrow as pa

        if not values.any():
            return self
        places = np.append(np.where(values, -1, np.cumsum(~values) - 1), -1).astype(np.int32)
        return Column(self.name, self.values.filter(pa.array(~values)), places[self.codes], self.merged, self.declared)

    def at(self, rows: Array) -> "Column":
        """Of these rows, bool [rows], only."""
        codes = self.codes[rows]
        if len(codes) >= len(self.values):
            return Column(self.name, self.values, codes, self.merged, self.declared)
        kept = np.unique(codes[codes >= 0])
        places = np.full(len(self.values) + 1, -1, np.int32)
        places[kept] = np.arange(len(kept))
        return Column(self.name, self.values.take(kept), places[codes], self.merged, self.declared)


def told_merged(column: Column) -> str:
    """That values written in several ways are one, "" where there are none."""
    shown = ", ".join(column.merged[:3])
    return f"{column.name}: blanks around {shown}, or other codes of the same letters, were left out." if shown else ""


@dataclass
class Cells:
    """Cells in a file: written batch by batch, then read column by column."""

    path: Path
    columns: tuple[str, ...]
    declared: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    _writer: Any = None

    def add(self, arrays: "Sequence[pa.Array]") -> None:
        """Some rows, a string array a column. Raises OSError."""
        import pyarrow as pa

        schema = pa.schema([(str(place), pa.string()) for place in range(len(self.columns))])
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self.path), schema)
        self._writer.write_batch(pa.record_batch(list(arrays), schema=schema))
        self.rows += len(arrays[0])

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def column(self, name: str, first: bool = False) -> Column:
        """All of it, or only its first rows: those of a batch."""
        import pyarrow as pa
        import pyarrow.compute as pc

        place = self.columns.index(name)
        with pa.OSFile(str(self.path)) as file:
            options = pa.ipc.IpcReadOptions(included_fields=[place])
            reader = pa.ipc.open_file(file, options=options)
            cells = reader.get_batch(0).column(0) if first else reader.read_all().column(0).combine_chunks()
        encoded = cells.dictionary_encode()
        encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
        raw = encoded.dictionary
        codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        cleaned = pc.replace_substring_regex(pc.utf8_normalize(raw, "NFC"), INVISIBLE, "")
        trimmed = pc.utf8_trim_whitespace(cleaned)
        again = trimmed.dictionary_encode()
        distinct, places = again.dictionary, again.indices.to_numpy(zero_copy_only=False).astype(np.int32)
        empty = pc.equal(distinct, "").to_numpy(zero_copy_only=False)
        merged = tuple(distinct[int(place)].as_py() for place in np.flatnonzero(np.bincount(places, minlength=1) > 1))
        codes = np.append(places, -1).astype(np.int32)[codes]
        found = Column(name, distinct, codes, tuple(each for each in merged if each), self.declared.get(name, ""))
        return found.without(empty)

    def first(self, rows: int) -> Iterator[tuple[str, ...]]:
        """The first rows, as written."""
        import pyarrow as pa

        with pa.OSFile(str(self.path)) as file:
            reader = pa.ipc.open_file(file)
            left = rows
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number).slice(0, left)
                yield from zip(*([cell or "" for cell in column.to_pylist()] for column in batch.columns), strict=True)
                left -= batch.num_rows
                if left <= 0:
                    return
