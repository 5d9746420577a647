"""How much a text reads like one that people write: in a wrong encoding letters meet that no language has."""

import unicodedata
from collections import Counter
from functools import cache

from core.data.library.letters import ALPHABETS, FREQUENT

_SIGNS = frozenset("’‘“”«»„‚–—…€£°§·•™©®№¿¡\u00a0")
_WIDE_SIGNS = frozenset("、。，！？：；（）「」『』《》【】～·“”‘’…—\u3000")
_WHOLE = 20  # letters; a longer list is a whole alphabet, the others are what a language adds to a to z
# The standard of each language and the first bytes of its frequent characters there.
_COMMON = {
    "Chinese": ("gb2312", 0xB0, 0xD7),
    "Traditional Chinese": ("big5", 0xA4, 0xC6),
    "Japanese": ("euc_jp", 0xB0, 0xCF),
    "Korean": ("euc_kr", 0xB0, 0xC8),
}
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "THAI")


def plausibility(text: str) -> float:
    """At most 1, of the signs beyond ASCII: the share of frequent ones in the language that fits best, less clashes."""
    beyond = Counter(sign for sign in text if sign > "\x7f")
    total = beyond.total()
    if not total:
        return 0.0
    best = max(
        sum(_points(language, sign) * count for sign, count in beyond.items()) for language in (*ALPHABETS, *FREQUENT)
    )
    return (best - 0.5 * _clashes(text)) / total


@cache
def _points(language: str, sign: str) -> float:
    if unicodedata.category(sign) in ("Cc", "Cn", "Co", "Cs") or sign == "\ufffd":
        return -1.0
    if language in FREQUENT:
        return _wide_points(language, sign)
    alphabet = ALPHABETS[language]
    place = alphabet.find(sign.lower()) if len(sign.lower()) == 1 else -1
    if place >= 0:
        fall = 0.8 if len(alphabet) > _WHOLE else 0.5
        return (1.0 - fall * place / len(alphabet)) * (0.9 if sign.isupper() else 1.0)
    return 0.7 if sign in _SIGNS else 0.0


def _wide_points(language: str, sign: str) -> float:
    if sign in FREQUENT[language]:
        return 1.0
    if sign in _WIDE_SIGNS:
        return 0.8
    if language == "Japanese" and "\u3041" <= sign <= "\u30fe":
        return 0.9
    standard, first, last = _COMMON[language]
    try:
        return 0.5 if first <= sign.encode(standard)[0] <= last else 0.1
    except UnicodeEncodeError:
        return 0.0


@cache
def _script(sign: str) -> str:
    """Of a letter or mark of an alphabet, "" of everything else."""
    if unicodedata.category(sign)[0] not in "LM":
        return ""
    name = unicodedata.name(sign, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), "")


def _clashes(text: str) -> int:
    """Signs that stand where they do not in words: beside another script, a capital behind small letters, a mark
    without a letter, the third of accented letters in a row."""
    count = run = 0
    last, script, has_small = "", "", False
    for sign in text:
        here = _script(sign)
        if not here:
            has_small = False
        elif sign > "\x7f" or last > "\x7f":
            mixed = script not in ("", here)
            capital = has_small and sign.isupper() and (sign > "\x7f" or last > "\x7f")
            count += mixed or capital or (script != here and unicodedata.combining(sign) > 0)
        has_small = bool(here) and (has_small or sign.islower())
        run = run + 1 if here == "LATIN" and sign > "\x7f" else 0
        count += run >= 3
        last, script = sign, here
    return count
