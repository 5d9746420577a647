"""Pieces that the built-in architectures share. Imports Keras: only builders may import this."""

import keras
from keras import layers

from core.data.base import DataInfo
from core.models.base import Regularised


def prepare(x: keras.KerasTensor, data: DataInfo) -> keras.KerasTensor:
    """Raw examples to numbers around one, inside the model, so that an exported model takes raw examples."""
    if data.is_image:
        return layers.Rescaling(1 / 255, name="scale")(x)
    return layers.Normalization(name="normalize")(x)  # fitted to the training examples before training


def dense_block(
    x: keras.KerasTensor, units: int, options: Regularised, activation: str, name: str
) -> keras.KerasTensor:
    """[batch, features] to [batch, units]: dense, batch normalisation, activation, dropout."""
    return _finish(layers.Dense(units, kernel_regularizer=_l2(options), name=name)(x), options, activation, name)


def conv_block(
    x: keras.KerasTensor, filters: int, size: int, padding: str, options: Regularised, activation: str, name: str
) -> keras.KerasTensor:
    """[batch, height, width, channels] to [batch, …, filters]: convolution, then as `dense_block`."""
    layer = layers.Conv2D(filters, size, padding=padding, kernel_regularizer=_l2(options), name=name)
    return _finish(layer(x), options, activation, name)


def head(x: keras.KerasTensor, data: DataInfo) -> keras.KerasTensor:
    """Probabilities [batch, outputs]; float32 also when the layers before compute in a shorter format."""
    activation = "sigmoid" if data.task == "binary" else "softmax"
    x = layers.Dense(data.outputs, name="logits")(x)
    return layers.Activation(activation, dtype="float32", name="output")(x)


def _finish(x: keras.KerasTensor, options: Regularised, activation: str, name: str) -> keras.KerasTensor:
    if options.batch_norm:
        x = layers.BatchNormalization(name=f"{name}_norm")(x)
    x = layers.Activation(activation, name=f"{name}_{activation}")(x)
    return layers.Dropout(options.dropout, name=f"{name}_dropout")(x) if options.dropout else x


def _l2(options: Regularised) -> keras.regularizers.Regularizer | None:
    return keras.regularizers.L2(options.l2) if options.l2 else None
