"""One layer of a list of layers: Keras's name for it and its arguments, checked without Keras."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from core.architectures import arguments, catalogue
from core.common.config_model import Config
from core.common.text import quoted, suggestion


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
        if self.layer == catalogue.INPUT:
            return self._input_problems()
        if self.layer not in catalogue.ARGUMENTS:
            close = suggestion(self.layer, catalogue.ARGUMENTS)
            return [f"{quoted(self.layer)} is not a known layer{close}; accepted are {', '.join(catalogue.ARGUMENTS)}"]
        return list(arguments.problems(self.layer, self.arguments))

    def _input_problems(self) -> list[str]:
        known = catalogue.INPUT_ARGUMENTS
        unknown = [
            f"{quoted(name)} is not a known argument{suggestion(name, known)}; accepted are {', '.join(known)}"
            for name in self.arguments
            if name not in known
        ]
        shape = self.arguments.get("shape")
        sizes = shape if isinstance(shape, list | tuple) and shape else [None]
        if all(isinstance(size, int) and not isinstance(size, bool) and size >= 1 for size in sizes):
            return unknown
        return [*unknown, f"shape must be a list of whole numbers, such as [32, 32, 3]; received {quoted(shape)}"]
