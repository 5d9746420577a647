"""Another run's weights for a smaller network of the same kind: its strongest units, and dense layers of low rank.

The layers are followed from the inputs on, with which of the other network's channels are left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from core.architectures.build.parts import LOW
from core.data.base import Array
from core.engine.freeze import FineTuneError
from core.engine.keras_internals import parents_of

_DENSE = (layers.Dense, layers.Conv1D, layers.Conv2D)  # kernels end in [inputs, units]
# Treat each channel by itself.
_PASSING = (
    *(layers.Activation, layers.Dropout, layers.SpatialDropout1D, layers.SpatialDropout2D, layers.GaussianNoise),
    *(layers.MaxPooling1D, layers.MaxPooling2D, layers.AveragePooling1D, layers.AveragePooling2D, layers.ReLU),
    *(layers.GlobalAveragePooling1D, layers.GlobalAveragePooling2D, layers.GlobalMaxPooling1D),
    *(layers.GlobalMaxPooling2D, layers.LeakyReLU, layers.Rescaling, layers.ZeroPadding2D, layers.ZeroPadding1D),
)
_INSTEAD = "Prune its weights, or have a smaller network learn from its answers (distillation)."


@dataclass(frozen=True)
class Left:
    """Of a layer's channels in the other network, those that are left here."""

    chosen: NDArray[np.int64]
    of: int


@dataclass
class Reduced:
    weights: dict[str, list[Array]]  # by layer, as they fit here
    told: list[str] = field(default_factory=list)  # "dense_1: 32 of 64 units"

    @classmethod
    def same(cls, others: Mapping[str, keras.Layer]) -> "Reduced":
        """With all weights as they are."""
        return cls({name: layer.get_weights() for name, layer in others.items()})


def reduce(model: keras.Model, others: Mapping[str, keras.Layer]) -> Reduced:
    """Those of layers that the other network has by the same name; of the rest nothing.

    Raises:
        FineTuneError: units were to go where others are tied to them; the text says what can be done instead.
    """
    found = Reduced.same(others)
    left: dict[str, Left | None] = {}
    before = ""
    for layer in model.layers:
        parents = parents_of(layer) or ((before,) if before else ())
        coming = [left.get(name) for name in parents]
        left[layer.name] = _followed(layer, coming, others, found)
        before = layer.name
    return found


def _followed(layer: Any, coming: list[Left | None], others: Mapping[str, keras.Layer], found: Reduced) -> Left | None:
    """What is left of its channels; None where all are."""
    reached = next((each for each in coming if each is not None), None)
    name = layer.name
    if isinstance(layer, layers.Dense) and name.endswith(LOW) and name not in others:
        return reached  # its weights come with those of the layer after it
    if isinstance(layer, _DENSE) and type(others.get(name)) is type(layer):
        return _dense(layer, reached, others, found)
    if isinstance(layer, layers.BatchNormalization) and name in others:
        found.weights[name] = [each if reached is None else each[reached.chosen] for each in found.weights[name]]
        return reached
    if reached is None or isinstance(layer, _PASSING):
        return reached if len(coming) < 2 else None
    if isinstance(layer, layers.Flatten):
        places = int(np.prod(layer.input.shape[1:-1]))
        starts = reached.of * np.arange(places)[:, np.newaxis]
        return Left((starts + reached.chosen).ravel(), places * reached.of)
    raise FineTuneError(
        f"Units of {name}, of the kind {type(layer).__name__}, are tied to others, so that those before it cannot be "
        f"taken out one by one. {_INSTEAD}"
    )


def _dense(layer: keras.Layer, reached: Left | None, others: Mapping[str, keras.Layer], found: Reduced) -> Left | None:
    name = layer.name
    kernel, *bias = found.weights[name]
    if reached is not None:
        if kernel.shape[-2] != reached.of:
            raise FineTuneError(f"The filters of {name} are in groups, which a missing one would move. {_INSTEAD}")
        kernel = kernel[..., reached.chosen, :]
    chosen = _strongest(kernel, int(layer.kernel.shape[-1]), name)
    left = None if len(chosen) == kernel.shape[-1] else Left(chosen, kernel.shape[-1])
    if left is not None:
        found.told.append(f"{name}: {len(chosen)} of {left.of} units")
        kernel, bias = kernel[..., chosen], [each[chosen] for each in bias]
    low = f"{name}{LOW}"
    rank = int(layer.kernel.shape[-2])
    if low not in others and kernel.shape[-2] != rank and isinstance(layer, layers.Dense):
        first, kernel, held = low_rank(kernel, rank)
        found.weights[low] = [first]
        found.told.append(f"{name}: rank {rank}, {100 * held:.0f} % of its energy")
    found.weights[name] = [kernel, *bias]
    return left


def _strongest(kernel: Array, units: int, name: str) -> NDArray[np.int64]:
    """In their order. Raises FineTuneError: there are not as many."""
    if units > kernel.shape[-1]:
        raise FineTuneError(
            f"{name} has {units} units here, and {kernel.shape[-1]} in the other run. A network that is reduced is "
            "nowhere wider: take fewer, or do not reduce."
        )
    sizes = np.linalg.norm(kernel.reshape(-1, kernel.shape[-1]), axis=0)
    return np.sort(np.argsort(-sizes, kind="stable")[:units])


def low_rank(kernel: Array, rank: int) -> tuple[Array, Array, float]:
    """Two kernels whose product is the nearest to it of this rank, and the share of the squares that it holds."""
    left, sizes, right = np.linalg.svd(kernel.astype(np.float64), full_matrices=False)
    roots = np.sqrt(sizes[:rank])
    held = float((sizes[:rank] ** 2).sum() / ((sizes**2).sum() or 1.0))
    return (left[:, :rank] * roots).astype(np.float32), (roots[:, np.newaxis] * right[:rank]).astype(np.float32), held
