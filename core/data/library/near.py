"""Names that are nearly the same: what a class that only one part has was probably meant to be."""

import difflib
import re
from collections.abc import Iterable, Sequence

from core.common.text import quoted

_SIGNS = {".": "a point", " ": "a blank", ",": "a comma", "-": "a dash", "_": "an underscore", '"': "a quotation mark"}

_TRUTH = dict.fromkeys(("true", "t", "yes", "y", "1", "1.0"), True)
_TRUTH |= dict.fromkeys(("false", "f", "no", "n", "0", "0.0"), False)


def near_match(name: str, known: Iterable[str]) -> str:
    """ "differs from '<=50K' by a point", or "" where nothing is near."""
    known = list(known)
    if told := differs(name, known):
        return told
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f"is near to {quoted(close[0])}" if close else ""


def differs(name: str, known: Iterable[str]) -> str:
    """As `near_match`, by how it is written only."""
    told = ((other, _difference(name, other)) for other in known)
    return next((f"differs from {quoted(other)} {difference}" for other, difference in told if difference), "")


def near_pairs(names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Pairs that differ by upper case, blanks or signs only, and by what."""
    by_core: dict[str, list[str]] = {}
    for name in names:
        by_core.setdefault(_core(name), []).append(name)
    pairs = [(same[0], other, _difference(other, same[0])) for core, same in by_core.items() if core and len(same) > 1
             for other in same[1:]]  # fmt: skip
    return [pair for pair in pairs if pair[2]]


def _difference(name: str, other: str) -> str:
    if name == other:
        return ""
    if name.casefold() == other.casefold():
        return "by upper and lower case"
    if _is_number(name) and _is_number(other):  # a dash or a point makes another number
        if float(name) != float(other):
            return ""
        by_zeros = name.replace("0", "") == other.replace("0", "")
        return "by zeros" if by_zeros else "as it is written: the number is the same"
    if (truth := _TRUTH.get(name.casefold())) is not None and truth == _TRUTH.get(other.casefold()):
        return f"as it is written: both say {'yes' if truth else 'no'}"
    longer, shorter = sorted((name, other), key=len, reverse=True)
    for sign, told in _SIGNS.items():
        if longer.replace(sign, "") == shorter.replace(sign, ""):
            return f"by {told}"
    return "by signs or blanks" if _core(name) and _core(name) == _core(other) else ""


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?\d+(\.\d*)?", text))


def _core(name: str) -> str:
    return re.sub("[" + re.escape("".join(_SIGNS)) + "]+", "", name).casefold()
