"""A text that a network is asked about: its tokens as the vocabulary of the run has them, and what became of each."""

from dataclasses import dataclass
from typing import Literal

from core.common.errors import DataError
from core.data.data_info import Array
from core.data.vocabulary import UNKNOWN, Vocabulary

TokenState = Literal["known", "unknown", "cut"]
_MOST_TOKENS = 2000  # that are told one by one


@dataclass(frozen=True)
class TextInput:
    ids: Array  # int32 [1, length]
    tokens: tuple[tuple[str, TokenState], ...]  # the last ones of the text
    notes: tuple[str, ...]


def text_input(text: str, vocabulary: Vocabulary, length: int) -> TextInput:
    """Raises DataError: an empty text."""
    if not text.strip():
        raise DataError("The text is empty. Type at least a word.")
    tokens = vocabulary.split(text)
    ids = vocabulary.numbered(tokens)
    cut = max(0, len(tokens) - length)
    states: list[TokenState] = [
        "cut" if place < cut else "unknown" if number == UNKNOWN else "known" for place, number in enumerate(ids)
    ]
    notes = []
    if cut:
        notes.append(f"The network sees the last {length:,} of {len(tokens):,} tokens; the first {cut:,} were cut off.")
    if unknown := states.count("unknown"):
        notes.append(f"{unknown:,} of {min(len(tokens), length):,} tokens are not in the run's vocabulary.")
    told = tuple(zip(tokens, states, strict=True))[-_MOST_TOKENS:]
    return TextInput(vocabulary.encode([text], length), told, tuple(notes))
