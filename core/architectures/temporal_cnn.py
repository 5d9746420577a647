"""Convolutions over time: blocks that look back ever further, then fully connected layers; for windows of series."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from core.architectures.architecture import Activation, Stacked, Width
from core.data.base import DataInfo, Kind

if TYPE_CHECKING:
    import keras


class TemporalCNN(Stacked):
    """After Bai, Kolter, Koltun, "An empirical evaluation of generic convolutional and recurrent networks" (2018)."""

    title: ClassVar[str] = "Temporal convolutional network"
    summary: ClassVar[str] = "1-D convolutions over time, each looking back twice as far as the one before."

    kinds: ClassVar[tuple[Kind, ...]] = ("series",)
    narrowed: ClassVar[tuple[str, ...]] = ("hidden",)
    halved: ClassVar[tuple[str, ...]] = ("filters", "hidden")

    name: Literal["cnn1d"] = "cnn1d"
    filters: tuple[Width, ...] = Field(
        (32, 32, 32), min_length=1, max_length=20, title="Filters", description="Of each convolution, in order."
    )
    kernel_size: int = Field(3, ge=2, le=101, title="Kernel size", description="Steps that a convolution joins.")
    dilated: bool = Field(
        True, title="Dilated", description="The steps that are joined lie twice as far apart in each convolution."
    )
    residual: bool = Field(True, title="Residual", description="Add what goes into a convolution to what comes out.")
    hidden: tuple[Width, ...] = Field(
        (64,), max_length=20, title="Hidden layers", description="Units of each layer after the convolutions."
    )
    activation: Activation = Field("relu", title="Activation", description="Of all layers but the last.")

    def build(self, data: DataInfo) -> "keras.Model":
        import keras

        from core.architectures.build.parts import dense_block, finish, head, penalty, prepare

        inputs, x = prepare(data)
        for number, filters in enumerate(self.filters, start=1):
            before, name = x, f"conv_{number}"
            x = keras.layers.Conv1D(
                filters,
                self.kernel_size,
                padding="causal",  # a step sees none that comes after it
                dilation_rate=2 ** min(number - 1, 16) if self.dilated else 1,
                kernel_regularizer=penalty(self),
                name=name,
            )(x)
            x = finish(x, self, self.activation, name)
            if self.residual:
                if before.shape[-1] != filters:
                    before = keras.layers.Conv1D(filters, 1, name=f"{name}_shortcut")(before)
                x = keras.layers.Add(name=f"{name}_add")([x, before])
        x = keras.layers.Flatten(name="flatten")(x)
        for number, units in enumerate(self.hidden, start=1):
            x = dense_block(x, units, self, self.activation, f"dense_{number}")
        return keras.Model(inputs, head(x, data, inputs), name="cnn1d")
