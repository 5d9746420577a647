"""A file of inputs that a network is asked about, without a target: rows, texts or pictures, each as a batch of one.

Each is read by the decoder that reads a single one; what cannot be read is an error of its own, and stops no other.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted, suggestion
from core.data.base import DataInfo, Examples, Feature
from core.data.examples import row_features
from core.data.input_signs import as_in_file
from core.data.library.gathered import Gathered, gathered
from core.data.library.read_options import TableOptions, silent
from core.data.library.tables.date_parts import Parts, dated, read_dates
from core.data.library.text_columns import joined_text
from core.data.library.text_header import TEXTS
from core.data.picture_input import MOST_BYTES, check_bytes, picture_input
from core.data.row_input import row_input
from core.data.vocabulary import Vocabulary

Inputs = Iterator[Examples | DataError]
_MOST_PICTURES = 100_000


@dataclass(frozen=True, eq=False)
class InputFile:
    kept: pd.DataFrame  # a row for each input: the columns that are no features, such as an id
    inputs: Inputs  # in the same order
    notes: tuple[str, ...] = ()


def read_rows(settings: Settings, path: Path, name: str, info: DataInfo) -> InputFile:
    """A table in any form that data sets have. Raises DataError: no table, or a feature's column is not in it."""
    fields = row_features(info)
    names = [field.name if not field.date_order else _date_column(field.name) for field in fields]
    proof = _proof(names) or names[0]
    with gathered(settings, path, name, TableOptions(target=proof), silent) as table:
        columns = table.cells.columns
        used = _used(fields, columns, name)
        texts = {column: _texts(table, column) for column in used}
        dates = {column: _dates(column, texts[column], given) for column, given in dated(fields, used).items()}
        kept = _kept(table, [column for column in columns if column not in used])
        info, told = as_in_file(table, info, used)
        rows, notes = table.cells.rows, (*table.notes, *told)

    def inputs() -> Inputs:
        for place in range(rows):
            row: dict[str, float | str | None] = {column: values[place] or None for column, values in texts.items()}
            try:
                for column, read in dates.items():
                    found = read[str(row.pop(column) or "")]
                    if isinstance(found, str):
                        raise DataError(found)
                    row |= found
                yield row_input(info, row)[0]
            except DataError as error:
                yield error

    return InputFile(kept, inputs(), notes)


def read_texts(
    settings: Settings, path: Path, name: str, vocabulary: Vocabulary, info: DataInfo, column: str = ""
) -> InputFile:
    """A table: its column that is said, or those that the network learned from, joined as then; else one of texts.

    Raises:
        DataError: no table, or there is no such column.
    """
    length, learned = info.shape[0], info.text_columns
    proof = column or _proof(learned)
    with gathered(settings, path, name, TableOptions(target=proof), silent) as table:
        chosen, note = _text_columns(table, name, column, learned)
        texts = [joined_text(cells) for cells in zip(*(_texts(table, each) for each in chosen), strict=True)]
        kept = _kept(table, [each for each in table.cells.columns if each not in chosen])
        notes = (*table.notes, note) if note else table.notes

    def inputs() -> Inputs:
        for text in texts:
            yield vocabulary.encode([text], length) if text else DataError("The text is empty.")

    return InputFile(kept, inputs(), notes)


def _proof(names: Sequence[str]) -> str:
    """That the first row is one of names, where it stands in it: one that nobody gave for want of such a row."""
    return next((name for name in names if not re.fullmatch(r"column \d+", name)), "")


def read_pictures(
    settings: Settings, path: Path, name: str, stored: tuple[int, ...], wanted: tuple[int, ...]
) -> InputFile:
    """A zip of pictures, in whatever folders. Raises DataError: no zip, or no file in it.

    Args:
        stored, wanted: as in core.data.picture_input.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            files = sorted(each.filename for each in archive.infolist() if _is_picture(each))
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{name} cannot be read as a zip of pictures: {error}. Pack the pictures into one.") from error
    if not 0 < len(files) <= _MOST_PICTURES:
        raise DataError(f"{name} holds {len(files):,} files; accepted are 1 to {_MOST_PICTURES:,} pictures.")

    def inputs() -> Inputs:
        with zipfile.ZipFile(path) as archive:
            for file in files:
                try:
                    check_bytes(archive.getinfo(file).file_size, file)
                    with archive.open(file) as opened:
                        data = opened.read(MOST_BYTES + 1)
                    read = picture_input(data, file, stored, wanted, max_pixels=settings.max_pixels)
                    yield read.pixels[None]
                except DataError as error:
                    yield error
                except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
                    yield DataError(f"{file} cannot be taken out of the zip: {error}.")

    return InputFile(pd.DataFrame({"file": files}), inputs())


def _dates(column: str, texts: list[str], features: list[Feature]) -> dict[str, Parts | str]:
    """What each different text of the column gives: read at once, as a date alone takes as long as thousands."""
    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, read_dates(column, distinct, features), strict=True))


def _is_picture(entry: zipfile.ZipInfo) -> bool:
    """Not what systems put beside them."""
    name = entry.filename
    return not (entry.is_dir() or name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("."))


def _used(fields: tuple[Feature, ...], columns: tuple[str, ...], name: str) -> list[str]:
    """Columns that are features, or dates that give some. Raises DataError."""
    dates = {_date_column(field.name): field.name for field in fields if field.date_order}
    wanted = [field.name for field in fields]
    used = [column for column in columns if column in wanted or column in dates]
    given = {feature for feature in wanted if feature in used or any(
        feature.startswith(f"{column} ") for column in used if column in dates
    )}  # fmt: skip
    lacking = [feature for feature in wanted if feature not in given]
    if lacking:
        first = _date_column(lacking[0]) if lacking[0] in dates.values() else lacking[0]
        raise DataError(
            f"{name} has no column {quoted(first)}{suggestion(first, columns)}, which the network learned from; "
            f"{len(lacking):,} of {len(wanted):,} features are not there. Its columns are "
            f"{', '.join(columns[:20])}. Name them as in training; leave cells empty where a value is missing."
        )
    return used


def _date_column(feature: str) -> str:
    return feature.rpartition(" days since ")[0] or feature.rpartition(" ")[0]


def _texts(table: Gathered, column: str) -> list[str]:
    """Of every row; "" where the cell is empty."""
    found = table.cells.column(column)
    texts = [*found.texts(), ""]
    return [texts[code] for code in found.codes.tolist()]


def _kept(table: Gathered, columns: list[str]) -> pd.DataFrame:
    """As they were written."""
    return pd.DataFrame({column: _texts(table, column) for column in columns}, index=range(table.cells.rows))


def _text_columns(table: Gathered, name: str, said: str, learned: tuple[str, ...]) -> tuple[list[str], str]:
    """And what is to be told of the choice. Raises DataError."""
    columns = table.cells.columns
    if said:
        if said not in columns:
            raise DataError(
                f"{name} has no column {quoted(said)}{suggestion(said, columns)}. The columns are {', '.join(columns)}."
            )
        return [said], ""
    there = [column for column in learned if column in columns]
    lacking = [column for column in learned if column not in columns]
    told = ""
    if lacking and len(learned) > 1:
        told = f" The network learned from {', '.join(map(quoted, lacking))}, too, which the file does not have."
    if there or len(columns) == 1:
        chosen = there or list(columns)
        several = "joined of the columns" if len(chosen) > 1 else "those of the column"
        note = f"The texts are {several} {' and '.join(map(quoted, chosen))}{', as in training' * bool(there)}.{told}"
        return chosen, note if len(columns) > 1 or told else ""
    named = [column for column in columns if column.lower() in TEXTS]
    if len(named) == 1:
        return named, f"The texts are those of the column {quoted(named[0])}.{told}"
    first = list(table.cells.first(200))
    longest = columns[max(range(len(columns)), key=lambda place: sum(len(row[place]) for row in first))]
    return [longest], f"The texts are taken from the column {quoted(longest)}, which holds the longest.{told}"
