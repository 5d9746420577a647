"""Any stack of Keras layers, written as data: a list of layer names and arguments."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, model_validator

from core.config.base import Config
from core.data.base import DataInfo, Kind, Task
from core.errors import Problem
from core.models import arguments, catalogue
from core.models.base import Architecture
from core.text import suggestion

if TYPE_CHECKING:
    import keras


class Layer(Config):
    """One layer: Keras's name for it and its arguments.

    Written as {"layer": "Dense", "arguments": {"units": 64}}, or shorter {"Dense": {"units": 64}} or "Flatten".
    """

    layer: str = Field(title="Layer", description="Keras's name of the layer, such as Dense.")
    arguments: dict[str, Any] = Field(default_factory=dict, title="Arguments", description="Arguments of the layer.")

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"layer": value}
        if isinstance(value, Mapping) and len(value) == 1:
            [(name, given)] = value.items()
            if name not in cls.model_fields and (given is None or isinstance(given, Mapping)):
                return {"layer": name, "arguments": given or {}}
        return value

    def problems(self) -> list[str]:
        """What is known, without Keras, to be wrong with this layer by itself."""
        if self.layer not in catalogue.ARGUMENTS:
            close = suggestion(self.layer, catalogue.ARGUMENTS)
            return [f"{self.layer!r} is not a known layer{close}; accepted are {', '.join(catalogue.ARGUMENTS)}"]
        return list(arguments.problems(self.layer, self.arguments))


class Layers(Architecture):
    title: ClassVar[str] = "Layer list"
    summary: ClassVar[str] = "Any list of Keras layers with their arguments."

    kinds: ClassVar[tuple[Kind, ...]] = ("rows", "image", "text", "corpus")
    tasks: ClassVar[tuple[Task, ...]] = ("binary", "multiclass", "regression", "generation")

    name: Literal["layers"] = "layers"
    layers: tuple[Layer, ...] = Field(
        min_length=1,
        max_length=500,
        title="Layers",
        description="Applied in order, from raw examples (pixels 0 to 255: begin with Rescaling) to probabilities.",
        examples=[
            [
                {"layer": "Rescaling", "arguments": {"scale": 0.00392156862745098}},
                {"layer": "Flatten", "arguments": {}},
                {"layer": "Dense", "arguments": {"units": 64, "activation": "relu"}},
                {"layer": "Dense", "arguments": {"units": 10, "activation": "softmax"}},
            ]
        ],
    )

    def problems(self, data: DataInfo) -> list[Problem]:
        found = [
            f"layer {number} ({layer.layer[:40]}): {message}"
            for number, layer in enumerate(self.layers, start=1)
            for message in layer.problems()
        ]
        found += self._name_problems() + self._end_problems(data)
        return super().problems(data) + [Problem("layers", message) for message in found]

    def _name_problems(self) -> list[str]:
        names = [layer.arguments["name"] for layer in self.layers if "name" in layer.arguments]
        if any(not isinstance(name, str) or "/" in name or not name for name in names):
            return ["the name of a layer must be a text without a slash"]
        twice = sorted({name for name in names if names.count(name) > 1})
        return [f"two layers are named {', '.join(twice)}; each name must stand once"] if twice else []

    def _end_problems(self, data: DataInfo) -> list[str]:
        """A last layer with an activation of its own must end in probabilities; of others the build tells the shape."""
        last = self.layers[-1]
        if data.task == "regression":
            return []
        if "activation" not in catalogue.ARGUMENTS.get(last.layer, ()):
            return []
        activation = last.arguments.get("activation", "linear")
        if activation in catalogue.PROBABILITIES or activation not in catalogue.ACTIVATIONS:
            return []
        return [
            f"layer {len(self.layers)} ({last.layer}) is the last and must give probabilities: its activation is "
            f"{activation}; take softmax, or sigmoid for a single output"
        ]

    def build(self, data: DataInfo) -> "keras.Model":
        from core.models.stack import stack

        return stack(self.layers, data)
