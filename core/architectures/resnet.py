"""Residual network (He et al., 2016): convolutions that learn what to add to what they receive; for images."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from core.architectures.architecture import Activation, Regularised, Width
from core.common.errors import Problem
from core.data.base import DataInfo, Kind

if TYPE_CHECKING:
    import keras


class ResNet(Regularised):
    title: ClassVar[str] = "Residual network"
    summary: ClassVar[str] = "Stages of residual blocks, then the mean over the image."

    kinds: ClassVar[tuple[Kind, ...]] = ("image",)
    halved: ClassVar[tuple[str, ...]] = ("stem", "widths")

    name: Literal["resnet"] = "resnet"
    stem: Width = Field(32, title="Stem", description="Filters of the first convolution.")
    stem_stride: int = Field(
        1, ge=1, le=4, title="Stem stride", description="Pixels between its windows; 2 halves width and height."
    )
    widths: tuple[Width, ...] = Field(
        (32, 64, 128),
        min_length=1,
        max_length=8,
        title="Widths",
        description="Filters of each stage; every stage after the first halves width and height.",
    )
    blocks: int = Field(2, ge=1, le=50, title="Blocks", description="Of two convolutions each, in every stage.")
    activation: Activation = Field("relu", title="Activation", description="Of all layers but the last.")
    batch_norm: bool = Field(True, title="Batch normalisation", description="Normalise before each activation.")

    def problems(self, data: DataInfo) -> list[Problem]:
        found = super().problems(data)
        if found:
            return found
        least = self.stem_stride * 2 ** (len(self.widths) - 1)
        if min(data.shape[:2]) >= least:
            return []
        size = f"{data.shape[0]} x {data.shape[1]}"
        return [
            Problem("widths", f"{len(self.widths)} stages need images of {least} x {least} pixels; these are {size}")
        ]

    def build(self, data: DataInfo) -> "keras.Model":
        import keras
        from keras import layers

        from core.architectures.build.parts import head, prepare

        inputs, x = prepare(data)
        x = self._active(self._convolved(x, self.stem, 3, self.stem_stride, "stem"), "stem")
        for stage, filters in enumerate(self.widths, start=1):
            for block in range(1, self.blocks + 1):
                strides = 2 if block == 1 and stage > 1 else 1
                x = self._block(x, filters, strides, f"stage_{stage}_block_{block}")
        x = layers.GlobalAveragePooling2D(name="mean")(x)
        if self.dropout:
            x = layers.Dropout(self.dropout, name="dropout")(x)
        return keras.Model(inputs, head(x, data), name="resnet")

    def _block(self, x: Any, filters: int, strides: int, name: str) -> Any:
        """Two convolutions and a way around them, through a convolution of one pixel where the shape changes."""
        from keras import layers

        around = x
        if strides > 1 or x.shape[-1] != filters:
            around = self._convolved(x, filters, 1, strides, f"{name}_around")
        x = self._active(self._convolved(x, filters, 3, strides, f"{name}_1"), f"{name}_1")
        x = self._convolved(x, filters, 3, 1, f"{name}_2")
        return self._active(layers.Add(name=f"{name}_add")([around, x]), name)

    def _convolved(self, x: Any, filters: int, size: int, strides: int, name: str) -> Any:
        from keras import layers

        from core.architectures.build.parts import penalty

        convolution = layers.Conv2D(
            filters,
            size,
            strides=strides,
            padding="same",
            use_bias=not self.batch_norm,  # the normalisation has one of its own
            kernel_initializer="he_normal",
            kernel_regularizer=penalty(self),
            name=name,
        )
        x = convolution(x)
        return layers.BatchNormalization(name=f"{name}_norm")(x) if self.batch_norm else x

    def _active(self, x: Any, name: str) -> Any:
        from keras import layers

        return layers.Activation(self.activation, name=f"{name}_{self.activation}")(x)
