"""Any stack of Keras layers, written as data: a list of layer names and arguments."""

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from core.config.base import Config
from core.data.base import DataInfo
from core.models.base import Architecture

if TYPE_CHECKING:
    import keras


class Layer(Config):
    """One layer: Keras's name for it and its arguments, {"layer": "Dense", "arguments": {"units": 64}}."""

    layer: str = Field(title="Layer", description="Keras's name of the layer, such as Dense.")
    arguments: dict[str, Any] = Field(default_factory=dict, title="Arguments", description="Arguments of the layer.")


class Layers(Architecture):
    title: ClassVar[str] = "Layer list"
    summary: ClassVar[str] = "Any list of Keras layers with their arguments."

    name: Literal["layers"] = "layers"
    layers: tuple[Layer, ...] = Field(
        min_length=1,
        max_length=500,
        title="Layers",
        description="Applied in order, from raw examples to probabilities.",
    )

    def build(self, data: DataInfo) -> "keras.Model":
        raise NotImplementedError
