"""Multilayer perceptron: fully connected layers, for rows, small images and windows of series."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from core.architectures.architecture import Activation, Stacked, Width
from core.data.base import DataInfo, Kind

if TYPE_CHECKING:
    import keras


class MLP(Stacked):
    title: ClassVar[str] = "Multilayer perceptron"
    summary: ClassVar[str] = "Fully connected layers."

    kinds: ClassVar[tuple[Kind, ...]] = ("rows", "image", "table", "series")
    narrowed: ClassVar[tuple[str, ...]] = ("hidden",)

    name: Literal["mlp"] = "mlp"
    hidden: tuple[Width, ...] = Field(
        (64, 64), max_length=100, title="Hidden layers", description="Units of each hidden layer, in order."
    )
    activation: Activation = Field("relu", title="Activation", description="Of the hidden layers.")

    def build(self, data: DataInfo) -> "keras.Model":
        import keras

        from core.architectures.build.parts import dense_block, head, prepare

        inputs, x = prepare(data)
        if len(x.shape) > 2:
            x = keras.layers.Flatten(name="flatten")(x)
        for number, units in enumerate(self.hidden, start=1):
            x = dense_block(x, units, self, self.activation, f"dense_{number}")
        return keras.Model(inputs, head(x, data, inputs), name="mlp")
