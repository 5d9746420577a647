"""The last layer of a regression: in a file it gives the target's own unit, in training and asking the scaled one.

What is scaled back here is float64; the layer computes in float32, for whoever loads the file by Keras alone.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras

from core.data.number_scaling import Target


@contextlib.contextmanager
def in_own_unit(model: keras.Model, target: Target | None) -> Iterator[None]:
    """What is saved within gives numbers in the target's unit, and has its loss measured there; not of the kind log.

    Nothing may be traced within: a graph that was keeps the factors that it saw.
    """
    last = _last(model)
    loss: Any = getattr(model, "loss", None)
    if last is None or target is None or target.kind == "log":
        yield
        return
    variance = getattr(loss, "variance", None)
    try:
        last.scale, last.offset = target.scale, target.offset
        if variance is not None:
            loss.variance = variance * target.scale**2
        yield
    finally:
        last.scale, last.offset = 1.0, 0.0
        if variance is not None:
            loss.variance = variance


def give_scaled(model: keras.Model) -> None:
    """Have a model that was loaded from a file give scaled numbers, as it did while it was trained."""
    if (last := _last(model)) is not None:
        last.scale, last.offset = 1.0, 0.0


def _last(model: keras.Model) -> keras.layers.Rescaling | None:
    """The layer that architectures end a regression with; None where a layer list ends in its own."""
    last = model.layers[-1]
    ours = "own_unit" if model.name == "layers" else "output"
    return last if isinstance(last, keras.layers.Rescaling) and last.name == ours else None
