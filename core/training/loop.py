"""The loop over epochs: chunks of steps, validation, metrics, the best epoch, early stopping, checkpoints."""

import time
from collections.abc import Callable, Mapping

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.config.run import RunConfig
from core.config.schedules import Plateau
from core.data.options import CorpusSource
from core.errors import StoreError, TraindeckError
from core.evaluation.generation import perplexities
from core.tracking.goals import goal_of
from core.tracking.recorder import Recorder
from core.training.checkpoints import Checkpoints, Position
from core.training.engine import Engine
from core.training.monitors import Best, Patience, PlateauCuts
from core.training.pulse import Pulse
from core.training.say import say

SAVE_SECONDS = 10.0
PRINT_SECONDS = 0.5


class NotANumberError(TraindeckError):
    """The loss is no longer a number, and the config says that this ends the run."""


class Loop:
    """Trains from a position to the end, an early stop or a request to stop."""

    def __init__(
        self,
        run: str,
        config: RunConfig,
        engine: Engine,
        examples: int,
        validation: tuple[tf.Tensor, tf.Tensor] | None,
        recorder: Recorder,
        checkpoints: Checkpoints,
        pulse: Pulse,
    ) -> None:
        self._run = run  # its uid
        self._config = config
        self._engine = engine
        self._examples = examples
        self._validation = validation
        self._recorder = recorder
        self._checkpoints = checkpoints
        self._pulse = pulse
        training = config.training
        self.steps_per_epoch = -(-examples // training.batch_size)
        self.total_steps = min(training.epochs * self.steps_per_epoch, training.max_steps or 2**62)
        self.monitored = config.evaluation.monitored(validation is not None)
        goal = goal_of(self.monitored)
        self._best = Best(goal)
        stopping, schedule = training.early_stopping, training.schedule
        self._patience = Patience(goal, stopping.patience, stopping.min_delta) if stopping else None
        self._cuts = (
            PlateauCuts(goal, schedule.patience, schedule.gamma, schedule.floor)
            if isinstance(schedule, Plateau)
            else None
        )
        self._step = 0
        self._sums = np.zeros(len(engine.metrics))
        self._rate = 0.0
        self._saved_at = time.monotonic()
        self._printed_at = 0.0
        self.after_epoch: Callable[[int, int], None] | None = None  # called with the epoch, from 1, and the step

    def resume(self, position: Position, history: NDArray[np.float64], best: float) -> None:
        """Go on from a checkpoint: `history` are the monitored values up to it, `best` the one in the best file."""
        self._step = position.step
        self._sums = np.array([position.sums.get(name, 0.0) for name in self._engine.metrics])
        self._best.update(best)
        for value in history.tolist():
            self._watch(value)

    def run(self) -> str:
        """Train; returns why it ended before the last epoch, "" when it did not.

        Raises:
            NotANumberError
        """
        ended = ""
        while self._step < self.total_steps and not ended and not self._pulse.must_stop:
            epoch = self._step // self.steps_per_epoch
            if self._epoch(epoch):
                ended = self._close_epoch(epoch)
            self._save_now_and_then()
        return ended

    def save(self) -> None:
        """Write the checkpoints. Raises OSError, StoreError."""
        self._recorder.flush()  # first: metrics of epochs before a checkpoint are never recorded again
        sums = dict(zip(self._engine.metrics, self._sums.tolist(), strict=True))
        self._checkpoints.save(Position(self._run, self._step, sums))
        self._saved_at = time.monotonic()

    def _save_now_and_then(self) -> None:
        if time.monotonic() - self._saved_at < SAVE_SECONDS or self._pulse.abandoned:
            return
        try:
            self.save()
        except (OSError, StoreError) as error:
            say(f"The checkpoint could not be written, trying again in {SAVE_SECONDS:.0f} s: {error}")
            self._saved_at = time.monotonic()

    def _epoch(self, epoch: int) -> bool:
        """Train to the end of this epoch; False when a request to stop came before."""
        order = np.random.default_rng((self._config.seed, epoch)).permutation(self._examples).astype(np.int32)
        first = epoch * self.steps_per_epoch
        end = min(first + self.steps_per_epoch, self.total_steps)
        while self._step < end:
            if self._pulse.must_stop:
                return False
            count = min(self._engine.chunk, end - self._step)
            self._chunk(order, self._step - first, count)
            if self._step < end:
                self._save_now_and_then()
        return True

    def _chunk(self, order: NDArray[np.int32], position: int, count: int) -> None:
        batch = self._config.training.batch_size
        chosen = order[position * batch : (position + count) * batch]
        rates = self._rates(self._step, count)
        started = time.time()
        values = self._engine.train(chosen, rates.astype(np.float32), self._step)
        sizes = np.full(count, batch)
        sizes[-1] = len(chosen) - batch * (count - 1)
        self._sums += sizes @ values
        steps = self._step + 1 + np.arange(count)
        if self._config.training.record_steps:
            ended = time.time()
            times = started + (ended - started) * (1 + np.arange(count)) / count
            self._recorder.log_series("step_loss", steps, values[:, 0], times)
        self._step += count
        self._rate = float(rates[-1])
        self._pulse.step = self._step
        if self._config.training.stop_on_nan and not np.isfinite(values[:, 0]).all():
            self._end_on_nan(int(steps[~np.isfinite(values[:, 0])][0]))

    def _end_on_nan(self, step: int) -> None:
        epoch = (step - 1) // self.steps_per_epoch + 1
        self._recorder.log({"loss": float("nan")}, step)
        raise NotANumberError(
            f"The loss was no longer a number in epoch {epoch}, step {step:,}. Try a smaller learning rate or "
            "gradient clipping; checkpoints from before are kept."
        )

    def _rates(self, step: int, count: int) -> NDArray[np.float64]:
        training = self._config.training
        if self._cuts is not None:
            return np.full(count, training.optimizer.learning_rate * self._cuts.factor)
        factors = [
            training.schedule.factor((step + number) / self.steps_per_epoch, training.epochs) for number in range(count)
        ]
        return np.array(factors) * training.optimizer.learning_rate

    def _close_epoch(self, epoch: int) -> str:
        """Validate, record, watch; returns why to stop early, "" to go on."""
        first = epoch * self.steps_per_epoch
        seen = min((self._step - first) * self._config.training.batch_size, self._examples)
        values = dict(zip(self._engine.metrics, (self._sums / seen).tolist(), strict=True))
        self._sums[:] = 0
        if self._validation is not None:
            validated = self._engine.evaluate(*self._validation)
            values |= {f"val_{name}": value for name, value in validated.items()}
        if isinstance(self._config.data, CorpusSource):
            values |= perplexities(values, self._engine.penalty)
        self._recorder.log({**values, "learning_rate": self._rate}, self._step)
        self._print(epoch, values)
        if self.after_epoch is not None:
            self.after_epoch(epoch + 1, self._step)
        monitored = values[self.monitored]
        if self._best.update(monitored):
            self._checkpoints.keep_best(Position(self._run, self._step, monitored=monitored))
        return self._watch(monitored)

    def _watch(self, value: float) -> str:
        if self._cuts is not None:
            self._cuts.update(value)
        if self._patience is not None and self._patience.update(value):
            return f"Early stopping: {self.monitored} has not improved for {self._patience.patience} epochs."
        return ""

    def _print(self, epoch: int, values: Mapping[str, float]) -> None:
        now = time.monotonic()
        if now - self._printed_at < PRINT_SECONDS and self._step < self.total_steps:
            return
        self._printed_at = now
        text = "  ".join(f"{name} {value:.4f}" for name, value in values.items())
        say(f"epoch {epoch + 1}/{self._config.training.epochs}  step {self._step:,}  {text}")
