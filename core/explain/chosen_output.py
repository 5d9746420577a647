"""The one number of an answer that is explained."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from core.common.errors import DataError
from core.common.text import quoted
from core.data.base import DataInfo
from core.data.number_scaling import Target
from core.inference.decisions import HALF, taken


@dataclass(frozen=True)
class ChosenOutput:
    """A class's or label's probability, or a regression's number."""

    name: str  # of the class or label; that of the target of a regression
    column: int = 0
    flipped: bool = False  # the first of two classes, of which the network gives the second one's probability alone

    def of(self, given: Any) -> Any:
        """[batch] of an array or tensor [batch, outputs]."""
        column = given[..., self.column]
        return 1.0 - column if self.flipped else column


def chosen_output(info: DataInfo, given: Any, name: str) -> ChosenOutput:
    """By the name of a class or label; "" is the most probable.

    Args:
        given: [outputs], the network's answer.

    Raises:
        DataError: there is no such class.
    """
    if not info.class_names:
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


def in_unit(given: tf.Tensor, target: Target | None) -> tf.Tensor:
    """What a network gave, in the target's unit but for the offset, which no difference has and float32 may not hold.

    core.data.number_scaling.Target.undo is the same for arrays.
    """
    if target is None:
        return given
    if target.kind == "log":
        return tf.math.expm1(given * target.scale + target.offset) * target.unit
    return given * target.scale
