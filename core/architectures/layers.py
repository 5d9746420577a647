"""Any stack of Keras layers, written as data: a list of layer names and arguments."""

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from core.architectures import catalogue
from core.architectures.architecture import Architecture
from core.architectures.layer import Layer
from core.common.errors import Problem
from core.data.base import DataInfo, Kind, Task

if TYPE_CHECKING:
    import keras


class Layers(Architecture):
    title: ClassVar[str] = "Layer list"
    summary: ClassVar[str] = "Any list of Keras layers with their arguments."

    kinds: ClassVar[tuple[Kind, ...]] = ("rows", "image", "text", "corpus", "series")
    tasks: ClassVar[tuple[Task, ...]] = ("binary", "multiclass", "multilabel", "regression", "generation", "forecast")

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
        found += self._input_problems(data) + self._name_problems() + self._end_problems(data)
        return super().problems(data) + [Problem("layers", message) for message in found]

    @property
    def ends_linear(self) -> bool:
        last = self.layers[-1]
        return last.layer == "Dense" and last.arguments.get("activation") in (None, "linear")

    def _input_problems(self, data: DataInfo) -> list[str]:
        """An InputLayer may stand first, where it declares what the data set has."""
        found = [
            f"layer {number} ({catalogue.INPUT}) can only be the first; remove it"
            for number, layer in enumerate(self.layers[1:], start=2)
            if layer.layer == catalogue.INPUT
        ]
        first = self.layers[0]
        if first.layer != catalogue.INPUT or first.problems() or tuple(first.arguments["shape"]) == data.shape:
            return found
        declared = tuple(first.arguments["shape"])
        remedies = ["remove it", f"set its shape to {list(data.shape)}"]
        if data.is_image and len(declared) == 3 and declared[2] == data.shape[2]:
            remedies.append(f"set data.resize to {declared[0]}, {declared[1]}")
        examples = "images" if data.is_image else "examples"
        return [
            f"layer 1 ({catalogue.INPUT}) declares {_sizes(declared)} values, and the {examples} of this data set are "
            f"{_sizes(data.shape)}: {', '.join(remedies[:-1])}, or {remedies[-1]}",
            *found,
        ]

    def _name_problems(self) -> list[str]:
        names = [layer.arguments["name"] for layer in self.layers if "name" in layer.arguments]
        if any(not isinstance(name, str) or "/" in name or not name for name in names):
            return ["the name of a layer must be a text without a slash"]
        twice = sorted({name for name in names if names.count(name) > 1})
        return [f"two layers are named {', '.join(twice)}; each name must stand once"] if twice else []

    def _end_problems(self, data: DataInfo) -> list[str]:
        """A last layer with an activation of its own must end in probabilities; of others the build tells the shape."""
        last = self.layers[-1]
        if last.layer == catalogue.INPUT:
            return ["the list has no layer that learns; end with Dense"] if len(self.layers) == 1 else []
        if data.predicts_numbers:
            return []
        if "activation" not in catalogue.ARGUMENTS.get(last.layer, ()):
            return []
        activation = last.arguments.get("activation", "linear")
        last_is = f"layer {len(self.layers)} ({last.layer}) is the last"
        if data.task == "multilabel" and activation == "softmax":
            return [f"{last_is}, and softmax lets one label only be probable; take sigmoid"]
        if activation in catalogue.PROBABILITIES or activation not in catalogue.ACTIVATIONS:
            return []
        remedy = "sigmoid" if data.task == "multilabel" else "softmax, or sigmoid for a single output"
        return [f"{last_is} and must give probabilities: its activation is {activation}; take {remedy}"]

    def build(self, data: DataInfo) -> "keras.Model":
        from core.architectures.build.stack import stack

        return stack(self.layers, data, linear=self.ends_linear)


def _sizes(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
