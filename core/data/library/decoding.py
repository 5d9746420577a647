"""Bytes to text: by a mark, as UTF-8, or in the encoding that is detected; never with signs lost on the way."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.common.errors import DataError
from core.common.text import quoted
from core.data.library.detection import (
    Candidate,
    Chunks,
    candidates,
    faulty_utf8,
    sample_of,
    sure,
    tied,
    without_mark,
)

_MARKS = (  # that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = 1024 * 1024
_EXCERPT = 40  # characters shown of how a file reads
_LOOKED_AT = 64 * 1024  # bytes, where UTF-16 has no mark
How = Literal["said", "mark", "utf-8", "detected", "guessed"]


@dataclass(frozen=True)
class Encoding:
    """What a file is read in, and how that is known."""

    name: str
    how: How
    others: tuple[str, ...] = ()  # of a guess: what it may be as well, each with how the file would read
    reads: str = ""  # of a guess: how the file begins to differ from plain ASCII

    @property
    def told(self) -> str:
        """A sentence for what is not sure, "" for what is."""
        if self.how != "guessed":
            return ""
        rest = f" It may be {', '.join(self.others)}, too." if self.others else ""
        return f"The encoding is guessed: {self.name} ({self.reads}).{rest} Say another if that reads wrongly."


def encoding_of(path: Path, said: str, name: str) -> str:
    """The encoding as said, by the mark at the file's beginning, UTF-8, or detected; checked to the end of the file.

    Raises:
        DataError: the file is in no encoding that it could be, or as well in two; with the byte and its line, or how
            it would read in each.
    """
    return find_encoding(path, said, name).name


def find_encoding(path: Path, said: str, name: str) -> Encoding:
    """As `encoding_of`, with how it is known. Raises DataError."""

    def chunks() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    try:
        return _found(chunks, said, name)
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror}.") from error


def decode(data: bytes, said: str, name: str) -> str:
    """Raises DataError as `encoding_of`."""
    return data.decode(_found(lambda: iter([data]), said, name).name)


def decode_together(files: Iterable[tuple[str, bytes]], said: str) -> tuple[list[str], Encoding]:
    """Texts of files, by name and content, that were written by the same hand.

    Those that are not UTF-8 are looked at together: one short text tells little. Raises DataError as `encoding_of`.
    """
    texts: list[str] = []
    waiting: dict[int, tuple[str, bytes]] = {}
    for number, (name, data) in enumerate(files):
        texts.append("")
        if said or _tells(data):
            texts[-1] = decode(data, said, name)
            continue
        try:
            texts[-1] = data.decode()
        except UnicodeDecodeError:
            waiting[number] = name, data
    if not waiting:
        return texts, Encoding(said, "said") if said else Encoding("utf-8", "utf-8")
    everything = [data + b"\n" for _, data in waiting.values()]
    encoding = _found(lambda: iter(everything), "", next(iter(waiting.values()))[0])
    for number, (name, data) in waiting.items():
        texts[number] = decode(data, encoding.name, name)
    return texts, encoding


def _tells(data: bytes) -> bool:
    """Whether the bytes say by themselves what they are in."""
    return data.startswith(tuple(mark for mark, _ in _MARKS)) or b"\0" in data or b"\x1b$" in data


def _found(chunks: Chunks, said: str, name: str) -> Encoding:
    beginning = next(chunks(), b"")
    encoding = _said(said) if said else _by_mark(beginning, name)
    if encoding.how != "utf-8":
        problem = _fault(chunks, encoding.name, name)
        if problem is not None:
            raise problem
        return encoding
    problem = _fault(chunks, "utf-8", name)
    if problem is None and b"\x1b$" not in beginning:
        return encoding
    sample = sample_of(chunks())
    if problem is not None and faulty_utf8(sample):
        raise problem
    found = candidates(chunks, lambda each: _fault(chunks, each, name) is None)
    if not found:
        if problem is None:
            return encoding
        raise problem
    return _chosen(found, name)


def _chosen(found: list[Candidate], name: str) -> Encoding:
    best, *others = found
    if sure(found):
        return Encoding(best.encoding, "detected")
    reads = [f"{each.encoding} ({_excerpt(each.text)})" for each in found]
    if tied(found):
        raise DataError(
            f"The encoding of {name} cannot be told for sure: it reads as a text in {' and in '.join(reads)}. Say "
            "which one is right, or save it as UTF-8."
        )
    near = [told for told, each in zip(reads[1:], others, strict=True) if best.rating - each.rating < 0.3]
    return Encoding(best.encoding, "guessed", tuple(near), _excerpt(best.text))


def _excerpt(text: str) -> str:
    """The words about the first sign beyond ASCII."""
    at = next((place for place, sign in enumerate(text) if sign > "\x7f"), 0)
    line = text[max(0, at - _EXCERPT // 2) : at + _EXCERPT // 2].replace("\n", " ")
    return f"“{line.strip()}”"


def _said(said: str) -> Encoding:
    try:
        found = codecs.lookup(said)
        "".encode(found.name)  # those between bytes and bytes, such as hex, are none
    except (LookupError, ValueError) as error:
        raise DataError(
            f"There is no encoding {quoted(said)}; such as utf-8, gb18030, big5, shift_jis, latin-1 and cp1252 are "
            "known."
        ) from error
    return Encoding("utf-8-sig" if found.name == "utf-8" else found.name, "said")


def _by_mark(beginning: bytes, name: str) -> Encoding:
    marked = next((encoding for mark, encoding in _MARKS if beginning.startswith(mark)), None)
    if marked is not None:
        return Encoding(marked, "mark")
    if b"\0" in beginning:
        wide = without_mark(beginning[:_LOOKED_AT])
        if not wide:
            raise _no_text(name)
        return Encoding(wide, "detected")
    return Encoding("utf-8", "utf-8")


def _fault(chunks: Chunks, encoding: str, name: str) -> DataError | None:
    """What is wrong with all of it in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = read = 0
    wide = encoding.startswith(("utf-16", "utf-32"))
    for piece in chunks():
        if not wide and b"\0" in piece:
            return _no_text(name)
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            # The decoder may have kept the beginning of a sign from the piece before.
            at = max(0, error.start - (len(error.object) - len(piece)))
            return _wrong(name, encoding, piece[at], read + at, lines + piece[:at].count(b"\n") + 1)
        lines += piece.count(b"\n")
        read += len(piece)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return _wrong(name, encoding, error.object[error.start], read, lines + 1)
    return None


def _no_text(name: str) -> DataError:
    return DataError(f"{name} is no text file: it holds bytes of zero. Save it as plain text, UTF-8.")


def _wrong(name: str, encoding: str, byte: int, at: int, line: int) -> DataError:
    told = encoding.removesuffix("-sig").upper()
    return DataError(
        f"{name} is not {told}: the byte 0x{byte:02x} on line {line:,} (byte {at + 1:,} of the file) cannot be read. "
        "Save it as UTF-8, or say its encoding, such as gb18030 (Chinese) or cp1252 (Western European)."
    )
