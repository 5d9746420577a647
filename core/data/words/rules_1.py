"""Version 1 of the rules, for data sets added and runs trained before there were versions: marks end words."""

import re

# In Chinese, Japanese and Korean, each character is a word of its own.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORDS = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+(?:'[^\W{_CJK}]+)*|[^\w\s]")


def words(text: str) -> list[str]:
    """In lower case, signs as words of their own."""
    return _WORDS.findall(text.lower())


def word_starts(text: str) -> list[int]:
    return [found.start() for found in _WORDS.finditer(text.lower())]


def joined(tokens: list[str]) -> str:
    """Readable, not as it was: cases and spaces are lost."""
    text = " ".join(tokens)
    text = re.sub(rf"(?<=[{_CJK}]) (?=[{_CJK}，。！？；：、])", "", text)
    return re.sub(r" ([.,;:!?)\]])", r"\1", text)
