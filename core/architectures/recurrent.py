"""Recurrent network: stacked LSTM or GRU layers over a text, then fully connected layers."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from core.architectures.architecture import Activation, Regularised, Width
from core.data.base import DataInfo, Kind, Task

if TYPE_CHECKING:
    import keras


class RecurrentLayers(Regularised):
    """An embedding and recurrent layers: what classifiers and generators of text share."""

    cell: Literal["lstm", "gru"] = Field("lstm", title="Cell", description="lstm, or gru with a quarter less weights.")
    embedding: Width = Field(64, title="Embedding", description="Of texts: numbers that stand for each token.")
    embedding_dropout: float = Field(
        0.0, ge=0, lt=1, title="Embedding dropout", description="Share of the embedding's numbers left out of a text."
    )
    units: tuple[Width, ...] = Field(
        (128,), min_length=1, max_length=20, title="Units", description="Of each recurrent layer, in order."
    )

    def recurrent(self, tokens: "keras.KerasTensor", data: DataInfo, both_ways: bool, to_end: bool) -> Any:
        """[batch, tokens], or [batch, steps, channels] of a series, to [batch, units]; with `to_end` of each token."""
        from keras import layers

        from core.architectures.build.parts import penalty

        kind = layers.LSTM if self.cell == "lstm" else layers.GRU
        is_text = data.kind in ("text", "corpus")
        x = layers.Embedding(data.vocabulary, self.embedding, name="embedding")(tokens) if is_text else tokens
        if self.embedding_dropout and is_text:
            x = layers.SpatialDropout1D(self.embedding_dropout, name="embedding_dropout")(x)
        for number, units in enumerate(self.units, start=1):
            name = f"{self.cell}_{number}"
            layer = kind(
                units,
                return_sequences=to_end or number < len(self.units),
                kernel_regularizer=penalty(self),
                recurrent_regularizer=penalty(self),
                name=name,
            )
            x = (layers.Bidirectional(layer, name=f"{name}_both_ways") if both_ways else layer)(x)
            if self.batch_norm:
                x = layers.BatchNormalization(name=f"{name}_norm")(x)
            if self.dropout:
                x = layers.Dropout(self.dropout, name=f"{name}_dropout")(x)
        return x


class Recurrent(RecurrentLayers):
    title: ClassVar[str] = "Recurrent network"
    summary: ClassVar[str] = "Stacked LSTM or GRU layers over a text or a series, then fully connected layers."

    kinds: ClassVar[tuple[Kind, ...]] = ("text", "series")
    halved: ClassVar[tuple[str, ...]] = ("embedding", "units", "hidden")

    name: Literal["recurrent"] = "recurrent"
    bidirectional: bool = Field(False, title="Bidirectional", description="Read each text or window from both ends.")
    hidden: tuple[Width, ...] = Field(
        (), max_length=20, title="Hidden layers", description="Units of each layer after the recurrent ones."
    )
    activation: Activation = Field("relu", title="Activation", description="Of the hidden layers.")

    def build(self, data: DataInfo) -> "keras.Model":
        import keras

        from core.architectures.build.parts import dense_block, head, prepare

        inputs, tokens = prepare(data)
        x = self.recurrent(tokens, data, both_ways=self.bidirectional, to_end=False)
        for number, units in enumerate(self.hidden, start=1):
            x = dense_block(x, units, self, self.activation, f"dense_{number}")
        return keras.Model(inputs, head(x, data, inputs), name="recurrent")


class RecurrentGenerator(RecurrentLayers):
    title: ClassVar[str] = "Recurrent generator"
    summary: ClassVar[str] = "Stacked GRU or LSTM layers that predict the next token of a text."

    kinds: ClassVar[tuple[Kind, ...]] = ("corpus",)
    tasks: ClassVar[tuple[Task, ...]] = ("generation",)
    halved: ClassVar[tuple[str, ...]] = ("embedding", "units")

    name: Literal["recurrent_generator"] = "recurrent_generator"
    cell: Literal["lstm", "gru"] = Field("gru", title="Cell", description="gru, or lstm with a third more weights.")
    units: tuple[Width, ...] = Field(
        (256,), min_length=1, max_length=20, title="Units", description="Of each recurrent layer, in order."
    )

    def build(self, data: DataInfo) -> "keras.Model":
        import keras

        from core.architectures.build.parts import head, prepare

        inputs, tokens = prepare(data)
        x = self.recurrent(tokens, data, both_ways=False, to_end=True)
        return keras.Model(inputs, head(x, data), name="recurrent_generator")
