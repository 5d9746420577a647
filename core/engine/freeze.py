"""Layers that keep their weights while the others learn."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

import keras

from core.common.errors import TraindeckError
from core.common.text import quoted


class FineTuneError(TraindeckError):
    """A run from whose weights this one cannot begin."""


def freeze(model: keras.Model, patterns: Sequence[str]) -> list[str]:
    """Layers whose names fit a pattern keep their weights; returns their names. Raises FineTuneError."""
    layers = dict(weighted_layers(model))
    frozen: dict[str, keras.Layer] = {}
    for pattern in patterns:
        found = {name: layer for name, layer in layers.items() if fnmatchcase(name, pattern)}
        if not found:
            raise FineTuneError(
                f"No layer with weights is named {quoted(pattern)}, which is to be frozen. There are "
                f"{listed(list(layers))}."
            )
        frozen |= found
    for layer in frozen.values():
        layer.trainable = False
    if not model.trainable_variables:
        raise FineTuneError("All layers are frozen, so there is nothing to train. Leave the last layer out at least.")
    return list(frozen)


def weighted_layers(model: keras.Model) -> Iterator[tuple[str, keras.Layer]]:
    """Layers with weights by name, those of a network within the network, too."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from weighted_layers(layer)
        elif layer.weights:
            yield layer.name, layer


def listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:20]) or "none"
    return f"{shown} and {len(names) - 20} more" if len(names) > 20 else shown
