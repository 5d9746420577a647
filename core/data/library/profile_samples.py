"""Real examples for a gallery: some of each class, the same ones every time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples, Raw
from core.data.examples import arrays
from core.data.library.profile import Sample
from core.data.network_numbers import as_written
from core.data.pictures import picture_of
from core.data.told_labels import told_label

SAMPLES = "samples"  # folder of the pictures
_MOST = 48
_OF_A_CLASS = 8
_ROWS = 20
_COLUMNS = 50
_LENGTH = 1000  # characters


def samples(raw: Raw, info: DataInfo, folder: Path) -> tuple[Sample, ...]:
    """Of the training part. Raises OSError when a picture cannot be written."""
    if info.kind == "corpus":
        return tuple(_excerpts(str(arrays(raw.x_train)[0][0])))
    if info.kind == "series":
        return ()
    by_class = info.kind in ("image", "text") and info.classes
    rows = _of_classes(raw.y_train, info.classes) if by_class else _some(raw.y_train)
    return tuple(_sample(raw, info, row, folder) for row in rows)


def _sample(raw: Raw, info: DataInfo, row: int, folder: Path) -> Sample:
    label = told_label(raw.y_train[row], info)
    if info.kind == "table":
        return Sample("train", label, row=_cells(raw.x_train, info, row))
    assert not isinstance(raw.x_train, dict)
    example = raw.x_train[row]
    if info.kind == "text":
        return Sample("train", label, text=str(example)[:_LENGTH])
    if info.kind == "image":
        return Sample("train", label, picture=_picture(example, row, folder))
    values = np.ravel(example)[:_COLUMNS].tolist()
    return Sample(
        "train", label, row=tuple((f"column {at}", as_written(value)) for at, value in enumerate(values, start=1))
    )


def _cells(x: Examples, info: DataInfo, row: int) -> tuple[tuple[str, str], ...]:
    assert isinstance(x, dict)
    numbers = iter(x[NUMBERS][row].tolist() if info.numbers else ())
    categories = iter(x[CATEGORIES][row].tolist() if info.categories else ())
    cells = []
    for feature in info.features:
        if feature.kind == "category":
            cells.append((feature.name, next(categories)))
            continue
        value = next(numbers)
        cells.append((feature.name, "" if np.isnan(value) else as_written(value)))
    return tuple(cells)


def _picture(pixels: Array, row: int, folder: Path) -> str:
    name = f"{SAMPLES}/{row}.png"
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    picture_of(np.asarray(pixels)).save(file)
    return name


def _of_classes(y: Array, classes: int) -> list[int]:
    random = np.random.default_rng(0)
    each = max(1, min(_OF_A_CLASS, _MOST // max(1, classes)))
    rows: list[int] = []
    for number in range(min(classes, _MOST)):
        of_class = np.flatnonzero(y[:, number] if y.ndim > 1 else y == number)
        rows += random.permutation(of_class)[:each].tolist()
    return list(dict.fromkeys(rows))  # one with several labels once


def _some(y: Array) -> list[int]:
    rows: list[int] = np.random.default_rng(0).permutation(len(y))[:_ROWS].tolist()
    return rows


def _excerpts(text: str) -> Iterator[Sample]:
    """Its beginning, and pieces from further on that begin on a line of their own."""
    for share in (0.0, 0.25, 0.5, 0.75):
        at = int(len(text) * share)
        start = max(at, text.find("\n", at, at + _LENGTH) + 1) if at else 0
        piece = text[start : start + _LENGTH // 2].strip()
        if piece:
            yield Sample("train", text=piece)
