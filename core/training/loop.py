"""The loop over epochs: chunks of steps, validation, metrics, the best epoch, early stopping, checkpoints."""

import time
from collections.abc import Mapping

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.common.errors import StoreError, TraindeckError
from core.config.run import RunConfig
from core.data.source_options import CorpusSource
from core.engine.engine import Engine
from core.engine.modes import Positions
from core.evaluation.generation import perplexities
from core.runs.highlights import CHANGE
from core.tracking.goals import goal_of
from core.tracking.recorder import Recorder
from core.tracking.run_log import log_line, told
from core.training.callbacks import CallbackList, EpochEnd
from core.training.checkpoints import Checkpoints, Position
from core.training.heartbeat import Heartbeat, StopRequestedError
from core.training.monitors import Best, Patience, plateau_cuts

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
        heartbeat: Heartbeat,
    ) -> None:
        self._run = run  # its uid
        self._config = config
        self._engine = engine
        self._examples = examples
        self._validation = validation
        self._recorder = recorder
        self._checkpoints = checkpoints
        self._heartbeat = heartbeat
        training = config.training
        self.steps_per_epoch = training.steps_per_epoch(examples)
        self.total_steps = training.steps(examples)
        self.monitored = config.evaluation.monitored(validation is not None)
        goal = goal_of(self.monitored)
        self._best = Best(goal)
        stopping, schedule = training.early_stopping, training.schedule
        self._patience = Patience(goal, stopping.patience, stopping.min_delta) if stopping else None
        self._cuts = plateau_cuts(goal, schedule)
        # Before the last cut of a pruning the network is another one, and none of its epochs is the best.
        self._final_from = config.pruning.ramp_steps(self.total_steps) if config.pruning else 0
        recorder.best_from = self._final_from
        self._step = 0
        self._sums = np.zeros(len(engine.metrics))
        self._saved_at = time.monotonic()
        self._printed_at = 0.0
        self.callbacks = CallbackList()

    def resume(self, position: Position) -> None:
        """Go on from a checkpoint."""
        self._step = position.step
        self._sums = np.array([position.sums.get(name, 0.0) for name in self._engine.metrics])

    def recall(self, history: NDArray[np.float64], best: float) -> None:
        """`history` are the monitored values of the epochs before, `best` the one in the best file."""
        self._best.update(best)
        for epoch, value in enumerate(history.tolist(), start=1):
            self._watch(value, epoch * self.steps_per_epoch)

    def run(self) -> str:
        """Train; returns why it ended before the last epoch, "" when it did not.

        Raises:
            NotANumberError
        """
        try:
            return self._run_epochs()
        except StopRequestedError as stop:
            if not self._heartbeat.abandoned:
                self.callbacks.on_stop(self._step, str(stop))
            return ""

    def _run_epochs(self) -> str:
        """As `run`. Raises StopRequestedError."""
        ended = self._close_epoch((self._step - 1) // self.steps_per_epoch) if self.is_open else ""
        while self._step < self.total_steps and not ended:
            epoch, within = divmod(self._step, self.steps_per_epoch)
            count = 1 if within else self._epochs_at_once()
            if count > 1:
                ended = self._epochs(epoch, count)
            else:
                self._epoch(epoch)
                ended = self._close_epoch(epoch)
            self._save_now_and_then()
            if not ended:
                self._heartbeat.heed()
        return ended

    @property
    def is_done(self) -> bool:
        """Whether all steps were taken, and the last epoch was validated."""
        return self._step == self.total_steps and not self.is_open

    @property
    def is_open(self) -> bool:
        """Whether an epoch's steps were taken, and a request to stop came before it was validated."""
        at_end = self._step % self.steps_per_epoch == 0 or self._step == self.total_steps
        return at_end and bool(self._sums.any())

    def save(self) -> None:
        """Write the checkpoints. Raises OSError, StoreError."""
        self._recorder.flush()  # first: metrics of epochs before a checkpoint are never recorded again
        sums = dict(zip(self._engine.metrics, self._sums.tolist(), strict=True))
        self._checkpoints.save(Position(self._run, self._step, sums))
        self._heartbeat.notice = ""
        self._saved_at = time.monotonic()

    def _save_now_and_then(self) -> None:
        if time.monotonic() - self._saved_at < SAVE_SECONDS or self._heartbeat.abandoned:
            return
        try:
            self.save()
        except (OSError, StoreError) as error:
            self._heartbeat.tell(f"The checkpoint could not be written, trying again in {SAVE_SECONDS:.0f} s: {error}")
            self._saved_at = time.monotonic()

    def _epoch(self, epoch: int) -> None:
        """Train to the end of this epoch. Raises StopRequestedError."""
        order, batch = self._order(epoch), self._config.training.batch_size
        first = epoch * self.steps_per_epoch
        end = min(first + self.steps_per_epoch, self.total_steps)
        while self._step < end:
            self._heartbeat.heed()
            count = min(self._engine.chunk, end - self._step)
            position = (self._step - first) * batch
            values = self._call(order[position : position + count * batch], count)
            self._add(values, min(position + count * batch, self._examples) - position)
            self._check(values)
            if self._step < end:
                self._save_now_and_then()

    def _epochs_at_once(self) -> int:
        """Whole epochs that the next call can take; 1 where the steps that follow depend on each of them."""
        if self._validation is not None or self._patience or self._cuts or self._config.training.keep_epochs:
            return 1
        return min(self._engine.chunk, self.total_steps - self._step) // self.steps_per_epoch

    def _epochs(self, epoch: int, count: int) -> str:
        """Train for whole epochs in one call, then record each and find the best; returns why to stop early, or ""."""
        before, first, began = self._checkpoints.state(), self._step, self._recorder.now()
        order = np.concatenate([self._order(epoch + number) for number in range(count)])
        all_values = self._call(order, count * self.steps_per_epoch)
        took, best, ended = self._recorder.now() - began, 0, ""
        for number in range(1, count + 1):
            values = all_values[(number - 1) * self.steps_per_epoch : number * self.steps_per_epoch]
            self._step = first + number * self.steps_per_epoch
            self._check(values)
            self._add(values, self._examples)
            means = self._means(self._examples)
            self._record_epoch(epoch + number - 1, means, began + took * number / count)
            if self._step >= self._final_from and self._best.update(means[self.monitored]):
                best = number
                self.callbacks.on_best(self._step, self._best.value)
            told = EpochEnd(epoch + number, self._step, means, is_current=number == count)
            with self._engine.averaged():
                asked = self.callbacks.on_epoch_end(told)  # all are told, also those after one that ends the training
            ended = ended or asked
        if best:
            self._keep_best_of(best, count, order, before)
        return ended

    def _keep_best_of(self, best: int, count: int, order: Positions, before: list[tf.Tensor]) -> None:
        """Of epochs that one call took, keep the state after the best: where it is not the last, the call's steps up
        to there, once more from the state before, give it again.
        """
        after, end = self._checkpoints.state(), self._step
        self._step = end - (count - best) * self.steps_per_epoch
        if best < count:
            first, steps = end - count * self.steps_per_epoch, best * self.steps_per_epoch
            self._checkpoints.restore(before)
            rates = self._rates(first, steps).astype(np.float32)
            self._engine.train(order[: best * self._examples], rates, first, self._bounds(steps))
        self._checkpoints.keep_best(Position(self._run, self._step, monitored=self._best.value))
        self._step = end
        if best < count:
            self._checkpoints.restore(after)

    def _order(self, epoch: int) -> Positions:
        """Positions of all training examples, shuffled by seed and epoch."""
        random = np.random.default_rng((self._config.seed, epoch))
        return np.asarray(random.permutation(self._examples), np.int32)

    def _bounds(self, steps: int) -> Positions:
        """Where each step's examples begin, counted from the beginning of an epoch or a later step of it."""
        epochs, within = np.divmod(np.arange(steps + 1), self.steps_per_epoch)
        return np.asarray(epochs * self._examples + within * self._config.training.batch_size, np.int32)

    def _call(self, order: Positions, count: int) -> NDArray[np.float64]:
        """One call of the engine: so many steps on these examples; [steps, metrics]."""
        rates = self._rates(self._step, count)
        bounds = np.minimum(self._bounds(count), len(order))
        started = self._recorder.now()
        values = self._engine.train(order, rates.astype(np.float32), self._step, bounds)
        if self._config.training.record_steps:
            steps = 1 + np.arange(count)
            times = started + (self._recorder.now() - started) * steps / count
            self._recorder.log_series("step_loss", self._step + steps, values[:, 0], times)
        self._step += count
        self._heartbeat.step = self._step
        self.callbacks.on_steps_end(self._step, self.total_steps - self._step)
        return values

    def _add(self, values: NDArray[np.float64], examples: int) -> None:
        """Add the steps that saw so many examples to the epoch's sums."""
        batch = self._config.training.batch_size
        sizes = np.full(len(values), batch)
        sizes[-1] = examples - batch * (len(values) - 1)
        self._sums += sizes @ values

    def _check(self, values: NDArray[np.float64]) -> None:
        """Raises NotANumberError, of the steps that ended at this one."""
        missing = np.flatnonzero(~np.isfinite(values[:, 0]))
        if self._config.training.stop_on_nan and len(missing):
            self._end_on_nan(self._step - len(values) + int(missing[0]) + 1)

    def _end_on_nan(self, step: int) -> None:
        epoch = (step - 1) // self.steps_per_epoch + 1
        self._recorder.log({"loss": float("nan")}, step)
        kept = " Earlier checkpoints are kept." if self._checkpoints.has_any else ""
        raise NotANumberError(f"The loss was no longer a number in epoch {epoch}, step {step:,}. {CHANGE}{kept}")

    def _rates(self, step: int, count: int) -> NDArray[np.float64]:
        training = self._config.training
        if self._cuts is not None:
            return np.full(count, training.optimizer.learning_rate * self._cuts.factor)
        factors = [
            training.schedule.factor((step + number) / self.steps_per_epoch, training.epochs) for number in range(count)
        ]
        return np.array(factors) * training.optimizer.learning_rate

    def _close_epoch(self, epoch: int) -> str:
        """Validate, record, watch; returns why to stop early, "" to go on. Raises StopRequestedError."""
        validated = (
            self._engine.evaluate(*self._validation, self._heartbeat.heed) if self._validation is not None else {}
        )
        seen = (self._step - epoch * self.steps_per_epoch) * self._config.training.batch_size
        values = self._means(min(seen, self._examples))
        values |= {f"val_{name}": value for name, value in validated.items()}
        if isinstance(self._config.data, CorpusSource):
            values |= perplexities(values, self._engine.penalty)
        self._record_epoch(epoch, values, self._recorder.now())
        monitored = values[self.monitored]
        if self._step >= self._final_from and self._best.update(monitored):
            self._checkpoints.keep_best(Position(self._run, self._step, monitored=monitored))
            self.callbacks.on_best(self._step, monitored)
        with self._engine.averaged():
            asked = self.callbacks.on_epoch_end(EpochEnd(epoch + 1, self._step, values))
        return " ".join(filter(None, [self._watch(monitored, self._step), asked]))

    def _means(self, examples: int) -> dict[str, float]:
        """Of the epoch that ends here, over so many examples."""
        means = dict(zip(self._engine.metrics, (self._sums / examples).tolist(), strict=True))
        self._sums[:] = 0
        return means

    def _record_epoch(self, epoch: int, values: Mapping[str, float], wall_time: float) -> None:
        rate = float(self._rates(self._step - 1, 1)[0])
        self._recorder.log({**values, "learning_rate": rate}, self._step, wall_time)
        self._print(epoch, values)

    def _watch(self, value: float, step: int) -> str:
        if step < self._final_from:
            return ""
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
        log_line(f"epoch {epoch + 1}/{self._config.training.epochs}  step {self._step:,}  {told(values)}")
