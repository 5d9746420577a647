"""A training with callbacks of a test's own; runs inside a process with TensorFlow, see tests/core/warm.py."""

import os
from typing import Any

from core.common.settings import Settings
from core.training import trainer
from core.training.callbacks import Callback, EpochEnd
from core.training.loop import Loop
from db.records import Lease


class Told(Callback):
    """Notes each moment; asks to end the training after an epoch, when one is given."""

    def __init__(self, last: int = 0) -> None:
        self.moments: dict[str, list[Any]] = {"epochs": [], "current": [], "calls": [], "best": [], "stop": []}
        self._last = last

    def on_epoch_end(self, epoch: EpochEnd) -> str:
        self.moments["epochs"].append([epoch.number, epoch.step, epoch.values["loss"]])
        self.moments["current"] += [epoch.number] * epoch.is_current
        return f"Enough after epoch {epoch.number}." if epoch.number == self._last else ""

    def on_steps_end(self, step: int, left: int) -> None:
        self.moments["calls"].append([step, left])

    def on_best(self, step: int, value: float) -> None:
        self.moments["best"].append([step, value])

    def on_stop(self, step: int, reason: str) -> None:
        self.moments["stop"].append([step, reason])


def train(environment: dict[str, str], run_id: int, attempt: int, last: int) -> list[dict[str, list[Any]]]:
    """What two callbacks were told, the second of which ends the training after epoch `last`, 0 for never."""
    os.environ.update(environment)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    callbacks = Told(), Told(last)

    class Trainer(trainer.Trainer):
        def _begin(self, loop: Loop, *arguments: Any) -> None:
            for callback in callbacks:
                loop.callbacks.append(callback)
            super()._begin(loop, *arguments)

    vars(trainer)["Trainer"] = Trainer
    trainer.train(Settings(), Lease(run_id, attempt))
    return [callback.moments for callback in callbacks]
