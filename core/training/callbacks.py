"""What takes part in a training from outside of its loop: any number of callbacks, told at named moments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class EpochEnd:
    """An epoch whose metrics are known and recorded."""

    number: int  # from 1
    step: int  # steps taken by then
    values: Mapping[str, float] = field(default_factory=dict)  # metrics by name, those of validation with `val_`
    is_current: bool = True  # whether the network is as it was then: not inside of a call that took several epochs


class Callback:
    """Does nothing at every moment; override those that are of interest.

    All of them run in the training's thread, between two calls of the engine, and none of them makes the calls
    shorter: the epochs of one call are told one after the other once it has returned. What a callback raises ends the
    run.
    """

    def on_epoch_end(self, epoch: EpochEnd) -> str:
        """Returns why the training is to end, "" to go on; it ends with the call that took this epoch."""
        return ""

    def on_steps_end(self, step: int, left: int) -> None:
        """The engine took some steps in one call; so many are taken in all, so many are left."""

    def on_best(self, step: int, value: float) -> None:
        """The monitored metric was never better than after this step."""

    def on_stop(self, step: int, reason: str) -> None:
        """A request to stop takes effect after this step; not where the training ends by itself."""


class CallbackList(Callback):
    """Tells several, each moment in the order in which they were added."""

    def __init__(self, callbacks: Iterable[Callback] = ()) -> None:
        self._callbacks = list(callbacks)

    def append(self, callback: Callback) -> None:
        self._callbacks.append(callback)

    def on_epoch_end(self, epoch: EpochEnd) -> str:
        reasons = [callback.on_epoch_end(epoch) for callback in self._callbacks]  # all are told, whatever one wants
        return " ".join(filter(None, reasons))

    def on_steps_end(self, step: int, left: int) -> None:
        for callback in self._callbacks:
            callback.on_steps_end(step, left)

    def on_best(self, step: int, value: float) -> None:
        for callback in self._callbacks:
            callback.on_best(step, value)

    def on_stop(self, step: int, reason: str) -> None:
        for callback in self._callbacks:
            callback.on_stop(step, reason)
