"""Bytes to text: UTF-8 unless something else is said, and never with signs lost on the way."""

import codecs
from pathlib import Path

from core.common.errors import DataError
from core.common.text import quoted

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PIECE = 1024 * 1024


def encoding_of(path: Path, said: str, name: str) -> str:
    """The encoding as said, or by the mark at the file's beginning, or UTF-8; checked to the end of the file.

    Raises:
        DataError: the file is in another encoding; with the byte and its line.
    """
    try:
        with path.open("rb") as file:
            encoding = _encoding(said, file.read(4))
            file.seek(0)
            decoder = codecs.getincrementaldecoder(encoding)()
            lines = read = 0
            while piece := file.read(_PIECE):
                _check_text(piece, encoding, name)
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError as error:
                    # The decoder may have kept the beginning of a sign from the piece before.
                    at = max(0, error.start - (len(error.object) - len(piece)))
                    raise _wrong(name, encoding, piece[at], read + at, lines + piece[:at].count(b"\n") + 1) from error
                lines += piece.count(b"\n")
                read += len(piece)
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError as error:
                raise _wrong(name, encoding, error.object[error.start], read, lines + 1) from error
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror}.") from error
    return encoding


def decode(data: bytes, said: str, name: str) -> str:
    """Raises DataError as `encoding_of`."""
    encoding = _encoding(said, data[:4])
    _check_text(data, encoding, name)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _wrong(name, encoding, data[error.start], error.start, line) from error


def _encoding(said: str, beginning: bytes) -> str:
    if said:
        try:
            found = codecs.lookup(said).name
            return "utf-8-sig" if found == "utf-8" else found
        except LookupError as error:
            raise DataError(
                f"There is no encoding {quoted(said)}; such as utf-8, gb18030, big5, shift_jis, latin-1 and cp1252 "
                "are known."
            ) from error
    return next((encoding for mark, encoding in _MARKS if beginning.startswith(mark)), "utf-8")


def _check_text(data: bytes, encoding: str, name: str) -> None:
    if b"\0" in data and not encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
        raise DataError(f"{name} is no text file: it holds bytes of zero. Save it as plain text, UTF-8.")


def _wrong(name: str, encoding: str, byte: int, at: int, line: int) -> DataError:
    return DataError(
        f"{name} is not {encoding.upper()}: the byte 0x{byte:02x} on line {line:,} (byte {at + 1:,} of the file) "
        "cannot be read. Save it as UTF-8, or say its encoding, such as gb18030 (Chinese) or cp1252 (Western European)."
    )
