"""How the numbers of a run are changed before its network sees them; core.data.network_numbers measures."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.data.data_info import NUMBERS, Array, Examples

TargetScaling = Literal["none", "standard", "robust", "log"]

MOST = 1e150  # the largest number that is accepted: its square is still finite in float64

_ROWS = 65_536  # that are converted at a time


@dataclass(frozen=True)
class Columns:
    """Of the numeric inputs, along their last axis: the network sees (value - offset) / scale."""

    offset: tuple[float, ...]
    scale: tuple[float, ...]

    @property
    def changed(self) -> list[int]:
        """Positions of the columns that the network does not see as they are."""
        pairs = enumerate(zip(self.offset, self.scale, strict=True))
        return [position for position, pair in pairs if pair != (0.0, 1.0)]

    def apply(self, x: Array) -> NDArray[np.float32]:
        """float32, computed in float64, some rows at a time; what is float32 already and stays as it is, itself."""
        if not self.changed and x.dtype == np.float32:
            return x
        offset, scale = np.array(self.offset), np.array(self.scale)
        found = np.empty(x.shape, np.float32)
        with np.errstate(over="ignore"):  # what is infinite then is told by the loss
            for start in range(0, len(x), _ROWS):
                part = np.asarray(x[start : start + _ROWS], np.float64)
                found[start : start + _ROWS] = (part - offset) / scale if self.changed else part
        return found


@dataclass(frozen=True)
class Target:
    """Of a regression: the network learns (y - offset) / scale; of the kind log, of log(1 + y / unit) in place of y."""

    kind: TargetScaling
    offset: float = 0.0
    scale: float = 1.0
    unit: float = 1.0

    @property
    def error_unit(self) -> float:
        """What an absolute error of 1 among scaled targets is in the target's unit; of log, among exp(scaled) - 1."""
        return self.unit if self.kind == "log" else self.scale

    def apply(self, y: Array) -> NDArray[np.float32]:
        """float32, computed in float64."""
        values = y.astype(np.float64)
        if self.kind == "log":
            values = np.log1p(values / self.unit)
        scaled: NDArray[np.float32] = ((values - self.offset) / self.scale).astype(np.float32)
        return scaled

    def undo(self, outputs: Array) -> NDArray[np.float64]:
        """What a network gave, in the target's unit; infinite where that is more than a float64 holds."""
        values = outputs.astype(np.float64) * self.scale + self.offset
        with np.errstate(over="ignore"):
            return np.expm1(values) * self.unit if self.kind == "log" else values


@dataclass(frozen=True)
class Numbers:
    """How the numbers of a run are changed before its network sees them; None for what is not changed at all."""

    inputs: Columns | None = None
    target: Target | None = None
    lagged: bool = False  # of series: whether the first column is the target's past, and changed as the target is

    def raw(self) -> dict[str, Any]:
        """As JSON data, of which `restored` makes the same again."""
        return asdict(self)

    def of_outputs(self, outputs: Array) -> Array:
        """In the target's unit."""
        return outputs if self.target is None else self.target.undo(outputs)


def restored(raw: dict[str, Any]) -> Numbers:
    """Raises KeyError, TypeError: written by another version."""
    inputs, target = raw["inputs"], raw["target"]
    return Numbers(
        Columns(tuple(inputs["offset"]), tuple(inputs["scale"])) if inputs else None,
        Target(**target) if target else None,
        raw.get("lagged", False),
    )


def of_inputs(numbers: Numbers, x: Examples) -> Examples:
    """As the network takes them."""
    columns = numbers.inputs
    if columns is None:
        return x
    if isinstance(x, dict):
        return {name: columns.apply(array) if name == NUMBERS else array for name, array in x.items()}
    found = columns.apply(x)
    if numbers.lagged and numbers.target is not None:
        found[..., 0] = numbers.target.apply(x[..., 0])
    return found
