"""What a plain word in YAML stands for: a number, true, nothing, or itself. What people read in two ways is refused."""

import re

MAX_DIGITS = 300  # of a whole number; more do not fit into a float, and Python takes long over thousands of them

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **{form: True for word in ("true", "yes", "on") for form in (word, word.title(), word.upper())},
    **{form: False for word in ("false", "no", "off") for form in (word, word.title(), word.upper())},
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_HEXADECIMAL = re.compile(r"[-+]?0x[0-9a-fA-F_]*[0-9a-fA-F]")
_BINARY = re.compile(r"[-+]?0b[01_]*[01]")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_OCTAL = re.compile(r"[-+]?0[0-9_]+")
_SIXTIES = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")


class AmbiguousError(ValueError):
    """A word that is one number to some readers and something else to others; the text says what to write."""


def plain_value(text: str) -> str | bool | int | float | None:
    """Raises AmbiguousError."""
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] not in "-+.0123456789":
        return text
    if _OCTAL.fullmatch(text):
        raise AmbiguousError("a number that begins with 0 is octal to some readers; leave the 0 out, or quote a text")
    if _SIXTIES.fullmatch(text):
        raise AmbiguousError("numbers with colons count in sixties for some readers; write one number, or quote a text")
    return _number(text)


def whole_number(text: str) -> int:
    """Of digits, as int() reads them. Raises AmbiguousError."""
    if len(text) > MAX_DIGITS:
        raise AmbiguousError(f"a number of {len(text):,} digits; at most {MAX_DIGITS} are read")
    return int(text, 0 if text.lstrip("+-")[:2] in ("0x", "0b") else 10)


def _number(text: str) -> str | int | float:
    if _INTEGER.fullmatch(text):
        return whole_number(text.replace("_", ""))
    if _HEXADECIMAL.fullmatch(text) or _BINARY.fullmatch(text):
        return whole_number(text.replace("_", ""))
    if _FLOAT.fullmatch(text):
        return float(text.replace("_", ""))
    if infinite := _INFINITY.fullmatch(text):
        return float(f"{infinite[1]}inf")
    return float("nan") if text in (".nan", ".NaN", ".NAN") else text
