"""Transformers: an encoder that classifies texts, and a decoder, as GPT, that continues them."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from core.architectures.architecture import Width
from core.architectures.attention_layers import AttentionLayers
from core.data.base import DataInfo, Kind, Task
from core.data.vocabulary import PADDING

if TYPE_CHECKING:
    import keras


class Transformer(AttentionLayers):
    title: ClassVar[str] = "Transformer"
    summary: ClassVar[str] = "A small encoder with self-attention for texts; the mean over the tokens is classified."

    kinds: ClassVar[tuple[Kind, ...]] = ("text",)

    name: Literal["transformer"] = "transformer"

    def build(self, data: DataInfo) -> "keras.Model":
        import keras
        from keras import ops

        from core.architectures.build.attention import blocks, embed
        from core.architectures.build.parts import head, prepare

        inputs, tokens = prepare(data)
        real = ops.not_equal(tokens, PADDING)
        # Counted from the first token, 0 for padding: a text means the same however far it is padded.
        positions = ops.cumsum(ops.cast(real, "int32"), axis=1)
        x = embed(tokens, positions, data.vocabulary, data.shape[0] + 1, self)
        x = blocks(x, self, mask=real[:, None, None, :])
        share = ops.cast(real, x.dtype)
        share = share / ops.maximum(ops.sum(share, axis=1, keepdims=True), 1)  # a text without a token has none
        mean = ops.sum(x * share[:, :, None], axis=1)
        return keras.Model(inputs, head(mean, data), name="transformer")


class GPT(AttentionLayers):
    title: ClassVar[str] = "GPT"
    summary: ClassVar[str] = "A decoder-only Transformer with causal attention that predicts the next token of a text."

    kinds: ClassVar[tuple[Kind, ...]] = ("corpus",)
    tasks: ClassVar[tuple[Task, ...]] = ("generation",)

    # As nanoGPT's setting for a CPU; the block is the length of the data's windows.
    name: Literal["gpt"] = "gpt"
    layers: int = Field(4, ge=1, le=100, title="Layers", description="Blocks of attention and two dense layers.")
    width: Width = Field(128, title="Width", description="Numbers that stand for each token.")

    def build(self, data: DataInfo) -> "keras.Model":
        import keras
        from keras import ops

        from core.architectures.build.attention import blocks, drawn, embed
        from core.architectures.build.parts import head, prepare

        inputs, tokens = prepare(data)
        positions = ops.cumsum(ops.ones_like(tokens), axis=1) - 1
        x = embed(tokens, positions, data.vocabulary, data.shape[0], self)
        x = blocks(x, self, causal=True)
        return keras.Model(inputs, head(x, data, initializer=drawn()), name="gpt")
