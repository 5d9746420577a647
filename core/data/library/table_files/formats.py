"""The formats of tables. A further one is a module beside this and a line here."""

import bz2
import gzip
import lzma
from pathlib import Path
from typing import IO

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library.folders import writing
from core.data.library.read_options import Progress, TableOptions
from core.data.library.table_files.delimited_file import open_delimited
from core.data.library.table_files.excel import open_workbook
from core.data.library.table_files.json_rows import open_json, open_json_lines
from core.data.library.table_files.table_file import Format, TableFile
from core.data.library.table_files.typed import open_arrow, open_parquet

_ROWS_OF_TEXT = (".csv", ".tsv", ".tab", ".txt", ".dat", ".data", ".psv", ".test", ".arff")
DELIMITED = Format("delimited", _ROWS_OF_TEXT, open_delimited)
WORKBOOK = Format("Excel", (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"), open_workbook)
FORMATS = (
    DELIMITED,
    WORKBOOK,
    Format("Parquet", (".parquet", ".pq"), open_parquet),
    Format("Arrow", (".arrow", ".feather", ".ipc"), open_arrow),
    Format("JSON Lines", (".jsonl", ".ndjson"), open_json_lines),
    Format("JSON", (".json",), open_json),
)
COMPRESSED = (".gz", ".bz2", ".xz")
_MAGIC = ((b"PAR1", ".parquet"), (b"ARROW1", ".arrow"), (b"FEA1", ".feather"), (b"\xd0\xcf\x11\xe0", ".xls"))
_PIECE = 1024**2


def endings() -> tuple[str, ...]:
    """Of files that hold a table, packed ones too."""
    plain = tuple(ending for each in FORMATS for ending in each.endings)
    return (*plain, *COMPRESSED)


def is_table(file: Path) -> bool:
    return file.suffix.lower() in endings()


def is_workbook(path: Path) -> bool:
    """Which is a zip file, but none to look into."""
    return path.suffix.lower() in WORKBOOK.endings


def format_of(path: Path, ending: str) -> Format:
    """By the ending; by what the file begins with, where it has another; else rows of text."""
    found = next((each for each in FORMATS if ending.lower() in each.endings), None)
    if found is not None and found is not DELIMITED:
        return found
    with path.open("rb") as file:
        beginning = file.read(8)
    guessed = next((suffix for magic, suffix in _MAGIC if beginning.startswith(magic)), "")
    return next((each for each in FORMATS if guessed in each.endings), DELIMITED)


def open_table(
    settings: Settings, path: Path, ending: str, name: str, options: TableOptions, progress: Progress
) -> TableFile:
    """Raises DataError: not what its ending says, or nothing to read."""
    try:
        return format_of(path, ending).open(settings, path, name, options, progress)
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}.") from error


def unpacked(settings: Settings, path: Path, name: str, folder: Path) -> tuple[Path, str]:
    """A file without its packing, in the folder, and its ending; as it is where it has none. Raises DataError."""
    packing = path.suffix.lower()
    if packing not in COMPRESSED:
        return path, packing
    target = folder / f"unpacked-{path.stem}"
    limit = min(settings.max_unpacked_mb * 1024**2, max(64 * 1024**2, settings.max_ratio * path.stat().st_size))
    written = 0
    try:
        with _unpacking(path, packing) as source, target.open("wb") as copy:
            while piece := source.read(_PIECE):
                written += len(piece)
                if written > limit:
                    raise DataError(
                        f"{name} holds more than {limit / 1024**2:,.0f} MB unpacked, which is the most that is taken. "
                        "Take less, or raise TRAINDECK_MAX_UNPACKED_MB and TRAINDECK_MAX_RATIO."
                    )
                with writing(name):
                    copy.write(piece)
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise DataError(f"{name} cannot be unpacked: {error}. It is damaged, or of another kind.") from error
    return target, Path(path.stem).suffix.lower()


def _unpacking(path: Path, packing: str) -> IO[bytes]:
    if packing == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return bz2.open(path, "rb") if packing == ".bz2" else lzma.open(path, "rb")
