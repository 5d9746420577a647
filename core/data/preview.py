"""What a data set holds, for people to look at: examples, the balance of classes or targets, what came of texts."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from pydantic import BaseModel, ConfigDict

from core.data.base import CATEGORIES, NUMBERS, Array, Dataset
from core.data.examples import count, take
from core.data.histogram import histogram
from core.data.label_sets import counts_of, strata
from core.data.pictures import encoded, thumbnail
from core.data.series_preview import windows_of
from core.data.series_windows import channels
from core.data.told_labels import told_label
from core.data.vocabulary import PADDING, UNKNOWN

EXAMPLES = 12
WINDOWS = 3  # of a running text
AUGMENTED, VERSIONS = 4, 4  # pictures, and how many times each of them is changed
BINS = 24
_SIDE = 112  # pixels of a picture on the page
_LONGEST = 600  # characters of a text
_WIDEST = 200  # values of a row

Augmented = Callable[[Array, int], Array]  # pictures and a count, to so many changed versions of each


class Example(BaseModel):
    """One training example to look at."""

    model_config = ConfigDict(frozen=True)

    label: str  # the class, the target, or the token that follows a window
    picture: str = ""  # base64 of a PNG
    altered: tuple[str, ...] = ()  # the picture as training may see it, augmented
    values: tuple[float | str | None, ...] = ()  # of a row, by column; None where one is missing
    text: str = ""  # what the network reads of a text
    cut: str = ""  # the beginning of the text, which is longer than what the network reads


class Histogram(BaseModel):
    """How many training examples have a target between each edge and the next."""

    model_config = ConfigDict(frozen=True)

    edges: tuple[float, ...]
    counts: tuple[int, ...]


class Tokens(BaseModel):
    """What came of the training texts."""

    model_config = ConfigDict(frozen=True)

    unit: str  # word or character
    vocabulary: int  # ids, with the two for padding and unknown
    length: int  # ids per example
    unknown: float  # share of all ids that stand for no token of the vocabulary
    full: float  # share of the examples that fill the length


def describe(data: Dataset, augmented: Augmented | None = None) -> dict[str, Any]:
    """Fields of an Inspection."""
    info = data.info
    told: dict[str, Any] = {
        "train_examples": len(data.y_train),
        "validation_examples": len(data.y_val),
        "test_examples": len(data.y_test),
        "shape": info.shape,
        "target": info.target,
    }
    if info.kind == "series" and info.series is not None:
        names = channels(info.series, [feature.name for feature in info.features], info.target)
        return told | {"windows": windows_of(data), "columns": names[:_WIDEST]}
    told["examples"] = _examples(data, augmented)
    if info.class_names:
        told["class_counts"] = dict(zip(info.class_names, counts_of(data.y_train, info.classes), strict=True))
    elif info.task == "regression":
        counts, edges = histogram(data.y_train, BINS)
        told["targets"] = Histogram(edges=edges.tolist(), counts=counts.tolist())
    if info.kind == "table":
        told["columns"] = [feature.name for feature in info.features][:_WIDEST]
    elif info.kind == "rows":
        told["columns"] = [str(number) for number in range(1, min(info.shape[0], _WIDEST) + 1)]
    if data.vocabulary is not None and not isinstance(data.x_train, dict):
        real = data.x_train[data.x_train != PADDING]
        told["tokens"] = Tokens(
            unit=data.vocabulary.unit,
            vocabulary=len(data.vocabulary),
            length=info.shape[0],
            unknown=float(np.mean(real == UNKNOWN)) if len(real) else 0.0,
            full=float(np.mean(data.x_train[:, 0] != PADDING)),
        )
    return told


def _examples(data: Dataset, augmented: Augmented | None) -> tuple[Example, ...]:
    chosen = _chosen(data)
    x = take(data.x_train, chosen)
    labels = [_label(data, position) for position in chosen.tolist()]
    match data.info.kind:
        case "image":
            assert not isinstance(x, dict)
            return _pictures(x, labels, augmented)
        case "text":
            return tuple(_text(data, position, label) for position, label in zip(chosen, labels, strict=True))
        case "corpus":
            assert not isinstance(x, dict)
            assert data.vocabulary is not None
            texts = [data.vocabulary.decode(window) for window in x.tolist()]
            return tuple(Example(label=label, text=text) for text, label in zip(texts, labels, strict=True))
        case _:
            rows = [_row(data, position) for position in chosen.tolist()]
            return tuple(Example(label=label, values=row) for row, label in zip(rows, labels, strict=True))


def _chosen(data: Dataset) -> Array:
    """Positions of the first training examples: of every class in turn, or of the lowest to the highest target."""
    examples = len(data.y_train)
    if data.info.task == "generation":
        return np.unique(np.linspace(0, examples - 1, min(WINDOWS, examples)).astype(int))
    if data.info.task == "regression":
        places = np.linspace(0, examples - 1, min(EXAMPLES, examples)).astype(int)
        spread: Array = np.argsort(data.y_train, kind="stable")[places]
        return spread
    ranks, y = np.zeros(examples, np.int64), strata(data.y_train)
    for number in np.unique(y).tolist():
        of_class = np.flatnonzero(y == number)
        ranks[of_class] = np.arange(len(of_class))
    chosen: Array = np.lexsort((y, ranks))[:EXAMPLES]
    return chosen


def _label(data: Dataset, position: int) -> str:
    label = data.y_train[position]
    if data.info.task == "generation":
        return data.vocabulary.decode([int(label[-1])]) if data.vocabulary else ""
    return told_label(label, data.info)


def _row(data: Dataset, position: int) -> tuple[float | str | None, ...]:
    x = data.x_train
    if not isinstance(x, dict):
        return tuple(map(float, x[position].ravel()[:_WIDEST].tolist()))
    columns = {NUMBERS: iter(()), CATEGORIES: iter(())} | {name: iter(x[name][position].tolist()) for name in x}
    kinds = [NUMBERS if feature.kind == "number" else CATEGORIES for feature in data.info.features]
    return tuple(_cell(next(columns[kind])) for kind in kinds)[:_WIDEST]


def _cell(value: float | str) -> float | str | None:
    missing = value == "" if isinstance(value, str) else not math.isfinite(value)
    return None if missing else value


def _text(data: Dataset, position: int, label: str) -> Example:
    assert data.texts_train is not None
    assert data.vocabulary is not None
    cut, read = data.vocabulary.cut(str(data.texts_train[position]), data.info.shape[0])
    if len(cut) > _LONGEST // 4:
        cut = f"…{cut[-_LONGEST // 4 :]}"
    if len(read) > _LONGEST:
        read = f"{read[:_LONGEST]}…"
    return Example(label=label, text=read, cut=cut)


def _pictures(x: Array, labels: list[str], augmented: Augmented | None) -> tuple[Example, ...]:
    altered: list[tuple[str, ...]] = [()] * count(x)
    if augmented is not None:
        versions = augmented(x[:AUGMENTED], VERSIONS)
        altered[: len(versions)] = [tuple(map(_png, pictures)) for pictures in versions]
    return tuple(
        Example(label=label, picture=_png(pixels), altered=others)
        for pixels, label, others in zip(x, labels, altered, strict=True)
    )


def _png(pixels: Array) -> str:
    """Base64 of uint8 [height, width, channels] at the page's size: each pixel a block, as browsers blur small ones."""
    # No picture format has two channels, or five.
    flat = pixels[..., :3] if pixels.shape[-1] >= 3 else pixels[..., 0]
    picture = thumbnail(Image.fromarray(np.ascontiguousarray(flat)), _SIDE)
    factor = max(1, _SIDE // max(picture.size))
    return encoded(picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST))
