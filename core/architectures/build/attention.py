"""Blocks of a Transformer, made of Keras's own layers and operations. Imports Keras: only builders may import this.

Layer normalisation stands before attention and before the dense layers (Xiong et al., 2020), and weights are drawn as
GPT-2 draws them: deviation 0.02, on the way back into the residual stream divided by the root of the number of ways.
"""

import math
from typing import Any

import keras
from keras import layers, ops

from core.architectures.attention_layers import AttentionLayers
from core.architectures.build.parts import penalty

DEVIATION = 0.02  # of the first weights


def drawn(deviation: float = DEVIATION) -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(stddev=deviation)


def embed(
    tokens: keras.KerasTensor, positions: keras.KerasTensor, vocabulary: int, places: int, options: AttentionLayers
) -> keras.KerasTensor:
    """[batch, tokens] to [batch, tokens, width]: what each token is, and where it stands."""
    token = layers.Embedding(vocabulary, options.width, embeddings_initializer=drawn(), name="embedding")(tokens)
    place = layers.Embedding(places, options.width, embeddings_initializer=drawn(), name="positions")(positions)
    return _dropped(layers.Add(name="embedded")([token, place]), options, "embedded")


def blocks(
    x: keras.KerasTensor, options: AttentionLayers, *, mask: Any = None, causal: bool = False
) -> keras.KerasTensor:
    """[batch, tokens, width], normalised at the end; `mask` [batch, 1, 1, tokens] is true where there is a token."""
    for number in range(1, options.layers + 1):
        name = f"block_{number}"
        seen = _attention(_normal(x, f"{name}_attention"), options, mask, causal, f"{name}_attention")
        x = layers.Add(name=f"{name}_attended")([x, seen])
        thought = _dense(_normal(x, f"{name}_dense"), options, f"{name}_dense")
        x = layers.Add(name=name)([x, thought])
    return _normal(x, "last")


def _attention(x: keras.KerasTensor, options: AttentionLayers, mask: Any, causal: bool, name: str) -> Any:
    length, width, heads = x.shape[1], options.width, options.heads
    joined = layers.Dense(3 * width, kernel_initializer=drawn(), kernel_regularizer=penalty(options), name=name)(x)
    query, key, value = ops.split(layers.Reshape((length, 3 * heads, width // heads))(joined), 3, axis=2)
    seen = ops.dot_product_attention(query, key, value, mask=mask, is_causal=causal)
    return _back(layers.Reshape((length, width))(seen), options, f"{name}_out")


def _dense(x: keras.KerasTensor, options: AttentionLayers, name: str) -> Any:
    layer = layers.Dense(
        4 * options.width,
        options.activation,
        kernel_initializer=drawn(),
        kernel_regularizer=penalty(options),
        name=name,
    )
    return _back(layer(x), options, f"{name}_out")


def _back(x: keras.KerasTensor, options: AttentionLayers, name: str) -> keras.KerasTensor:
    """Back to the width of the residual stream."""
    weights = drawn(DEVIATION / math.sqrt(2 * options.layers))
    layer = layers.Dense(options.width, kernel_initializer=weights, kernel_regularizer=penalty(options), name=name)
    return _dropped(layer(x), options, name)


def _normal(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    return layers.LayerNormalization(epsilon=1e-5, name=f"{name}_norm")(x)


def _dropped(x: keras.KerasTensor, options: AttentionLayers, name: str) -> keras.KerasTensor:
    return layers.Dropout(options.dropout, name=f"{name}_dropout")(x) if options.dropout else x
