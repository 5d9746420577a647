"""Which encoding bytes are in that are not UTF-8: those that decode them, ranked by how the text then reads."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.data.library.plausibility import plausibility

# Of each the narrowest first: the next one is taken where that cannot read all.
_FREQUENT = (
    ("gb18030",),
    ("cp1252",),
    ("shift_jis", "cp932", "shift_jis_2004"),
    ("big5", "cp950", "big5hkscs"),
    ("euc_kr", "cp949"),
    ("cp1251",),
    ("euc_jp", "euc_jis_2004"),
    ("cp1250",),
    ("cp1254",),
    ("cp1253",),
    ("cp1256",),
    ("cp1255",),
    ("cp874",),
)
_RARE = (
    ("koi8_r", "koi8_u"),
    ("iso8859_2",),
    ("cp1257",),
    ("iso8859_5",),
    ("cp866",),
    ("cp850",),
    ("mac_roman",),
    ("mac_cyrillic",),
)
_FAMILIES = (*_FREQUENT, *_RARE)
_RARITY = 0.08  # what a rare one must read better by
_SURE_SIGNS, _SURE_KINDS, _SURE_LEAD = 12, 3, 0.1  # signs beyond ASCII, different ones, and a lead: no guess any more
_TIE, _TIE_OF_FEW = 0.03, 0.08  # leads that say nothing, the second where there are fewer signs
_LEAST = 0.35  # plausibility of what can be a text at all
_WHOLE_UTF8 = 0.5  # share of multi-byte signs that are whole: such a file is UTF-8 with faults, and nothing else
_SAMPLE = 32 * 1024  # bytes

_BEYOND = re.compile(rb"[\x80-\xff]")
_BEFORE = 100  # bytes

Chunks = Callable[[], Iterator[bytes]]  # all of a file, from its beginning, each time it is called


@dataclass(frozen=True)
class Candidate:
    encoding: str
    rating: float
    text: str  # the sample, decoded


def candidates(chunks: Chunks, decodes: Callable[[str], bool], most: int = 3) -> list[Candidate]:
    """Encodings that decode all, the most plausible first; of those by which it reads the same only one.

    Args:
        decodes: whether an encoding reads all of the chunks.
    """
    sample = sample_of(chunks())
    if b"\x1b$" in sample and decodes("iso2022_jp"):
        return [Candidate("iso2022_jp", 1.0, sample.decode("iso2022_jp", "replace"))]
    found: list[Candidate] = []
    for family, ranked in _ranked(sample):
        if len(found) == most or ranked.rating < _LEAST:
            break
        fitting = next((each for each in family if decodes(each)), None)
        if fitting is not None:
            found.append(Candidate(fitting, ranked.rating, sample.decode(fitting, "replace")))
    return found


def sure(found: list[Candidate]) -> bool:
    """Whether the first is far ahead of the others, and there is enough to tell by."""
    return _telling(found) and not _within(found, _SURE_LEAD)


def tied(found: list[Candidate]) -> bool:
    return _within(found, _TIE if _telling(found) else _TIE_OF_FEW)


def _telling(found: list[Candidate]) -> bool:
    beyond = [sign for sign in found[0].text if sign > "\x7f"]
    return len(beyond) >= _SURE_SIGNS and len(set(beyond)) >= _SURE_KINDS


def _within(found: list[Candidate], lead: float) -> bool:
    return len(found) > 1 and found[0].rating - found[1].rating < lead


def sample_of(chunks: Iterator[bytes]) -> bytes:
    """Lines that are not all ASCII, from the first on."""
    lines: list[bytes] = []
    size, rest = 0, b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if not line.isascii() or b"\x1b" in line:
                lines.append(line)
                size += len(line)
        if len(rest) >= _SAMPLE:  # a line without an end: of it what is about the first sign beyond ASCII
            beyond = _BEYOND.search(rest)
            rest = rest[max(0, beyond.start() - _BEFORE) :] if beyond else b""
        if size >= _SAMPLE or len(rest) >= _SAMPLE:
            break
    lines.append(rest if size < _SAMPLE else b"")
    return b"\n".join(lines)[: 2 * _SAMPLE]


def faulty_utf8(sample: bytes) -> bool:
    """Whether most of what is not ASCII is whole signs of UTF-8: in another encoding they hardly come about."""
    text = sample.decode("utf-8", "replace")
    faults = text.count("\ufffd")
    whole = sum(sign > "\x7f" for sign in text) - faults
    return whole >= _WHOLE_UTF8 * (whole + faults)


def without_mark(beginning: bytes) -> str:
    """UTF-16 or UTF-32 whose mark is missing; "" for what is no text in them."""
    for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        cut = len(beginning) - len(beginning) % 4
        text = beginning[:cut].decode(encoding, "replace").rstrip("\ufffd")  # a pair may be cut in two at the end
        if not text or any(sign < " " and sign not in "\t\r\n\f" for sign in text):
            continue
        plain = sum(sign < "\x7f" for sign in text)
        beyond = len(text) - plain
        if plain + beyond * plausibility(text) > 0.5 * len(text):
            return encoding
    return ""


def _ranked(sample: bytes) -> list[tuple[tuple[str, ...], Candidate]]:
    known = _rated_by_library(sample)
    found: dict[str, tuple[tuple[str, ...], Candidate]] = {}
    for number, family in enumerate(_FAMILIES):
        for place, encoding in enumerate(family):
            text = _text(sample, encoding)
            if text is not None:
                rarity = _RARITY if family in _RARE else 0.0
                rating = plausibility(text) + known.get(encoding, 0.0) - rarity - 0.002 * number
                found.setdefault(text, (family[place:], Candidate(encoding, rating, text)))
                break
    return sorted(found.values(), key=lambda each: -each[1].rating)


def _text(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError as error:
        # The sample of a long line may end within a sign.
        if error.start < len(sample) - 4 or len(sample) < _SAMPLE:
            return None
        return sample[: error.start].decode(encoding)


def _rated_by_library(sample: bytes) -> dict[str, float]:
    """-0.1 to 0.1, by charset-normalizer, which knows languages by their most frequent letters."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=[name for family in _FAMILIES for name in family])
    return {name: 0.1 * (match.coherence - match.chaos) for match in matches for name in match.could_be_from_charset}
