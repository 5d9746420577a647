"""Pieces that the built-in architectures share. Imports Keras: only builders may import this."""

from typing import Any

import keras
from keras import layers

from core.architectures.architecture import Penalised, Regularised, Stacked
from core.architectures.build.window_scaling import of_window, window_inputs
from core.data.base import CATEGORIES, NUMBERS, DataInfo

LOW = "_low"  # how the first of two dense layers is named that stand for one

Inputs = Any  # a KerasTensor, or a dict of them for a table


def prepare(data: DataInfo) -> tuple[Inputs, keras.KerasTensor]:
    """The network's inputs, for raw examples, and the numbers around one that its layers work on.

    Inside the model, so that an exported model takes raw examples: pixels 0 to 255, rows, the columns of a table.
    Tokens are ids, which come as they are.
    """
    if data.kind == "table":
        return table_inputs(data)
    dtype = "int32" if data.kind in ("text", "corpus") else None
    inputs = keras.Input(data.shape, name="input", dtype=dtype)
    if data.kind == "image":
        return inputs, _scaled(inputs, data)
    if data.kind == "rows":
        # Fitted to the training examples.
        return inputs, layers.Normalization(name="normalize", dtype=whole_dtype())(inputs)
    if data.kind == "series":
        assert data.series is not None
        return inputs, window_inputs(inputs, data.series.scaling, whole_dtype())
    return inputs, inputs


def _scaled(pixels: keras.KerasTensor, data: DataInfo) -> keras.KerasTensor:
    if data.scaling == "standard":
        return layers.Normalization(name="normalize")(pixels)
    if data.scaling == "symmetric":
        return layers.Rescaling(1 / 127.5, offset=-1, name="scale")(pixels)
    return layers.Rescaling(1 / 255, name="scale")(pixels)


def table_inputs(data: DataInfo) -> tuple[Inputs, keras.KerasTensor]:
    """Numbers normalised, with the mean where they are missing; categories one-hot, unknown and missing ones too."""
    inputs: dict[str, keras.KerasTensor] = {}
    parts: list[keras.KerasTensor] = []
    if data.numbers:
        numbers = inputs[NUMBERS] = keras.Input((len(data.numbers),), name=NUMBERS)
        normal = layers.Normalization(name="normalize", dtype=whole_dtype())(numbers)
        missing = keras.ops.isnan(numbers)
        parts += [keras.ops.where(missing, 0.0, normal), keras.ops.cast(missing, "float32")]
    if data.categories:
        categories = inputs[CATEGORIES] = keras.Input((len(data.categories),), name=CATEGORIES, dtype="string")
        for column, feature in enumerate(data.categories):
            lookup = layers.StringLookup(
                vocabulary=list(feature.categories), output_mode="one_hot", name=f"category_{column + 1}"
            )
            parts.append(lookup(categories[:, column : column + 1]))
    return inputs, layers.Concatenate(name="columns")(parts) if len(parts) > 1 else parts[0]


def dense_block(
    x: keras.KerasTensor, units: int, options: Regularised, activation: str, name: str
) -> keras.KerasTensor:
    """[batch, features] to [batch, units]: dense, or two of low rank, batch normalisation, activation, dropout."""
    if isinstance(options, Stacked) and (rank := options.rank(x.shape[-1], units)):
        x = layers.Dense(rank, use_bias=False, kernel_regularizer=penalty(options), name=f"{name}{LOW}")(x)
    layer = layers.Dense(units, kernel_regularizer=penalty(options), name=name)
    return finish(layer(x), options, activation, name)


def conv_block(
    x: keras.KerasTensor, filters: int, size: int, padding: str, options: Regularised, activation: str, name: str
) -> keras.KerasTensor:
    """[batch, height, width, channels] to [batch, …, filters]: convolution, then as `dense_block`."""
    layer = layers.Conv2D(filters, size, padding=padding, kernel_regularizer=penalty(options), name=name)
    return finish(layer(x), options, activation, name)


def head(
    x: keras.KerasTensor, data: DataInfo, inputs: Inputs = None, initializer: Any = "glorot_uniform"
) -> keras.KerasTensor:
    """What the task asks for, [batch, …, outputs]; float32 also when the layers before compute in a shorter format.

    Probabilities of classes, labels or of the next token; for regression the scaled number, see `own_unit`; for a
    forecast those of all steps, measured as the windows of the inputs are.
    """
    x = layers.Dense(data.outputs, kernel_initializer=initializer, name="logits")(x)
    if data.series is not None:
        x = of_window(x, inputs, data.series.scaling)
    if data.predicts_numbers:
        return own_unit(x, "output")
    activation = "sigmoid" if data.task in ("binary", "multilabel") else "softmax"
    return layers.Activation(activation, dtype="float32", name="output")(x)


def own_unit(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """[batch, outputs] of numbers as they are: what learns from and asks the network scales outside, in float64.

    In a checkpoint this layer holds the target's mean and deviation, so that whoever loads the file gets numbers in the
    target's own unit.
    """
    return layers.Rescaling(1.0, name=name, dtype="float32")(x)


def whole_dtype() -> str | None:
    """Of layers that take numbers as they are: in 16 bits the years 2016 and 2020 are the same number."""
    return "float32" if keras.config.dtype_policy().compute_dtype in ("float16", "bfloat16") else None


def finish(x: keras.KerasTensor, options: Regularised, activation: str, name: str) -> keras.KerasTensor:
    """Batch normalisation, activation and dropout, as the options have them."""
    if options.batch_norm:
        x = layers.BatchNormalization(name=f"{name}_norm")(x)
    x = layers.Activation(activation, name=f"{name}_{activation}")(x)
    return layers.Dropout(options.dropout, name=f"{name}_dropout")(x) if options.dropout else x


def penalty(options: Penalised) -> keras.regularizers.Regularizer | None:
    return keras.regularizers.L1L2(options.l1, options.l2) if options.l1 or options.l2 else None
