"""Keras's metrics, as they come."""

from typing import Any

import keras

from .reporting import Run, current, start


class KerasCallback(keras.callbacks.Callback):  # type: ignore[misc, unused-ignore]
    """Logs what `fit` reports: per epoch, and per step where asked; stops the training when somebody asks for that.

    A metric of steps is called `step_loss`, as Traindeck calls its own.
    """

    def __init__(self, run: Run | None = None, every: int = 0) -> None:
        """`every`: so many steps between two values of steps, 0 for none."""
        super().__init__()
        self._run, self._every, self._step = run, every, 0

    @property
    def run(self) -> Run:
        self._run = self._run or current() or start()
        return self._run

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        self._step += 1
        if self._every and self._step % self._every == 0:
            self.run.log({f"step_{name}": value for name, value in (logs or {}).items()}, self._step)
        if self.run.should_stop:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.run.log(dict(logs or {}), self._step)
