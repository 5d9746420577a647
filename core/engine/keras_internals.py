"""What of Keras's insides is leant on, in one place: an upgrade may move it.

A test of each fails when that happens. TRAINDECK_PLAIN does without: slower recurrent layers, no lines between layers.
"""

import contextlib
import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import keras
from keras.src.backend.common import global_state

from core.common.settings import Settings


@cache
def is_plain() -> bool:
    return Settings().plain


def every_layer(model: keras.Model) -> Iterator[keras.Layer]:
    """The layers of a network, of those within it, and what wrappers such as Bidirectional hold."""
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from every_layer(layer)
        held = (getattr(layer, name, None) for name in ("forward_layer", "backward_layer", "layer"))
        yield from (each for each in held if each is not None)


def sizes_of(config: Any) -> tuple[int, int]:
    """How many weights a saved network has, and numbers its largest tensor for an example, without making any.

    Where Keras refuses the config, up to there; loading it says why.
    """
    kept = global_state.get_global_attribute("uninitialized_variables", [])
    global_state.set_global_attribute("uninitialized_variables", [])
    largest = 0
    with contextlib.suppress(Exception), keras.StatelessScope(initialize_variables=False):  # whatever Keras raises
        model = keras.saving.deserialize_keras_object(config, safe_mode=True)
        nodes = [node for layer in every_layer(model) for node in layer._inbound_nodes]
        tensors = [each for node in nodes for each in node.output_tensors]
        largest = max((math.prod(size or 1 for size in each.shape) for each in tensors), default=0)
    made = global_state.get_global_attribute("uninitialized_variables", [])
    global_state.set_global_attribute("uninitialized_variables", kept)
    return sum(math.prod(each.shape) for each in made), largest


def through(model: keras.Model, inputs: Any) -> Any:
    """What its layers, the very same, give of other symbolic inputs: a graph, and no network within a network."""
    return model._run_through_graph(inputs, operation_fn=lambda operation: operation)


def parents_of(layer: keras.Layer) -> tuple[str, ...]:
    """Names of the layers whose outputs this one receives; those of an input layer are none."""
    if is_plain() or isinstance(layer, keras.layers.InputLayer):
        return ()
    return tuple(tensor._keras_history.operation.name for tensor in keras.tree.flatten(layer.input))


def averages_of(optimizer: keras.optimizers.Optimizer) -> list[tuple[keras.Variable, keras.Variable]]:
    """Each weight that it trains, with the running mean that it keeps of it; none where it keeps none."""
    optimizer = _inner(optimizer)
    if not optimizer.use_ema:
        return []
    return list(zip(optimizer._trainable_variables, optimizer._model_variables_moving_average, strict=True))


def leave_averages(optimizer: keras.optimizers.Optimizer) -> None:
    """Have it keep its place for running means, and not change what stands there."""
    optimizer._update_model_variables_moving_average = lambda _: None


def moments_of(adam: keras.optimizers.Adam, weight: keras.Variable) -> tuple[keras.Variable, keras.Variable]:
    """The running means that Adam keeps of a weight's gradient, and of its square."""
    number = number_of(adam, weight)
    return adam._momentums[number], adam._velocities[number]


def replace_update(optimizer: keras.optimizers.Optimizer, update: Callable[..., None]) -> None:
    """Have it change weights by this function, which takes gradients, weights and the rate."""
    optimizer._backend_update_step = update


def number_of(optimizer: keras.optimizers.Optimizer, variable: object) -> int:
    """Which of the weights that it trains this variable is."""
    return int(optimizer._get_variable_index(variable))


def steps_of(optimizer: keras.optimizers.Optimizer) -> keras.Variable:
    """How many steps it took."""
    return _inner(optimizer).iterations


def _inner(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """Of one that scales the loss for float16, the one within."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def replace_inner_loop(layer: Any, inner_loop: Callable[..., Any]) -> None:
    """Have a recurrent layer step over time by this function, which takes what Keras's own does."""
    layer.inner_loop = inner_loop
