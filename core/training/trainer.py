"""The trainer: executes one run, from its config to its result. Runs in a process of its own."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any, TypeVar

import keras

import db.attempts
import db.leases
import db.points
import db.runs
from core.architectures.build.architecture_summary import check_parameters, summary_model
from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.run import RunConfig
from core.data.base import Dataset
from core.data.examples import arrays
from core.engine import setup
from core.engine.choice import Choice
from core.engine.engine import Engine
from core.engine.memory import fits
from core.engine.recurrent_sharing import choose_threads
from core.engine.step import Step
from core.evaluation.evaluate import store
from core.evaluation.report_files import FOLDER, GENERATED
from core.runs import LAST_CHECKPOINT, checked_spec
from core.runs.highlights import CHANGE, loss_note, never_finite
from core.tracking.full_disk import wait_out
from core.tracking.recorder import Recorder
from core.tracking.run_clock import RunClock
from core.tracking.run_log import log_error, log_line
from core.training.artifacts import Artifacts
from core.training.checkpoints import Checkpoints, read_position
from core.training.facts import gather
from core.training.failures import explain
from core.training.final_evaluation import baseline_facts, final_evaluation
from core.training.fine_tune import first_weights
from core.training.heartbeat import Heartbeat, StopRequestedError
from core.training.judged import Judged
from core.training.kept_epochs import KeptEpochs
from core.training.loop import Loop
from core.training.mode_choice import ModeChoice
from core.training.prepared import load_for
from core.training.resuming import check_checkpoint, keep_last, told_changes
from core.training.sampler import Sampler
from core.training.smaller import Sparsity, teacher_of
from db.engine import Session
from db.leases import LeaseLostError
from db.records import TRAINER, AttemptRecord, Lease, RunRecord, RunState

FINISHED, FAILED, ABANDONED = 0, 1, 3  # exit codes
VOCABULARY = "vocabulary.json"

T = TypeVar("T")


def train(settings: Settings, lease: Lease) -> int:
    """Execute a run that was given to this process, and leave its end in the store; returns the exit code.

    Without the lease, or once it is lost, that is ABANDONED, and nothing was written.

    Raises:
        StoreError: the store is out of reach from the start.
    """
    workspace = wait_out(lambda: Workspace.open(settings))
    with workspace.read() as session:
        run = db.runs.get(session, lease.run)
        earlier = [each for each in db.attempts.of_run(session, lease.run) if each.number < lease.attempt]
    if run is None or not run.state.has_process or run.attempt != lease.attempt:
        return ABANDONED
    return Trainer(workspace, run, earlier).execute()


class Trainer:
    """One attempt at one run."""

    def __init__(self, workspace: Workspace, run: RunRecord, earlier: list[AttemptRecord]) -> None:
        self.workspace = workspace
        self.run = run
        self.earlier = earlier
        self.lease = Lease(run.id, run.attempt)
        self.facts: dict[str, Any] = {}  # of this attempt
        self.artifacts = Artifacts(workspace, self.lease)
        self.clock = RunClock([run.queued_at, run.starting_at, *(each.ended_at for each in earlier)])
        self.recorder = Recorder(workspace, run.id, self.lease, clock=self.clock.now)
        self.heartbeat = Heartbeat(workspace, self.lease, self.recorder)
        self.heartbeat.step = run.step
        self._sampler: Sampler | None = None

    def execute(self) -> int:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server; trainings go on
        signal.signal(signal.SIGTERM, self._on_sigterm)
        log_line(f"--- Attempt {self.lease.attempt}, on {self.run.host or 'this host'}, process {os.getpid()}")
        try:
            return self._conclude(*self._outcome())
        except LeaseLostError as error:
            self.heartbeat.abandoned = True
            self.heartbeat.close()
            log_line(f"{error} This process ends here.")
            return ABANDONED

    def _outcome(self) -> tuple[RunState, str]:
        """How the run ends, and why. Raises LeaseLostError."""
        choice = None
        try:
            config = checked_spec(self.run, self.workspace.settings)
            check_checkpoint(self.run, self.artifacts.folder)
            begun = self.run.facts.get("engine", {}).get("mode", "")
            choice = Choice(self.workspace.settings, config, begun)  # forks, so it comes before any thread
            self.heartbeat.start()
            return self._train(config, choice)
        except LeaseLostError:
            raise
        except StopRequestedError as stop:
            return RunState.STOPPED, f"{stop}, while something could not be stored; the log says more."
        except Exception as error:  # noqa: BLE001 - whatever it is, the run says so
            if not isinstance(error, TraindeckError):  # what is written for people says all there is to say
                log_error(error)
            return RunState.FAILED, explain(error)
        finally:
            if choice is not None:
                choice.close()

    def _conclude(self, state: RunState, reason: str) -> int:
        """Store how it ended; returns the exit code. Raises LeaseLostError."""
        self.heartbeat.check()
        self._store(self.recorder.flush)  # before the heartbeat ends: a run that waits for a disk shall not look dead
        self.heartbeat.close()
        self.heartbeat.check()
        self._store(self.recorder.flush)
        trained = self.heartbeat.trained

        def settle(session: Session) -> None:
            if self.facts:  # those that came while the disk was full
                db.leases.put_facts(session, self.lease, self.facts)
            db.leases.heartbeat(session, self.lease, time.time(), self.heartbeat.step, trained)
            db.leases.end(session, self.lease, state, reason, self.clock.now(), actor=TRAINER)

        self._write(settle)
        log_line(f"{state.value}{': ' if reason else ''}{reason}")
        return FAILED if state is RunState.FAILED else FINISHED

    def _on_sigterm(self, _number: int, _frame: object) -> None:
        self.heartbeat.stop_reason = "Stopped because its process was told to end (SIGTERM), as when a host shuts down"

    def _train(self, config: RunConfig, choice: Choice) -> tuple[RunState, str]:
        choose_threads(config)
        strategy = setup.strategy(setup.choose_devices(config))
        check_parameters(summary_model(config.architecture, config.data.info(self.workspace.settings)))
        setup.fix_numbers(config)
        folder, publishing = self.artifacts.folder / "checkpoints", self.artifacts.publishing
        data = load_for(config, self.workspace.settings, folder, self.run.uid, self.earlier)
        with strategy.scope():
            model = setup.build(config, data, lambda model: self._give_weights(model, config, data))
        checkpoints = self._unless_stopped(lambda: Checkpoints(folder, self.run.uid, model, publishing, data.numbers))
        step = setup.step(model, config, data, strategy, teacher_of(config, data, self.workspace, self.facts))
        engine = self._engine(config, choice, data, step)
        loop = self._loop(config, data, model, engine, checkpoints)
        self._unless_stopped(lambda: self._keep_texts(data, model, loop, config.seed))
        loop.callbacks.append(KeptEpochs(folder, self.run.uid, model, config.training.keep_epochs, publishing))
        loop.callbacks.append(ModeChoice(choice, engine, self.heartbeat, self._try_facts))
        loop.callbacks.append(Sparsity(config, model, self.recorder, self.facts))
        loop.callbacks.append(Judged(self.workspace, self.run.id, self.recorder, self.heartbeat))
        self._begin(loop, {**gather(config, data, model), **choice.facts(engine)})
        ended = loop.run()
        self.heartbeat.training_ends()
        self.heartbeat.check()
        done, total = self.heartbeat.step, loop.total_steps
        if self.heartbeat.stop_reason and not ended and not loop.is_done:
            keep_last(loop.save, self.heartbeat)
            return RunState.STOPPED, f"{self.heartbeat.stop_reason}, after {done:,} of {total:,} steps."
        if (stopping := config.training.early_stopping) is not None and stopping.restore_best:
            self._unless_stopped(checkpoints.save_best)
            checkpoints.restore_best()
        self._unless_stopped(loop.save)
        if self._sampler is not None:
            self._unless_stopped(self._sampler.flush)
        if config.evaluation.test and len(data.y_test):
            ended = " ".join(filter(None, [ended, self._test(config, data, model, loop, checkpoints)]))
        return RunState.FINISHED, ended

    def _engine(self, config: RunConfig, choice: Choice, data: Dataset, step: Step) -> Engine:
        """With the mode to begin with."""
        targets, training = setup.targets(step.model, data.y_train), config.training
        kept = [array for x in (data.x_train, data.x_val, data.x_test) for array in arrays(x)]
        bytes_ = sum(array.nbytes for array in (*kept, targets, data.y_val, data.y_test))
        fit = fits(bytes_, self.workspace.settings, config.resources)
        mode, home = choice.settle(data.info, training.steps(len(targets)), fit), None if fit else "CPU"
        batch, unit = training.batch_size, setup.error_unit(data)
        return self._unless_stopped(lambda: Engine(step, data.x_train, targets, batch, mode, home, unit))

    def _give_weights(self, model: keras.Model, config: RunConfig, data: Dataset) -> None:
        """Those to begin with; what became of them is in a resumed run's own checkpoint."""
        last = self.artifacts.folder / "checkpoints" / LAST_CHECKPOINT
        resumed = read_position(last, self.run.uid) is not None
        self.facts |= first_weights(model, config, data, self.workspace, resumed)

    def _loop(
        self, config: RunConfig, data: Dataset, model: keras.Model, engine: Engine, checkpoints: Checkpoints
    ) -> Loop:
        """The loop at the position where the last checkpoint was made, at the start when there is none."""
        held = engine.tensors(data.x_val, setup.targets(model, data.y_val)) if len(data.y_val) else None
        if held is not None:
            engine.prepare_evaluation()
        loop = Loop(self.run.uid, config, engine, len(data.y_train), held, self.recorder, checkpoints, self.heartbeat)
        position = checkpoints.restore_last()
        loop.resume(position)
        self._store(lambda: self.recorder.rewind(position.step, loop.is_open))
        if position.step:
            with self.workspace.read() as session:
                history = db.points.series(session, self.run.id, loop.monitored).value
            loop.recall(history, checkpoints.best_value())
            log_line(f"Goes on from step {position.step:,}.")
        self.heartbeat.step = position.step
        return loop

    def _begin(self, loop: Loop, facts: dict[str, Any]) -> None:
        self.facts |= facts
        steps = {"total_steps": loop.total_steps, "steps_per_epoch": loop.steps_per_epoch}

        def begin(session: Session) -> None:
            now = self.clock.now()
            self.heartbeat.training_begins(now, sum(each.trained_seconds for each in self.earlier))
            db.leases.put_facts(session, self.lease, self.facts)
            db.leases.begin(session, self.lease, now, self.heartbeat.step, **steps)

        self._write(begin)
        if note := loss_note(facts):
            log_line(f"loss: {note}")
        for line in told_changes(facts, self.earlier):
            log_line(f"Another version than in the attempt before: {line}.")
        log_line(
            f"Training on {facts['device']}: {facts['examples']['train']:,} examples, {facts['parameters']:,} "
            f"parameters, {loop.total_steps:,} steps. Engine: {facts['engine']['mode']}, {facts['engine']['why']}."
        )

    def _keep_texts(self, data: Dataset, model: keras.Model, loop: Loop, seed: int) -> None:
        """The vocabulary, which a prediction will need; and of a generator, samples after epochs."""
        if data.vocabulary is None:
            return
        folder = self.artifacts.folder / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        with self.artifacts.publishing(folder / VOCABULARY, "vocabulary"):
            data.vocabulary.save(folder / VOCABULARY)
        if data.info.task == "generation":
            steps = self.heartbeat.step, loop.total_steps
            self._sampler = Sampler(folder / GENERATED, model, data, seed, steps, self.artifacts.publishing)
            loop.callbacks.append(self._sampler)

    def _test(self, config: RunConfig, data: Dataset, model: keras.Model, loop: Loop, checkpoints: Checkpoints) -> str:
        """Measure the best epoch on the test set; returns what went wrong, "" when nothing did."""
        if not checkpoints.restore_best():
            return f"{never_finite(loop.monitored)}, so nothing was evaluated. {CHANGE}"
        self._write(lambda session: db.leases.update(session, self.lease, evaluating_at=self.clock.now()))
        folder = self.artifacts.folder / FOLDER
        try:
            report, predictions = final_evaluation(
                model, data, config, self.facts, self.workspace.settings, self.heartbeat.heed
            )
            self.recorder.log(report.metrics(), self.heartbeat.step)
            self.facts |= baseline_facts(report)
            store(report, predictions, data, folder, self.artifacts.publishing, self._keep_result)
        except StopRequestedError as stop:
            return f"{stop}, during the evaluation; the training was done, and is kept."
        except LeaseLostError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was: the training is done, and stays so
            log_error(error)
            return f"The evaluation failed; the training is kept. {explain(error)}"
        return ""

    def _try_facts(self, facts: dict[str, Any]) -> None:
        """Add to those of this attempt, without waiting for the store. Raises StoreError, LeaseLostError."""
        self.facts |= facts
        self._change(lambda session: db.leases.put_facts(session, self.lease, self.facts))

    def _write(self, change: Callable[[Session], None]) -> None:
        """Raises LeaseLostError."""
        self._store(lambda: self._change(change))

    def _change(self, change: Callable[[Session], None]) -> None:
        """Raises StoreError, LeaseLostError."""
        with self.workspace.write() as session:
            change(session)

    def _keep_result(self, write: Callable[[], None]) -> None:
        """Waits for a full disk only: without its evaluation, too, a run has ended well. Raises OSError at once."""
        wait_out(write, self.heartbeat.heed, file_seconds=0.0)

    def _store(self, action: Callable[[], None]) -> None:
        """However long the disk is full or the store out of reach. Raises LeaseLostError, and as `wait_out`."""
        wait_out(action, self.heartbeat.check)

    def _unless_stopped(self, action: Callable[[], T]) -> T:
        """The same, where a request to stop ends the waiting. Raises StopRequestedError, too."""
        return wait_out(action, self.heartbeat.heed)
