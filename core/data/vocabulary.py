"""Text to numbers and back: words or characters, by a vocabulary made from the training examples alone."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.common.whole_files import write_whole

Unit = Literal["word", "character"]

PADDING, UNKNOWN = 0, 1  # ids; those of tokens follow
RESERVED = 2
# Words in Latin and other scripts with spaces; in Chinese, Japanese and Korean, each character is a word of its own.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORDS = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+(?:'[^\W{_CJK}]+)*|[^\w\s]")


def split(text: str, unit: Unit) -> list[str]:
    """The tokens of a text: characters as they are, or words in lower case with signs as words of their own."""
    return list(text) if unit == "character" else _WORDS.findall(text.lower())


def cut_at(text: str, unit: Unit, length: int) -> int:
    """Where the last `length` tokens of a text begin."""
    if unit == "character":
        return max(0, len(text) - length)
    starts = [found.start() for found in _WORDS.finditer(text.lower())]
    return starts[-length] if len(starts) > length else 0


@dataclass(frozen=True)
class Vocabulary:
    """Known tokens, the most frequent first; token number n has the id n + RESERVED."""

    unit: Unit
    tokens: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str], unit: Unit, size: int) -> "Vocabulary":
        """The most frequent tokens of these texts, `size` with the reserved ids; ties by the token itself."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(split(text, unit))
        return cls.most_frequent(counts, unit, size)

    @classmethod
    def most_frequent(cls, counts: Counter[str], unit: Unit, size: int) -> "Vocabulary":
        """As `of`, from counted tokens."""
        ranked = sorted(counts, key=lambda token: (-counts[token], token))
        return cls(unit, tuple(ranked[: max(0, size - RESERVED)]))

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens, start=RESERVED)}

    def __len__(self) -> int:
        return len(self.tokens) + RESERVED

    def ids(self, text: str) -> list[int]:
        return self.numbered(split(text, self.unit))

    def numbered(self, tokens: Iterable[str]) -> list[int]:
        return [self._ids.get(token, UNKNOWN) for token in tokens]

    def encode(self, texts: Sequence[str], length: int) -> NDArray[np.int32]:
        """[texts, length]: the last `length` tokens of each, padded before its beginning.

        Padded in front, so that a recurrent network ends on the text and not on padding.
        """
        encoded = np.full((len(texts), length), PADDING, np.int32)
        for row, text in zip(encoded, texts, strict=True):
            ids = self.ids(text)[-length:]
            if ids:
                row[-len(ids) :] = ids
        return encoded

    def decode(self, ids: Iterable[int]) -> str:
        """Readable text; padding is left out, what is unknown stands as a box."""
        found = [self._token(number) for number in ids if number != PADDING]
        if self.unit == "character":
            return "".join(found)
        text = " ".join(found)
        text = re.sub(rf"(?<=[{_CJK}]) (?=[{_CJK}，。！？；：、])", "", text)
        return re.sub(r" ([.,;:!?)\]])", r"\1", text)

    def _token(self, number: int) -> str:
        position = number - RESERVED
        return self.tokens[position] if 0 <= position < len(self.tokens) else "\N{WHITE SQUARE}"

    def save(self, path: Path) -> None:
        """Raises OSError."""
        text = json.dumps({"unit": self.unit, "tokens": self.tokens}, ensure_ascii=False)
        write_whole(path, lambda temporary: temporary.write_text(text))

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Raises OSError, ValueError."""
        stored = json.loads(path.read_text())
        return cls(stored["unit"], tuple(stored["tokens"]))
