"""Convolutional network: blocks of convolution and pooling, then fully connected layers; for images."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from core.architectures.architecture import Activation, Stacked, Width
from core.common.errors import Problem
from core.data.base import DataInfo, Kind

if TYPE_CHECKING:
    import keras


class CNN(Stacked):
    title: ClassVar[str] = "Convolutional network"
    summary: ClassVar[str] = "Convolution and pooling, then fully connected layers."

    kinds: ClassVar[tuple[Kind, ...]] = ("image",)
    narrowed: ClassVar[tuple[str, ...]] = ("filters", "hidden")

    name: Literal["cnn"] = "cnn"
    filters: tuple[Width, ...] = Field(
        (32, 64), min_length=1, max_length=20, title="Filters", description="Of each convolution; every one is pooled."
    )
    kernel_size: int = Field(3, ge=1, le=31, title="Kernel size", description="Width and height in pixels.")
    padding: Literal["same", "valid"] = Field(
        "same", title="Padding", description="same keeps the size before pooling; valid loses a border."
    )
    hidden: tuple[Width, ...] = Field(
        (64,), max_length=20, title="Hidden layers", description="Units of each layer after the convolutions."
    )
    activation: Activation = Field("relu", title="Activation", description="Of all layers but the last.")

    def problems(self, data: DataInfo) -> list[Problem]:
        found = super().problems(data)
        if found:
            return found
        size = min(data.shape[:2])
        for number, _ in enumerate(self.filters, start=1):
            size = (size if self.padding == "same" else size - self.kernel_size + 1) // 2
            if size < 1:
                fits = number - 1
                return [
                    Problem(
                        "filters",
                        f"{len(self.filters)} convolutions with pooling do not fit images of "
                        f"{data.shape[0]} x {data.shape[1]} pixels; {fits} would",
                    )
                ]
        return []

    def build(self, data: DataInfo) -> "keras.Model":
        import keras

        from core.architectures.build.parts import conv_block, dense_block, head, prepare

        inputs, x = prepare(data)
        for number, filters in enumerate(self.filters, start=1):
            x = conv_block(x, filters, self.kernel_size, self.padding, self, self.activation, f"conv_{number}")
            x = keras.layers.MaxPooling2D(name=f"pool_{number}")(x)
        x = keras.layers.Flatten(name="flatten")(x)
        for number, units in enumerate(self.hidden, start=1):
            x = dense_block(x, units, self, self.activation, f"dense_{number}")
        return keras.Model(inputs, head(x, data), name="cnn")
