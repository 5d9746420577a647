"""Keras's progress on standard output, read: for scripts that tell nothing else of their metrics.

Epoch 2/5
8/8 - 0s - 12ms/step - accuracy: 0.5312 - loss: 0.6931 - val_accuracy: 0.5000 - val_loss: 0.6930
4/4 - 0s - 3ms/step - accuracy: 0.5500 - loss: 0.6900

The last is of `evaluate`, after the last epoch: it becomes test_accuracy and test_loss.
"""

import re
from dataclasses import dataclass

_EPOCH = re.compile(r"^Epoch (\d+)/(\d+)\s*$")
_DONE = re.compile(r"^\s*(\d+)/(\d+)\b.*? - ")
_VALUE = re.compile(r"(?:^|- )\s*([A-Za-z_]\w*): ([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|nan|inf))\b", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """Of one epoch: its values, at the step that it ends with."""

    step: int
    steps_per_epoch: int
    total_steps: int
    values: dict[str, float]


class KerasProgress:
    """Takes lines in order."""

    def __init__(self) -> None:
        self._epoch = self._epochs = 0
        self._steps = 0  # of an epoch
        self._known: dict[str, float] = {}  # metrics of this epoch that were told

    def hear(self, line: str) -> Told | None:
        """What a line says that ends an epoch; a value that was told already, as before the validation, is left out."""
        if begun := _EPOCH.match(line):
            self._epoch, self._epochs, self._known = int(begun[1]), int(begun[2]), {}
            return None
        done = _DONE.match(line)
        if not self._epoch or not done or done[1] != done[2]:
            return None
        values = {name: float(value) for name, value in _VALUE.findall(line[done.end() - 2 :])}
        new = {name: value for name, value in values.items() if name not in self._known}
        if new:
            self._steps = int(done[2])
        elif self._is_evaluation(values, int(done[2])):
            new = {f"test_{name}": value for name, value in values.items()}
        else:
            return None
        self._known |= values
        return Told(self._epoch * self._steps, self._steps, self._epochs * self._steps, new)

    def _is_evaluation(self, values: dict[str, float], steps: int) -> bool:
        """What is not the last line of the epoch once more."""
        differs = any(self._known[name] != value for name, value in values.items())
        return bool(values) and differs and (self._epoch == self._epochs or steps != self._steps)
