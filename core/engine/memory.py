"""How much memory a training needs, estimated from shapes before anything is made, and how much there is."""

import math
from typing import Any

import keras
import psutil

from core.common.errors import Problem
from core.common.settings import Settings
from core.config.resources import Resources
from core.config.run import RunConfig
from core.data.base import DataInfo
from core.data.source_options import CorpusSource
from core.jobs.preflight import Memory
from core.system.devices import cards, slots

_DATA_SHARE = 0.5  # of a GPU's memory, at most for examples
_COPIES_OF_NUMBERS = 5  # of float32's size: as they are stored and as they are split, in float64, then scaled
_COPIES = 2  # of the data in main memory: the arrays, and the tensors on the device
# Values per unit and step that are kept for the gradient: gates, state and output.
_GATES = {"SimpleRNN": 2, "GRU": 5, "LSTM": 6}


def data_bytes(info: DataInfo, config: RunConfig) -> int:
    """Of all examples as arrays."""
    examples = sum(config.data.sizes(info)) + info.test_examples
    if isinstance(config.data, CorpusSource):
        return examples * info.shape[0] * 2 * 4
    return examples * math.prod(info.shape) * (1 if info.is_image else 4)


def data_problem(info: DataInfo, config: RunConfig) -> Problem | None:
    """Data that would fill the memory when they are loaded, as small images do that are made large."""
    copies = _COPIES_OF_NUMBERS if info.kind in ("rows", "table", "series") else _COPIES
    needed, free = copies * data_bytes(info, config), psutil.virtual_memory().available
    if needed <= free:
        return None
    size = " x ".join(map(str, info.shape))
    field, remedy = "data.limit", "take fewer examples"
    if info.is_image and config.data.resize:  # type: ignore[attr-defined]
        field, remedy = "data.resize", "take a smaller size, or fewer examples"
    elif info.kind == "series":
        field, remedy = "data.stride", "take a larger stride or a smaller window"
    elif info.kind in ("text", "corpus"):
        field, remedy = "data.length", "take a smaller length, or fewer examples"
    count = sum(config.data.sizes(info)) + info.test_examples
    return Problem(
        field,
        f"{count:,} examples of {size} need {gb(needed)} of memory, and {gb(free)} are free; {remedy}",
    )


def estimate(config: RunConfig, info: DataInfo, model: keras.Model, place: tuple[str, int]) -> Memory:
    """`model` needs shapes alone; activations are the sum of all layers' outputs, twice for their gradients."""
    trainable = _bytes(model.trainable_variables)
    batch = min(config.training.batch_size, max(1, config.data.sizes(info)[0]))
    name, free = place
    on_gpu = name != HOST
    return Memory(
        parameters=_bytes(model.variables),
        gradients=trainable,
        optimizer=trainable * config.training.optimizer.numbers_kept,
        activations=-(-batch // (config.resources.gpus if on_gpu else 1)) * 2 * sum(map(_activations, _flat(model))),
        data=data_bytes(info, config) * (1 if on_gpu else _COPIES),
        free=free,
        place=name,
    )


def fits(number: int, settings: Settings, wish: Resources) -> bool:
    """Whether examples of so many bytes can stay on the device beside the training; a host's memory has them anyway."""
    name, total = place(settings, wish)
    return name == HOST or number <= _DATA_SHARE * total


def memory_problem(memory: Memory) -> Problem | None:
    """What does not fit, at the field that matters most."""
    if memory.needed <= memory.free:
        return None
    weights = memory.parameters + memory.gradients + memory.optimizer
    parts = {
        ("training.batch_size", "take a smaller batch, smaller images or texts, or smaller layers"): memory.activations,
        ("architecture", "take smaller layers"): weights,
        ("data.limit", "take fewer or smaller examples"): memory.data,
    }
    field, remedy = max(parts, key=lambda part: parts[part])
    return Problem(
        field,
        f"the training needs about {gb(memory.needed)} of memory ({gb(weights)} for weights, gradients and optimizer, "
        f"{gb(memory.activations)} for the activations of a batch, {gb(memory.data)} for the data), and {memory.place} "
        f"has {gb(memory.free)}; {remedy}",
    )


HOST = "this host"


def place(settings: Settings, wish: Resources) -> tuple[str, int]:
    """Whose memory the run will use, and how many bytes of it there are: free ones of the host, all of a GPU.

    A GPU's memory may be in use now by runs that will have ended when this one gets it.
    """
    here = slots(settings)
    kind = wish.slot.partition(":")[0] or wish.device
    gpus = [card for card in cards() if card.slot in here and (not wish.slot or card.slot == wish.slot)]
    if kind == "cpu" or not gpus:
        return HOST, psutil.virtual_memory().available
    smallest = min(gpus, key=lambda card: card.memory_total)
    return f"{smallest.slot} ({smallest.name})", smallest.memory_total


def gb(number: float) -> str:
    return f"{number / 1e9:,.1f} GB" if number >= 5e7 else f"{number / 1e6:,.1f} MB"


def _bytes(variables: Any) -> int:
    return sum(math.prod(variable.shape) * _width(variable.dtype) for variable in variables)


def _width(dtype: Any) -> int:
    """Bytes of a number."""
    name = keras.backend.standardize_dtype(dtype)
    return {"float16": 2, "bfloat16": 2, "float64": 8, "int64": 8, "uint8": 1, "bool": 1}.get(name, 4)


def _flat(model: keras.Model) -> list[keras.Layer]:
    """Its layers, and in place of a network among them that network's."""
    return [inner for layer in model.layers for inner in (_flat(layer) if isinstance(layer, keras.Model) else [layer])]


def _activations(layer: keras.Layer) -> int:
    """Bytes per example."""
    outputs = [output for output in keras.tree.flatten(layer.output) if output.dtype != "string"]
    own = sum(math.prod(size or 1 for size in output.shape[1:]) * _width(output.dtype) for output in outputs)
    return int(own) + _kept_inside(layer)


def _kept_inside(layer: keras.Layer) -> int:
    """What a layer keeps for the gradient beside its output, in bytes per example."""
    inner = layer.layer if isinstance(layer, keras.layers.Bidirectional) else layer
    kind = type(inner).__name__
    if kind in _GATES:
        directions = 2 if inner is not layer else 1
        return directions * int(layer.input.shape[1] or 1) * int(inner.units) * _GATES[kind] * 4
    if kind == "DotProductAttention":  # the weights of every token for every other one, before and after the softmax
        _, tokens, heads, _ = layer.output.shape
        return 2 * int(tokens or 1) ** 2 * int(heads) * 4
    return 0
