"""What tests of smaller networks run inside a process with TensorFlow imported; see tests/core/warm.py."""

from typing import Any

import keras
import numpy as np
from keras import layers

from core.config.compression import Distillation
from core.engine.distilling import Teacher
from core.engine.freeze import FineTuneError, weighted_layers
from core.training.reduced import reduce


def _network(filters: int, units: int, rank: int = 0, residual: bool = False) -> keras.Model:
    inputs = x = keras.Input((6, 6, 1))
    x = layers.Conv2D(filters, 3, padding="same", name="conv")(x)
    x = layers.BatchNormalization(name="norm")(x)
    if residual:
        x = layers.Add(name="sum")([x, layers.Conv2D(filters, 1, name="around")(inputs)])
    x = layers.Flatten()(layers.MaxPooling2D()(layers.Activation("relu")(x)))
    if rank:
        x = layers.Dense(rank, use_bias=False, name="hidden_low")(x)
    x = layers.Dropout(0.5)(layers.Dense(units, activation="tanh", name="hidden")(x))
    return keras.Model(inputs, layers.Dense(3, name="logits")(x))


def _silenced(model: keras.Model, filters: list[int], units: list[int]) -> None:
    """Weights of nothing for these, whose shifts stay: without them the answers are the same."""
    draw = np.random.default_rng(0)
    for name in ("conv", "hidden"):
        layer = model.get_layer(name)
        kernel, bias = layer.get_weights()
        kernel[..., filters if name == "conv" else units] = 0
        bias = draw.normal(size=bias.shape)
        bias[filters if name == "conv" else units] = 0
        layer.set_weights([kernel, bias])
    model.get_layer("norm").set_weights([draw.uniform(0.5, 1.5, model.get_layer("norm").gamma.shape)] * 4)
    gamma, _, _, variance = model.get_layer("norm").get_weights()
    shifts = np.where(np.isin(np.arange(len(gamma)), filters), 0, 0.3)
    model.get_layer("norm").set_weights([gamma, shifts, 0 * shifts, variance])


def reduced() -> dict[str, Any]:
    """How far answers are apart without units that give nothing, and at full rank; what is told; what is refused."""
    keras.utils.set_random_seed(0)
    whole = _network(8, 10)
    _silenced(whole, [0, 3, 5], [1, 2, 9])
    x = np.random.default_rng(1).normal(size=(5, 6, 6, 1))
    found: dict[str, Any] = {}
    for name, small in {
        "units": _network(5, 7),
        "both": _network(5, 7, rank=7),
        "rank": _network(8, 10, rank=2),
    }.items():
        made = reduce(small, dict(weighted_layers(whole)))
        for layer_name, layer in weighted_layers(small):
            layer.set_weights(made.weights[layer_name])
        found[name] = float(np.abs(small(x) - whole(x)).max()), made.told
    for name, model in {"wider": _network(9, 10), "tied": _network(5, 7, residual=True)}.items():
        try:
            reduce(model, dict(weighted_layers(_network(8, 10, residual=name == "tied"))))
        except FineTuneError as error:
            found[name] = str(error)
    return found


def taught() -> dict[str, float]:
    """The part of the loss that is a teacher's, of answers that it gives itself, and of others."""
    options = Distillation(run=1, temperature=2, weight=0.25)
    given = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]], np.float32)
    inputs = keras.Input((3,))
    same = keras.Model(inputs, layers.Rescaling(1.0)(inputs))
    one = keras.Model(inputs, layers.Rescaling(1.0)(inputs[:, :1]))
    teacher = Teacher(same, options, labels=False, variance=None)
    single, labels = (Teacher(each, options, labels=many, variance=None) for each, many in ((one, False), (same, True)))
    numbers = Teacher(same, options, labels=False, variance=4.0)
    other = given[::-1].copy()
    return {
        "own": float(teacher.mixed(1.0 + 0 * given.sum(), given, given, 0.0)),
        "other": float(teacher.mixed(0 * given.sum(), given, other, 0.0)),
        "two columns": float(single.mixed(0 * given.sum(), given, np.stack([1 - given[:, 0], given[:, 0]], 1), 0.0)),
        "labels": float(labels.mixed(0 * given.sum(), given, given, 2.0)),
        "numbers": float(numbers.mixed(0 * given.sum(), given, given + 2, 0.0)),
    }
