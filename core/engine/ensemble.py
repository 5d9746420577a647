"""Several networks for the same data as one: it takes what the first takes, and gives the mean of what they give.

The members' layers are in it side by side, not networks within a network, so that what looks for layers (exports,
explanations) finds them. It gives what it is asked as its members are: probabilities, or numbers scaled as the first
one's target was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from core.common.errors import TraindeckError
from core.data.data_info import NUMBERS
from core.data.number_scaling import Columns, Numbers, Target
from core.data.vocabulary import UNKNOWN, Vocabulary
from core.engine.keras_internals import through


class EnsembleError(TraindeckError):
    """Networks that cannot be one."""


@dataclass(frozen=True)
class Member:
    name: str  # run 5, for messages
    model: keras.Model  # that gives scaled numbers
    numbers: Numbers
    vocabulary: Vocabulary | None = None


def ensemble(members: Sequence[Member]) -> keras.Model:
    """Uncompiled. Raises EnsembleError."""
    first = members[0]
    inputs: Any = {
        name: keras.Input(each.shape[1:], name=name, dtype=each.dtype)
        for name, each in named_inputs(first.model).items()
    }
    given = [_asked(each, first, inputs, f"member_{place}") for place, each in enumerate(members, start=1)]
    mean = layers.Average(name="mean", dtype="float32")(given)
    if (target := first.numbers.target) is not None:
        if target.kind == "log":
            mean = (ops.log(mean / target.unit + 1.0) - target.offset) / target.scale  # ONNX has no log1p
        mean = layers.Rescaling(1.0, name="output", dtype="float32")(mean)
    return keras.Model(inputs if isinstance(first.model.input, dict) else next(iter(inputs.values())), mean,
                       name="ensemble")  # fmt: skip


def named_inputs(model: keras.Model) -> dict[str, Any]:
    """Symbolic, by their keys where the model takes a dictionary; `inputs` has them in the order of sorted keys."""
    return dict(model.input) if isinstance(model.input, dict) else {each.name: each for each in model.inputs}


def _asked(member: Member, first: Member, inputs: dict[str, Any], prefix: str) -> Any:
    """What the member gives of the first one's inputs, as the first one's outputs are scaled; of log in the unit."""
    names = list(named_inputs(member.model))
    own = inputs if isinstance(member.model.input, dict) else dict(zip(names, inputs.values(), strict=True))
    if set(own) != set(names):
        raise EnsembleError(
            f"The network of {member.name} takes {', '.join(names)}, that of {first.name} {', '.join(inputs)}. Take "
            "networks with the same inputs."
        )
    own = {name: _input(name, each, member, first, prefix) for name, each in own.items()}
    given = _graph(member.model, own, prefix)
    return _output(given, member, first, prefix)


def _input(name: str, x: Any, member: Member, first: Member, prefix: str) -> Any:
    if member.vocabulary is not None and first.vocabulary is not None and member.vocabulary != first.vocabulary:
        return _ids(x, member.vocabulary, first.vocabulary, prefix)
    own, other = member.numbers, first.numbers
    alike = own.inputs == other.inputs and (not own.lagged or own.target == other.target)
    if alike or own.inputs is None or other.inputs is None or (name != NUMBERS and name in ("categories",)):
        return x
    columns = [_columns(each) for each in (own, other)]
    scale = [before / after for after, before in zip(columns[0].scale, columns[1].scale, strict=True)]
    shift = [
        (before - after) / width
        for after, before, width in zip(columns[0].offset, columns[1].offset, columns[0].scale, strict=True)
    ]
    return layers.Rescaling(scale, shift, name=f"{prefix}_numbers", dtype="float32")(x)


def _columns(numbers: Numbers) -> Columns:
    """With the target's past, which is scaled as the target is."""
    assert numbers.inputs is not None
    if not numbers.lagged or numbers.target is None:
        return numbers.inputs
    if numbers.target.kind == "log":
        raise EnsembleError(
            "Series whose target is learned as its logarithm, by statistics of several trainings, cannot be one "
            "network. Take runs with the same seed and split, or another target scaling."
        )
    offset, scale = numbers.inputs.offset[1:], numbers.inputs.scale[1:]
    return Columns((numbers.target.offset, *offset), (numbers.target.scale, *scale))


def _ids(x: Any, own: Vocabulary, other: Vocabulary, prefix: str) -> Any:
    """Ids of the first one's vocabulary to those of the member's: a table, whose weights are the ids."""
    if (own.unit, own.rules) != (other.unit, other.rules):
        raise EnsembleError("The members cut texts into tokens by different rules. Take runs that share them.")
    table = np.arange(len(other) + 1, dtype=np.float32)
    table[UNKNOWN + 1 : len(other)] = own.numbered(other.tokens)
    found = layers.Embedding(len(table), 1, name=f"{prefix}_ids", trainable=False, dtype="float32")
    codes = found(x)
    found.set_weights([table[:, np.newaxis]])
    return ops.cast(ops.squeeze(codes, axis=-1), "int32")


def _graph(model: keras.Model, inputs: dict[str, Any], prefix: str) -> Any:
    """The model's own layers, under other names, of these inputs."""
    if isinstance(model, keras.Sequential):
        model = keras.Model(model.inputs, model.outputs[0])
    for operation in model.operations:
        operation.name = f"{prefix}_{operation.name}"
    given: Any = inputs if isinstance(model.input, dict) else next(iter(inputs.values()))
    return through(model, given)


def _output(given: Any, member: Member, first: Member, prefix: str) -> Any:
    own, other = member.numbers.target, first.numbers.target
    if own is None or other is None:
        return given
    if (own.kind == "log") != (other.kind == "log"):
        raise EnsembleError(
            f"{first.name} learned its target scaled by {other.kind}, {member.name} by {own.kind}: log cannot be "
            "joined with others. Take runs with the same target scaling."
        )
    if own.kind == "log":
        return (ops.exp(given * own.scale + own.offset) - 1.0) * own.unit  # ONNX has no expm1
    if _pair(own) == _pair(other):
        return given
    scale, shift = own.scale / other.scale, (own.offset - other.offset) / other.scale
    return layers.Rescaling(scale, shift, name=f"{prefix}_scaled", dtype="float32")(given)


def _pair(target: Target) -> tuple[float, float]:
    return target.offset, target.scale
