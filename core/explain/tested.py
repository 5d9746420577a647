"""A run's network and its test set, as what is told over all of it asks them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.common.settings import Settings
from core.data.base import Array, DataInfo, Examples
from core.data.examples import count, take
from core.explain.chosen_output import ChosenOutput

_BATCH = 2048


@dataclass(frozen=True)
class Tested:
    settings: Settings
    run_id: int
    info: DataInfo
    outputs: Callable[[Examples], Array]  # examples as the data have them -> [examples, outputs]
    told: Callable[[str, float], object]  # what is being done, and how much of all is done; what it raises ends it

    def answers(self, x: Examples) -> Array:
        """[examples, outputs], some at a time."""
        parts = [self.outputs(take(x, slice(at, at + _BATCH))) for at in range(0, count(x), _BATCH)]
        found: Array = np.concatenate(parts).reshape(count(x), -1)
        return found

    def of(self, outputs: tuple[ChosenOutput, ...]) -> Callable[[Examples], Array]:
        """The same of some outputs."""

        def answers(x: Examples) -> Array:
            given = self.answers(x)
            return np.stack([each.of(given) for each in outputs], axis=1)

        return answers

    def columns(self, x: Examples) -> int:
        """Of the network's answers."""
        return int(self.answers(take(x, slice(0, 1))).shape[1])
