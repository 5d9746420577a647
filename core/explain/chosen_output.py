"""The one number of an answer that is explained."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.common.errors import DataError
from core.common.text import quoted
from core.data.base import DataInfo
from core.inference.decisions import HALF, taken


@dataclass(frozen=True)
class ChosenOutput:
    """A class's or label's probability, or a regression's number."""

    name: str  # of the class or label; that of the target of a regression
    column: int = 0
    is_mean: bool = False  # of all outputs: of a forecast, whose steps they are
    flipped: bool = False  # the first of two classes, of which the network gives the second one's probability alone

    def of(self, given: Any) -> Any:
        """[batch] of an array or tensor [batch, outputs]."""
        if self.is_mean:
            return given.mean(axis=-1)
        column = given[..., self.column]
        return 1.0 - column if self.flipped else column


def chosen_output(info: DataInfo, given: Any, name: str) -> ChosenOutput:
    """By the name of a class or label; "" is the most probable. Of a forecast by the number of a step; "" is the mean.

    Args:
        given: [outputs], the network's answer.

    Raises:
        DataError: there is no such class.
    """
    if info.task == "forecast":
        return _of_forecast(info, len(given), name)
    if not info.class_names:
        if name not in ("", info.target):
            raise DataError(f"There is no class {quoted(name)} to explain: a number is predicted. Leave the class out.")
        return ChosenOutput(info.target or "the number")
    if name and name not in info.class_names:
        raise DataError(
            f"There is no class {quoted(name)} to explain. The classes are {', '.join(info.class_names[:20])}."
        )
    if info.task == "binary" and len(given) == 1:
        number = info.class_names.index(name) if name else int(taken(given, HALF)[0])
        return ChosenOutput(info.class_names[number], 0, flipped=number == 0)
    number = info.class_names.index(name) if name else int(np.argmax(given))
    return ChosenOutput(info.class_names[number], number)


def _of_forecast(info: DataInfo, steps: int, name: str) -> ChosenOutput:
    """Raises DataError."""
    target = info.target or "the number"
    if name in ("", info.target):
        return ChosenOutput(target if steps == 1 else f"{target}, mean of {steps} steps ahead", is_mean=True)
    if not (name.isascii() and name.isdecimal() and 1 <= int(name) <= steps):
        raise DataError(f"There is no step {quoted(name)} to explain. The forecast has steps 1 to {steps}.")
    return ChosenOutput(f"{target}, step {int(name)} ahead", int(name) - 1)


def outputs_told(info: DataInfo, columns: int, most: int, *, both: bool = False) -> tuple[ChosenOutput, ...]:
    """What is told of a whole test set: the first classes or labels.

    Args:
        columns: of the network's answers.
        both: of two classes the first, too, whose probability is the rest of the second's.
    """
    names = info.class_names
    if not names:
        return (ChosenOutput(info.target or "the number"),)
    if info.is_classification and len(names) == 2:
        first = (ChosenOutput(names[0], 0, flipped=columns == 1),) if both else ()
        return (*first, ChosenOutput(names[1], columns - 1))
    return tuple(ChosenOutput(name, column) for column, name in enumerate(names[:most]))
