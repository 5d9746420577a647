"""Statistics of a normalisation that were taken from another run, for numbers that are centred otherwise here."""

from collections.abc import Iterable
from pathlib import Path

import keras
import numpy as np

from core.data.number_scaling import Columns, Numbers, restored
from core.training.checkpoints import read_position


def move_statistics(model: keras.Model, taken: Iterable[keras.Layer], numbers: Numbers | None, path: Path) -> None:
    """Have each layer that was taken, and normalises inputs, treat the same values as it did in the other run.

    Args:
        numbers: of this run.
        path: the other run's checkpoint.
    """
    here = numbers.inputs if numbers is not None else None
    if here is None:
        return
    position = read_position(path, None)
    there = restored(position.numbers).inputs if position is not None and position.numbers else None
    for layer in taken:
        if isinstance(layer, keras.layers.Normalization) and (layer.name == "normalize" or layer.input is model.input):
            _move(layer, here, there or Columns((0.0,) * len(here.offset), (1.0,) * len(here.offset)))


def _move(layer: keras.layers.Normalization, here: Columns, there: Columns) -> None:
    mean, variance, *rest = (np.asarray(value, np.float64) for value in layer.get_weights())
    if here == there or mean.shape != (len(here.offset),) or len(there.offset) != len(here.offset):
        return
    scale = np.array(there.scale) / np.array(here.scale)
    moved = (np.array(there.offset) - np.array(here.offset)) / np.array(here.scale) + mean * scale
    layer.set_weights([moved, variance * scale**2, *rest])
    layer.finalize_state()
