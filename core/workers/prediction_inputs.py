"""One example from outside, turned into what a network takes: exactly as its training examples were."""

import math
from dataclasses import dataclass

import numpy as np

from core.common.text import quoted
from core.data import drawing
from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Feature
from core.data.examples import row_features
from core.data.library.tables.date_parts import with_dates
from core.data.pictures import fitted
from core.data.vocabulary import UNKNOWN, Vocabulary
from core.jobs.prediction import Input, Picture, PredictionError, Row, Text, Token

_MOST_TOKENS = 2000  # that are told one by one


@dataclass(frozen=True)
class Prepared:
    """A batch of one example, and what is to be said of it."""

    x: Examples
    seen: str = ""
    tokens: tuple[Token, ...] = ()
    notes: tuple[str, ...] = ()


def prepare(info: DataInfo, question: Input, vocabulary: Vocabulary | None) -> Prepared:
    """Raises PredictionError, DataError: not what the network takes."""
    if isinstance(question, Picture) and info.is_image:
        return _picture(info, question)
    if isinstance(question, Text) and info.kind == "text" and vocabulary is not None:
        return _text(info, question.text, vocabulary)
    if isinstance(question, Row) and info.kind in ("table", "rows"):
        return _row(info, question)
    wanted = {"image": "a picture", "text": "a text", "corpus": "a prompt"}.get(info.kind, "a row of values")
    received = {"image": "a picture", "text": "a text", "row": "a row of values", "prompt": "a prompt"}[question.kind]
    raise PredictionError(f"This run's network takes {wanted}; received {received}.")


def _picture(info: DataInfo, question: Picture) -> Prepared:
    height, width, channels = info.shape
    pixels = drawing.pixels_of(drawing.decoded(question.png), channels)
    notes: list[str] = []
    if question.inverted:
        pixels = 255 - pixels
        notes.append("Light and dark were exchanged.")
    frame = drawing.Frame(height, width)
    if question.drawn and channels == 1 and frame.applies:
        notes.append(frame.note)
        pixels = frame.place(pixels)
    elif pixels.shape[:2] != (height, width):
        notes.append(f"Resized from {pixels.shape[0]} x {pixels.shape[1]} to {height} x {width} pixels.")
        pixels = fitted(pixels, height, width)
    return Prepared(pixels[np.newaxis], drawing.png_of(pixels), notes=tuple(notes))


def _text(info: DataInfo, text: str, vocabulary: Vocabulary) -> Prepared:
    if not text.strip():
        raise PredictionError("The text is empty. Type at least a word.")
    (length,) = info.shape
    tokens = vocabulary.split(text)
    ids = vocabulary.numbered(tokens)
    cut = max(0, len(tokens) - length)
    told = [
        Token(text=token, state="cut" if place < cut else "unknown" if number == UNKNOWN else "known")
        for place, (token, number) in enumerate(zip(tokens, ids, strict=True))
    ]
    notes = []
    if cut:
        notes.append(f"The network sees the last {length:,} of {len(tokens):,} tokens; the first {cut:,} were cut off.")
    unknown = sum(token.state == "unknown" for token in told)
    if unknown:
        notes.append(f"{unknown:,} of {min(len(tokens), length):,} tokens are not in the run's vocabulary.")
    return Prepared(vocabulary.encode([text], length), tokens=tuple(told[-_MOST_TOKENS:]), notes=tuple(notes))


def _row(info: DataInfo, question: Row) -> Prepared:
    fields = row_features(info)
    known = [field.name for field in fields]
    question = Row(values=with_dates(fields, question.values))
    strange = [name for name in question.values if name not in known]
    if strange:
        raise PredictionError(f"There is no feature {quoted(strange[0])}. The features are {', '.join(known)}.")
    notes: list[str] = []
    numbers = [_number(field, question) for field in fields if field.kind == "number"]
    if info.kind == "rows":
        missing = [field.name for field, value in zip(fields, numbers, strict=True) if math.isnan(value)]
        if missing:
            raise PredictionError(
                f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; this data set has no missing "
                "values, and its network cannot do without. Fill in every value."
            )
        return Prepared(np.array([numbers], np.float32).reshape(1, *info.shape))
    x: dict[str, Array] = {}
    if info.numbers:
        x[NUMBERS] = np.array([numbers], np.float32)
    if info.categories:
        x[CATEGORIES] = np.array([[_category(field, question, notes) for field in info.categories]], object)
    return Prepared(x, notes=tuple(notes))


def _number(field: Feature, question: Row) -> float:
    value = question.values.get(field.name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return math.nan
    try:
        return float(value)
    except ValueError as error:
        raise PredictionError(
            f"{field.name} must be a number, or empty where it is missing; received {quoted(value)}."
        ) from error


def _category(field: Feature, question: Row, notes: list[str]) -> str:
    value = question.values.get(field.name)
    text = "" if value is None else str(value)
    if text and text not in field.categories:
        notes.append(f"{field.name}: {quoted(text)} is not among the categories of the data set; it counts as unknown.")
    return text
