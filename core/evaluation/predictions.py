"""The predictions for every test example, as the table that `predictions.parquet` holds.

Columns: index (position in the test set), label, predicted, confidence, loss; p_<class> for up to MOST_CLASSES classes;
text of texts, and unseen, how many characters at its beginning the network did not see; x_<feature> of tables and
rows; brightness, the mean pixel, of pictures. Of several labels label and predicted are the labels as they are read,
wrong says how many differ, and y_<label> whether the example has one. For regression label and predicted are numbers
and residual takes the place of confidence and loss; for a generator each row is a window, with its loss, accuracy and
text.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.data.base import CATEGORIES, NUMBERS, Array, Dataset
from core.data.label_sets import names_of
from core.evaluation.classification import losses
from core.evaluation.kept_texts import TEXT, UNSEEN, kept_texts

MOST_CLASSES = 100  # with a column each
_MOST_FEATURES = 100
_MOST_CHARACTERS = 2000  # of a window
_MOST_TEXTS = 20_000  # windows of a corpus that are written out

PROBABILITY, TRUTH, FEATURE, BRIGHTNESS = "p_", "y_", "x_", "brightness"


def unique(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that were there before."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def of_classes(
    probabilities: Array,
    data: Dataset,
    names: Sequence[str],
    known_losses: Array | None = None,
    predicted: Array | None = None,
) -> pd.DataFrame:
    """`probabilities` [examples, classes]; where they are no numbers, predicted is -1. The rest as `classification`."""
    known = np.isfinite(probabilities).all(axis=1)
    predicted = probabilities.argmax(axis=1) if predicted is None else predicted
    confidence = probabilities[np.arange(len(probabilities)), predicted]
    columns = {
        "index": np.arange(len(probabilities), dtype=np.int64),
        "label": data.y_test.astype(np.int32),
        "predicted": np.where(known, predicted, -1).astype(np.int32),
        "confidence": np.where(known, confidence, np.nan).astype(np.float32),
        "loss": (losses(probabilities, data.y_test) if known_losses is None else known_losses).astype(np.float32),
    }
    if len(names) <= MOST_CLASSES:
        columns |= {f"{PROBABILITY}{name}": probabilities[:, number] for number, name in enumerate(names)}
    return pd.DataFrame({**columns, **dict(_examples(data))})


def of_labels(
    probabilities: Array, data: Dataset, names: Sequence[str], thresholds: Array, losses: Array
) -> pd.DataFrame:
    """`probabilities` [examples, labels]; where they are no numbers, nothing is predicted, and wrong is -1."""
    known = np.asarray(np.isfinite(probabilities).all(axis=1))
    given = probabilities > thresholds
    y = data.y_test.astype(bool)
    columns: dict[str, Any] = {
        "index": np.arange(len(y), dtype=np.int64),
        "label": [names_of(row, names) for row in y],
        "predicted": [names_of(row, names) if sure else "" for row, sure in zip(given, known.tolist(), strict=True)],
        "wrong": np.where(known, (given != y).sum(axis=1), -1).astype(np.int32),
        "loss": losses.astype(np.float32),
    }
    if len(names) <= MOST_CLASSES:
        columns |= {f"{PROBABILITY}{name}": probabilities[:, number] for number, name in enumerate(names)}
        columns |= {f"{TRUTH}{name}": data.y_test[:, number] for number, name in enumerate(names)}
    return pd.DataFrame({**columns, **dict(_examples(data))})


def of_numbers(predicted: Array, data: Dataset) -> pd.DataFrame:
    """`predicted` [examples], in the target's unit."""
    true = (data.y_test if data.targets_test is None else data.targets_test).astype(np.float64)
    columns = {
        "index": np.arange(len(true), dtype=np.int64),
        "label": true,
        "predicted": predicted.astype(np.float64),
        "residual": true - predicted,
    }
    return pd.DataFrame({**columns, **dict(_examples(data))})


def of_windows(token_losses: Array, right: Array, data: Dataset) -> pd.DataFrame:
    """Both [windows, length]."""
    columns: dict[str, Array] = {
        "index": np.arange(len(token_losses), dtype=np.int64),
        "loss": token_losses.mean(axis=1),
        "accuracy": right.mean(axis=1, dtype=np.float32),
    }
    frame = pd.DataFrame(columns)
    if data.vocabulary is not None and len(frame) <= _MOST_TEXTS:
        frame["text"] = [data.vocabulary.decode(window.tolist())[:_MOST_CHARACTERS] for window in data.y_test]
    return frame


def _examples(data: Dataset) -> Iterator[tuple[str, Array]]:
    """The examples themselves, where a cell can hold them."""
    if data.texts_test is not None:
        texts, unseen = kept_texts(data)
        yield TEXT, np.array(texts, object)
        yield UNSEEN, np.array(unseen, np.int32)
        return
    rows = data.x_test if data.rows_test is None else data.rows_test
    if isinstance(rows, dict):
        for kind, features in ((NUMBERS, data.info.numbers), (CATEGORIES, data.info.categories)):
            names = unique([feature.name for feature in features])[:_MOST_FEATURES]
            for column, name in enumerate(names):
                yield f"{FEATURE}{name}", rows[kind][:, column]
    elif data.info.is_image:
        yield BRIGHTNESS, _brightness(rows)
    elif data.info.kind == "rows" and rows.ndim == 2:
        for column in range(min(rows.shape[1], _MOST_FEATURES)):
            yield f"{FEATURE}{column + 1}", rows[:, column]


def _brightness(pictures: Array) -> Array:
    """float32 [pictures], 0 to 255; some at a time, as a mean of all at once would copy them."""
    means = [pictures[at : at + 1024].mean(axis=(1, 2, 3)) for at in range(0, len(pictures), 1024)]
    return np.concatenate(means).astype(np.float32) if means else np.empty(0, np.float32)
