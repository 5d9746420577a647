"""Convolutional network for speed (airbench94; Jordan, 2024, arXiv 2404.00498): learns much in few epochs."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from core.architectures.architecture import Activation, Architecture, Width
from core.common.errors import Problem
from core.data.base import DataInfo, Kind

if TYPE_CHECKING:
    import keras

_OUTPUT_SCALE = 1 / 9  # of what reaches the last layer, as the paper has it


class WhitenedCNN(Architecture):
    title: ClassVar[str] = "Whitened convolutional network"
    summary: ClassVar[str] = "Whitened patches, then blocks of two convolutions that begin as identities."

    kinds: ClassVar[tuple[Kind, ...]] = ("image",)
    narrowed: ClassVar[tuple[str, ...]] = ("widths",)

    name: Literal["whitened_cnn"] = "whitened_cnn"
    patch: int = Field(
        2, ge=1, le=8, title="Patch", description="Width and height in pixels of the patches that are whitened."
    )
    widths: tuple[Width, ...] = Field(
        (64, 256, 256),
        min_length=1,
        max_length=8,
        title="Widths",
        description="Filters of the two convolutions of each block; every block halves width and height.",
    )
    activation: Activation = Field("gelu", title="Activation", description="Of all layers but the last.")

    def problems(self, data: DataInfo) -> list[Problem]:
        found = super().problems(data)
        least = 2 ** len(self.widths) + self.patch - 1
        if found or min(data.shape[:2]) >= least:
            return found
        size = f"{data.shape[0]} x {data.shape[1]}"
        return [
            Problem("widths", f"{len(self.widths)} blocks need images of {least} x {least} pixels; these are {size}")
        ]

    def build(self, data: DataInfo) -> "keras.Model":
        """The kernel of `whiten` is not trained: core.engine.whitening measures it on the training images."""
        import keras
        from keras import layers

        from core.architectures.build.parts import head, prepare

        inputs, x = prepare(data)
        whiten = layers.Conv2D(2 * self.patch**2 * data.shape[2], self.patch, name="whiten")
        x = layers.Activation(self.activation, name=f"whiten_{self.activation}")(whiten(x))
        whiten.kernel.trainable = False
        for block, filters in enumerate(self.widths, start=1):
            x = layers.MaxPooling2D(name=f"block_{block}_pool")(_convolved(x, filters, f"block_{block}_1"))
            x = self._active(x, f"block_{block}_1")
            x = self._active(_convolved(x, filters, f"block_{block}_2"), f"block_{block}_2")
        x = layers.GlobalMaxPooling2D(name="largest")(x)
        x = layers.Rescaling(_OUTPUT_SCALE, name="scaled")(x)
        return keras.Model(inputs, head(x, data, initializer=_even()), name=self.name)

    def _active(self, x: Any, name: str) -> Any:
        from keras import layers

        x = layers.BatchNormalization(momentum=0.6, epsilon=1e-5, scale=False, name=f"{name}_norm")(x)
        return layers.Activation(self.activation, name=f"{name}_{self.activation}")(x)


def _convolved(x: Any, filters: int, name: str) -> Any:
    """Three by three pixels; the first filters begin as the identity, as many as there are channels."""
    import numpy as np
    from keras import layers

    layer = layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer=_even(), name=name)
    x = layer(x)
    kernel = np.array(layer.kernel)
    same = min(kernel.shape[2:])
    kernel[..., :same] = 0
    kernel[1, 1, range(same), range(same)] = 1
    layer.kernel.assign(kernel)
    return x


def _even() -> Any:
    """Evenly from ±1/√n, of n inputs: what PyTorch draws, with which the paper chose its rates."""
    import keras

    return keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform")
