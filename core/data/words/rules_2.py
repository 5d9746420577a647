"""Version 2 of the rules: a word is a run of letters, digits and their marks, whatever the script.

Texts are taken in Unicode's composed form, NFC, so that what looks the same is the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

# In Chinese, Japanese and Korean, each character is a word of its own: there are no spaces to go by.
_CJK = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U0001b000-\U0001b16f"
    "\U00020000-\U0003ffff"
)
_INVISIBLE = "\u00ad\u200c\u200d"  # soft hyphen, and what keeps letters of Indic and Arabic scripts apart or together
_BETWEEN = "'\u2019\u00b7\u05f3\u05f4"  # apostrophes, the dot of Catalan, quotes of Hebrew: within words only
_FLAG = "\U0001f1e6-\U0001f1ff"  # two of these are one
_CHANGERS = "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"  # skin colours and tags of pictographs
_LAST_MARK = 0x1E94B  # the highest code point of a mark, but for the variation selectors
_CLOSING = ".,;:!?…%)]}»”’"
_OPENING = "([{«“‘¿¡#@"
_WIDE = "，。！？；：、「」『』《》〈〉【】（）～—…"
_SPACE, _NO_SPACE = " ", "<join>"  # a token that is never cut out of a text: there < is a word of its own


@cache
def _pattern() -> re.Pattern[str]:
    marks = _marks()
    letter = rf"[^\W{_CJK}]"
    within = rf"[^\W{_CJK}]|[{marks}{_INVISIBLE}]"
    changed = rf"[{marks}{_CHANGERS}]*"
    return re.compile(
        rf"[{_CJK}][{marks}]*"
        rf"|{letter}(?:{within})*(?:[{_BETWEEN}]{letter}(?:{within})*)*"
        rf"|[{_FLAG}]{{2}}"
        rf"|\S{changed}(?:\u200d[^\w\s]{changed})*"
    )


@cache
def _marks() -> str:
    """What stands for all marks within brackets of a pattern."""
    ranges: list[list[int]] = []
    for code in [*range(0x300, _LAST_MARK), *range(0xE0100, 0xE01F0)]:
        if unicodedata.category(chr(code))[0] == "M":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """In lower case, signs as words of their own."""
    return [word.lower() for word in _pattern().findall(composed(text))]


def word_starts(text: str) -> list[int]:
    """In the composed text."""
    return [found.start() for found in _pattern().finditer(composed(text))]


def written(text: str) -> list[str]:
    """Words as they were written, with tokens for what `joined` would not put between them by itself.

    Those are each sign of white space, and one that says that there is none.
    """
    return list(_written(composed(text)))


def _written(text: str) -> Iterator[str]:
    before, end = "", 0
    for found in _pattern().finditer(text):
        word, gap = found.group(), text[end : found.start()]
        if gap != _between(before, word):
            yield from gap or (_NO_SPACE,)
        yield word
        before, end = word, found.end()
    yield from text[end:]


def joined(tokens: Iterable[str], before: str = "") -> str:
    """The text; of what `written` gives exactly the one it came from. `before`: the token that it goes on from."""
    before = "" if is_space(before) else before
    parts: list[str] = []
    for token in tokens:
        if token == _NO_SPACE:
            before = ""
            continue
        if token.isspace():
            before = ""
        elif before:
            parts.append(_between(before, token))
            before = token
        else:
            before = token
        parts.append(token)
    return "".join(parts)


def is_space(token: str) -> bool:
    """Whether a token of `written` stands for what is between words."""
    return token == _NO_SPACE or token.isspace()


def _between(before: str, after: str) -> str:
    """What stands between two words as a rule."""
    return _gap(before[0], before[-1], after[0]) if before else ""


@lru_cache(65_536)
def _gap(first: str, last: str, after: str) -> str:
    if last in _OPENING or after in _CLOSING or first in _WIDE or after in _WIDE:
        return ""
    return "" if _is_wide(first) and _is_wide(after) else _SPACE


@cache
def _is_wide(sign: str) -> bool:
    return sign in _WIDE or re.match(f"[{_CJK}]", sign) is not None
