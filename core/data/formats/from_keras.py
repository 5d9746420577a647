"""Keras's own loaders, which download a set and check it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.data.base import Array, Raw

_FIRST_WORD = 3  # Keras counts words from here; below are padding, start and unknown


def load(name: str) -> Raw:
    """The arrays; texts as words again. Raises whatever Keras and the network do."""
    import keras

    module = getattr(keras.datasets, name)
    (x_train, y_train), (x_test, y_test) = module.load_data()
    if hasattr(module, "get_word_index"):
        index = module.get_word_index()
        x_train, x_test = texts(x_train, index), texts(x_test, index)
    return Raw(*(np.asarray(array) for array in (x_train, y_train, x_test, y_test)))


def texts(sequences: Sequence[Sequence[int]], index: Mapping[str, Any]) -> Array:
    """Words joined by spaces; the mark at the start of each sequence is left out."""
    words = {int(number) + _FIRST_WORD: word for word, number in index.items()}
    joined = [" ".join(words[number] for number in sequence if number in words) for sequence in sequences]
    return np.array(joined, dtype=object)
