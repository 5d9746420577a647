"""Keras's metrics, as they come, and its best network."""

import functools
import math
from pathlib import Path
from typing import Any

import keras

from .reporting import Run, current, start

_FIT_PARAMS = ("epochs", "batch_size", "validation_split", "steps_per_epoch")
_MORE_IS_BETTER = ("acc", "auc", "f1", "precision", "recall", "r2", "iou")


class KerasCallback(keras.callbacks.Callback):  # type: ignore[misc, unused-ignore]
    """Logs what `fit` reports, per epoch and, where asked, per step; keeps the best network; stops when asked to.

    A metric of steps is called `step_loss`, as Traindeck calls its own. The best network is the run's `best.keras`,
    which its page evaluates, tries, exports and registers.
    """

    def __init__(
        self,
        run: Run | None = None,
        every: int = 0,
        *,
        monitor: str = "",
        mode: str = "auto",
        data: str = "",
        keep_best: bool = True,
    ) -> None:
        """What is kept, and by what.

        Args:
            run: the one that was started last, or a new one, when not given.
            every: so many steps between two values of steps, 0 for none.
            monitor: the metric by which an epoch is the best; val_loss where there is one, else loss, when empty.
            mode: "min", "max", or "auto" by the metric's name.
            data: the data set that the network is for, as Traindeck calls it ("digits"), by which it can be judged.
            keep_best: whether a network is kept at all.

        Raises:
            ValueError: another mode.
        """
        super().__init__()
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode is 'auto', 'min' or 'max'; received {mode!r}")
        self._run, self._every, self._step = run, every, 0
        self._monitor, self._mode, self._data, self._keeps = monitor, mode, data, keep_best
        self._best = math.inf

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
        known = dict(logs or {})
        self.run.log(known, self._step)
        monitor = self._monitor or ("val_loss" if "val_loss" in known else "loss")
        if self._keeps and monitor in known:
            self._keep(monitor, float(known[monitor]), epoch)

    def _keep(self, monitor: str, value: float, epoch: int) -> None:
        """As the best, where it is better than what was."""
        is_more = any(part in monitor for part in _MORE_IS_BETTER) if self._mode == "auto" else self._mode == "max"
        lower = -value if is_more else value
        if lower < self._best:  # never by what is no number
            self._best = lower
            told = {"monitor": monitor, "value": value, "epoch": epoch, "step": self._step, "data": self._data}
            self.run.keep_checkpoint(lambda path: self.model.save(Path(path)), told)


def follow_fit(every: int, how: dict[str, Any]) -> None:
    """Every `fit` has a callback from now on, unless its caller gives it one. Raises ValueError, as the callback."""
    KerasCallback(every=every, **how)
    own = getattr(keras.Model.fit, "followed", keras.Model.fit)

    @functools.wraps(own)
    def fit(self: Any, *args: Any, callbacks: Any = None, **given: Any) -> Any:
        known = callbacks if isinstance(callbacks, list | tuple) else [callbacks] if callbacks else []
        if isinstance(callbacks, keras.callbacks.CallbackList) or any(
            isinstance(each, KerasCallback) for each in known
        ):
            return own(self, *args, callbacks=callbacks, **given)
        callback = KerasCallback(every=every, **how)
        optimizer = getattr(self, "optimizer", None)
        known_params = {"optimizer": getattr(optimizer, "name", None)} if optimizer is not None else {}
        callback.run.log_params(known_params | {name: given[name] for name in _FIT_PARAMS if given.get(name)})
        return own(self, *args, callbacks=[*known, callback], **given)

    fit.followed = own  # type: ignore[attr-defined]
    keras.Model.fit = fit
