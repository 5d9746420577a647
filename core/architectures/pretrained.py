"""Networks of keras.applications, with weights learned on ImageNet or fresh ones, and a head of our own; for images."""

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from core.architectures.architecture import Activation, Stacked, Width
from core.common.errors import DataError, Problem
from core.common.text import first_line
from core.data.base import DataInfo, Kind

if TYPE_CHECKING:
    import keras

SMALLEST = 32  # pixels, of all of these networks without their top
# Keras's classes. Not EfficientNetB0: what it does to pixels depends on where its weights come from.
CLASSES = {
    "mobilenet_v2": "MobileNetV2",
    "mobilenet_v3_small": "MobileNetV3Small",
    "efficientnet_v2_b0": "EfficientNetV2B0",
    "resnet50": "ResNet50",
    "resnet50_v2": "ResNet50V2",
}
SYMMETRIC = ("mobilenet_v2", "resnet50_v2")  # learned on pixels from -1 to 1
IMAGENET_MEANS = (103.939, 116.779, 123.68)  # of blue, green and red, which ResNet50 learned without


class Pretrained(Stacked):
    title: ClassVar[str] = "Pretrained network"
    summary: ClassVar[str] = "A network of keras.applications that knows ImageNet, with a head for these classes."

    kinds: ClassVar[tuple[Kind, ...]] = ("image",)
    narrowed: ClassVar[tuple[str, ...]] = ("hidden",)

    name: Literal["pretrained"] = "pretrained"
    network: Literal["mobilenet_v2", "mobilenet_v3_small", "efficientnet_v2_b0", "resnet50", "resnet50_v2"] = Field(
        "mobilenet_v2", title="Network", description="It scales pixels as it was taught, whatever the data's scaling."
    )
    weights: Literal["imagenet", "none"] = Field(
        "imagenet", title="Weights", description="Learned on ImageNet, downloaded once; or none, to start from scratch."
    )
    trained_layers: int | None = Field(
        0,
        ge=0,
        le=1000,
        title="Trained layers",
        description="Last layers of the network that learn; 0 trains the head alone, empty trains all.",
        json_schema_extra={"empty": "all"},
    )
    hidden: tuple[Width, ...] = Field(
        (), max_length=20, title="Hidden layers", description="Units of each layer between the network and the last."
    )
    activation: Activation = Field("relu", title="Activation", description="Of the hidden layers.")

    def problems(self, data: DataInfo) -> list[Problem]:
        found = super().problems(data)
        if found:
            return found
        height, width, channels = data.shape
        if min(height, width) < SMALLEST:
            message = (
                f"needs images of {SMALLEST} x {SMALLEST} pixels or more; these are {height} x {width}: set resize"
            )
            found.append(Problem("network", f"{self.network} {message}"))
        if channels not in (1, 3):
            found.append(
                Problem("network", f"{self.network} takes grey or colour images; these have {channels} channels")
            )
        if self.weights == "none" and self.trained_layers is not None:
            found.append(
                Problem("trained_layers", "without ImageNet's weights all layers have to learn; leave it empty")
            )
        return found

    def build(self, data: DataInfo) -> "keras.Model":
        import keras
        from keras import layers

        from core.architectures.build.parts import dense_block, head

        inputs = keras.Input(data.shape, name="input")
        x = layers.Concatenate(name="colours")([inputs] * 3) if data.shape[-1] == 1 else inputs
        if self.network in SYMMETRIC:
            x = layers.Rescaling(1 / 127.5, offset=-1, name="scale")(x)
        elif self.network == "resnet50":
            x = layers.Rescaling(1.0, offset=[-mean for mean in IMAGENET_MEANS], name="scale")(x[..., ::-1])
        network = self._network(None, (*data.shape[:2], 3))
        if self.trained_layers is not None:
            for layer in network.layers[: len(network.layers) - self.trained_layers]:
                layer.trainable = False
        # Means and variances that were learned on ImageNet stay as they are, also in layers that learn (Keras's guide).
        x = network(x, training=False) if self.weights == "imagenet" else network(x)
        x = layers.GlobalAveragePooling2D(name="mean")(x)
        if self.dropout:
            x = layers.Dropout(self.dropout, name="mean_dropout")(x)
        for number, units in enumerate(self.hidden, start=1):
            x = dense_block(x, units, self, self.activation, f"dense_{number}")
        return keras.Model(inputs, head(x, data), name="pretrained")

    def load_weights(self, model: "keras.Model") -> None:
        import keras

        if self.weights == "none":
            return
        network = next(layer for layer in model.layers if isinstance(layer, keras.Model))
        try:
            learned = self._network("imagenet", network.input_shape[1:])
        except Exception as error:  # Keras raises bare ones when a download fails, HDF5 its own for a damaged file
            raise DataError(self._missing(first_line(error))) from error
        network.set_weights(learned.get_weights())

    def _network(self, weights: str | None, shape: tuple[int, ...]) -> Any:
        import keras

        with warnings.catch_warnings():  # that the weights were learned on images of 224 x 224 pixels
            warnings.simplefilter("ignore", UserWarning)
            return getattr(keras.applications, CLASSES[self.network])(
                include_top=False, weights=weights, input_shape=shape
            )

    def _missing(self, reason: str) -> str:
        """What to do without a network. Of a failed download Keras tells the address, and then why."""
        folder = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "models"
        what = f"The ImageNet weights of {CLASSES[self.network]}"
        address = next((word.rstrip(":,") for word in reason.split() if word.startswith("http")), "")
        if not address:
            return f"{what} in {folder} cannot be read ({reason}). Delete that file, or choose the weights none."
        return (
            f"{what} could not be downloaded ({reason.rpartition(' -- ')[2]}). "
            f"Put {address} into {folder}, or choose the weights none."
        )
