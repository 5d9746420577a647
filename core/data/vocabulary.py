"""Text to numbers and back: words or characters, by a vocabulary made from the training examples alone."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.common.whole_files import write_whole
from core.data.words import rules_1, rules_2

Unit = Literal["word", "character"]

PADDING, UNKNOWN = 0, 1  # ids; those of tokens follow
RESERVED = 2
WORD_RULES = "word_rules"  # the fact of a run: by which rules it cuts its texts
OLDEST_RULES, RULES = 1, 2  # versions of how texts are cut; the second for what is new


def split(text: str, unit: Unit, rules: int = RULES, *, written: bool = False) -> list[str]:
    """The tokens of a text: characters as they are, or words in lower case with signs as words of their own.

    Args:
        rules: their version.
        written: words as they are written, with tokens for spaces where one needs them to write the same text again.
    """
    if unit == "character":
        return list(text if rules == OLDEST_RULES else rules_2.composed(text))
    if rules == OLDEST_RULES:
        return rules_1.words(text)
    return rules_2.written(text) if written else rules_2.words(text)


@dataclass(frozen=True)
class Vocabulary:
    """Known tokens, the most frequent first; token number n has the id n + RESERVED."""

    unit: Unit
    tokens: tuple[str, ...]
    rules: int = RULES  # as `split`
    written: bool = False

    @classmethod
    def of(cls, texts: Iterable[str], unit: Unit, size: int, rules: int = RULES) -> "Vocabulary":
        """The most frequent tokens of these texts, `size` with the reserved ids; ties by the token itself."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(split(text, unit, rules))
        return cls(unit, cls.most_frequent(counts, size), rules)

    @staticmethod
    def most_frequent(counts: Counter[str], size: int) -> tuple[str, ...]:
        """As `of`, from counted tokens."""
        ranked = sorted(counts, key=lambda token: (-counts[token], token))
        return tuple(ranked[: max(0, size - RESERVED)])

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens, start=RESERVED)}

    def __len__(self) -> int:
        return len(self.tokens) + RESERVED

    def split(self, text: str) -> list[str]:
        return split(text, self.unit, self.rules, written=self.written)

    def ids(self, text: str) -> list[int]:
        return self.numbered(self.split(text))

    def prompt_ids(self, prompt: str) -> list[int]:
        """Of a text to go on from: a space at its end is the one before the next word."""
        spaced = self.written and self.unit == "word" and prompt.endswith(" ")
        return self.ids(prompt.removesuffix(" ") if spaced else prompt)

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

    def cut(self, text: str, length: int) -> tuple[str, str]:
        """What a network does not see of a text, and what it sees: the last `length` tokens."""
        if self.rules != OLDEST_RULES:
            text = rules_2.composed(text)
        if self.unit == "character":
            at = max(0, len(text) - length)
        else:
            starts = (rules_1 if self.rules == OLDEST_RULES else rules_2).word_starts(text)
            at = starts[-length] if len(starts) > length else 0
        return text[:at], text[at:]

    def decode(self, ids: Iterable[int], prompt: str = "") -> str:
        """Readable text that follows the prompt; padding is left out, what is unknown stands as a box."""
        found = [self.token(number) for number in ids if number != PADDING]
        if self.unit == "character":
            return "".join(found)
        if self.rules == OLDEST_RULES:
            text = rules_1.joined(found)
            return f" {text}" if prompt[-1:].strip() and text[:1].isalnum() else text
        text = rules_2.joined(found, (self.split(prompt.removesuffix(" ")) or [""])[-1])
        return text.removeprefix(" ") if prompt.endswith(" ") else text

    def token(self, number: int) -> str:
        """Of an id; a box for what is unknown."""
        position = number - RESERVED
        return self.tokens[position] if 0 <= position < len(self.tokens) else "\N{WHITE SQUARE}"

    def save(self, path: Path) -> None:
        """Raises OSError."""
        stored = {"unit": self.unit, "rules": self.rules, "written": self.written, "tokens": self.tokens}
        text = json.dumps(stored, ensure_ascii=False)
        write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Raises OSError, ValueError."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        rules = stored.get("rules", OLDEST_RULES)
        if rules not in (OLDEST_RULES, RULES):
            raise ValueError(f"its words are cut by rules {rules}; known are 1 to {RULES}: update Traindeck")
        return cls(stored["unit"], tuple(stored["tokens"]), rules, stored.get("written", False))
