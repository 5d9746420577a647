"""The trainer: executes one run, from its config to its result. Runs in a process of its own."""

import signal
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

import db.points
import db.runs
from core.architectures.build.architecture_summary import check_parameters, summary_model
from core.common.errors import StoreError, TraindeckError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.run import RunConfig
from core.data.base import Dataset
from core.data.examples import arrays
from core.data.prepare import load
from core.engine import setup
from core.engine.choice import Choice
from core.engine.engine import Engine
from core.engine.memory import fits
from core.engine.recurrent_sharing import choose_threads
from core.engine.step import Step
from core.evaluation.evaluate import evaluate
from core.evaluation.report_files import FOLDER, GENERATED
from core.runs import LAST_CHECKPOINT, checked_spec
from core.tracking.recorder import Recorder
from core.tracking.run_log import log_line
from core.training.checkpoints import Checkpoints, read_position
from core.training.facts import gather
from core.training.fine_tune import first_weights
from core.training.heartbeat import Heartbeat, StopRequestedError
from core.training.loop import Loop
from core.training.sampler import Sampler
from db.records import ArtifactRecord, RunRecord, RunState

FINISHED, FAILED, ABANDONED = 0, 1, 3  # exit codes
PERSIST_SECONDS = 600.0  # how long the end of a run waits for a disk that is full
VOCABULARY = "vocabulary.json"
WITH_PROCESS = (RunState.STARTING, RunState.RUNNING, RunState.STOPPING)


def train(settings: Settings, run_id: int) -> int:
    """Execute a run that was given to this process, and leave its end in the store; returns the exit code.

    Raises:
        StoreError: the store is out of reach from the start.
    """
    workspace = Workspace.open(settings)
    with workspace.read() as session:
        run = db.runs.get(session, run_id)
    if run is None or not run.state.has_process:
        return ABANDONED
    return Trainer(workspace, run).execute()


class Trainer:
    """One execution of one run."""

    def __init__(self, workspace: Workspace, run: RunRecord) -> None:
        self.workspace = workspace
        self.run = run
        self.recorder = Recorder(workspace, run.id)
        self.heartbeat = Heartbeat(workspace, run.id, run.pid, self.recorder)
        self.heartbeat.step = run.step

    def execute(self) -> int:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the server; trainings go on
        signal.signal(signal.SIGTERM, self._on_sigterm)
        choice = None
        try:
            config = checked_spec(self.run, self.workspace.settings)
            begun = self.run.facts.get("engine", {}).get("mode", "")
            choice = Choice(self.workspace.settings, config, begun)  # forks, so it comes before any thread
            self.heartbeat.start()
            state, reason = self._train(config, choice)
        except Exception as error:
            if not isinstance(error, TraindeckError):  # what is written for people says all there is to say
                traceback.print_exc()
            state, reason = RunState.FAILED, explain(error)
        finally:
            if choice is not None:
                choice.close()
        self.heartbeat.close()
        if self.heartbeat.abandoned:
            log_line("The run was settled without this process, which ends here.")
            return ABANDONED
        log_line(f"{state.value}{': ' if reason else ''}{reason}")
        persist(self.recorder.flush)
        self._move(WITH_PROCESS, state, reason=reason, finished_at=time.time(), step=self.heartbeat.step)
        return FAILED if state is RunState.FAILED else FINISHED

    def _on_sigterm(self, _number: int, _frame: object) -> None:
        self.heartbeat.stop_reason = "Stopped because its process was told to end (SIGTERM), as when a host shuts down"

    def _train(self, config: RunConfig, choice: Choice) -> tuple[RunState, str]:
        choose_threads(config)
        devices = setup.choose_devices(config)
        strategy = setup.strategy(devices)
        check_parameters(summary_model(config.architecture, config.data.info(self.workspace.settings)))
        setup.fix_numbers(config)
        data = load(config.data, self.workspace.settings, config.seed)
        with strategy.scope():
            model = setup.build(config, data, lambda model: self._give_weights(model, config, data))
        checkpoints = Checkpoints(
            self.workspace.settings.run_dir(self.run.id) / "checkpoints", self.run.uid, model, self._record_checkpoint
        )
        engine = self._engine(config, choice, data, setup.step(model, config, data.info, strategy))
        loop = self._loop(config, data, model, engine, checkpoints)
        persist(lambda: self._keep_texts(data, model, loop, config.seed))
        self._begin(loop, data, model, choice.facts(engine))
        loop.between_calls = lambda left: self._between_calls(choice, engine, left)
        ended = loop.run()
        if self.heartbeat.abandoned:
            return RunState.LOST, ""
        done, total = self.heartbeat.step, loop.total_steps
        if self.heartbeat.stop_reason and not ended and not loop.is_done:
            persist(loop.save)
            return RunState.STOPPED, f"{self.heartbeat.stop_reason}, after {done:,} of {total:,} steps."
        stopping = config.training.early_stopping
        if stopping is not None and stopping.restore_best:
            persist(checkpoints.save_best)
            checkpoints.restore_best()
        persist(loop.save)
        if config.evaluation.test and len(data.y_test):
            ended = " ".join(filter(None, [ended, self._test(data, model, engine, checkpoints)]))
        return RunState.FINISHED, ended

    def _engine(self, config: RunConfig, choice: Choice, data: Dataset, step: Step) -> Engine:
        """With the mode to begin with."""
        targets = setup.targets(step.model, data.y_train)
        training = config.training
        steps = min(training.epochs * -(-len(targets) // training.batch_size), training.max_steps or 2**62)
        kept = [array for x in (data.x_train, data.x_val, data.x_test) for array in arrays(x)]
        bytes_ = sum(array.nbytes for array in (*kept, targets, data.y_val, data.y_test))
        fit = fits(bytes_, self.workspace.settings, config.resources)
        mode = choice.settle(data.info, steps, fit)
        return Engine(step, data.x_train, targets, config.training.batch_size, mode, None if fit else "CPU")

    def _between_calls(self, choice: Choice, engine: Engine, left: int) -> None:
        self.heartbeat.waited = engine.waited
        if choice.consider(engine, left):
            self.run = replace(self.run, facts={**self.run.facts, **choice.facts(engine)})
            self._update(facts=self.run.facts)

    def _give_weights(self, model: keras.Model, config: RunConfig, data: Dataset) -> None:
        """Those to begin with; what became of them is in a resumed run's own checkpoint."""
        last = self.workspace.settings.run_dir(self.run.id) / "checkpoints" / LAST_CHECKPOINT
        resumed = read_position(last, self.run.uid) is not None
        facts = first_weights(model, config, data, self.workspace, resumed)
        self.run = replace(self.run, facts={**self.run.facts, **facts})

    def _loop(
        self, config: RunConfig, data: Dataset, model: keras.Model, engine: Engine, checkpoints: Checkpoints
    ) -> Loop:
        """The loop at the position where the last checkpoint was made, at the start when there is none."""
        validation = engine.tensors(data.x_val, setup.targets(model, data.y_val)) if len(data.y_val) else None
        if validation is not None:
            engine.prepare_evaluation()
        loop = Loop(
            self.run.uid, config, engine, len(data.y_train), validation, self.recorder, checkpoints, self.heartbeat
        )
        position = checkpoints.restore_last()
        loop.resume(position)
        persist(lambda: self.recorder.rewind(position.step, loop.is_open))
        if position.step:
            with self.workspace.read() as session:
                history = db.points.series(session, self.run.id, loop.monitored).value
            loop.recall(history, checkpoints.best_value())
            log_line(f"Goes on from step {position.step:,}.")
        self.heartbeat.step = position.step
        return loop

    def _begin(self, loop: Loop, data: Dataset, model: keras.Model, more: dict[str, Any]) -> None:
        """`more` are the facts of the engine."""
        facts = {**self.run.facts, **gather(data, model), **more}
        now = time.time()  # asking git for the commit is no training
        if self.heartbeat.step:
            facts["resumed"] = [*facts.get("resumed", []), {"at": now, "step": self.heartbeat.step}]
        # A resumed run keeps the time at which it first began, so that its curves go on where they ended.
        training_at = self.run.training_at or now
        values = {
            "facts": facts,
            "total_steps": loop.total_steps,
            "steps_per_epoch": loop.steps_per_epoch,
            "training_at": training_at,
            "step": self.heartbeat.step,
        }
        self._update(**values)
        self.run = replace(self.run, facts=facts)
        self._move([RunState.STARTING], RunState.RUNNING)  # fails when a request to stop came first
        self.heartbeat.training_at = training_at
        log_line(
            f"Training on {facts['device']}: {len(data.y_train):,} examples, {facts['parameters']:,} parameters, "
            f"{loop.total_steps:,} steps. Engine: {facts['engine']['mode']}, {facts['engine']['why']}."
        )

    def _keep_texts(self, data: Dataset, model: keras.Model, loop: Loop, seed: int) -> None:
        """The vocabulary, which a prediction will need; and of a generator, samples after epochs."""
        if data.vocabulary is None:
            return
        folder = self.workspace.settings.run_dir(self.run.id) / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        data.vocabulary.save(folder / VOCABULARY)
        self._record(folder / VOCABULARY, "vocabulary")
        if data.info.task == "generation":
            steps = self.heartbeat.step, loop.total_steps
            sampler = Sampler(folder / GENERATED, model, data, seed, steps, self._record_samples)
            loop.after_epoch = sampler.sample

    def _test(self, data: Dataset, model: keras.Model, engine: Engine, checkpoints: Checkpoints) -> str:
        """Measure the best epoch on the test set; returns what went wrong, "" when nothing did."""
        if not checkpoints.restore_best():
            return ""
        self._update(evaluating_at=time.time())
        folder = self.workspace.settings.run_dir(self.run.id) / FOLDER
        try:
            values = engine.evaluate(
                *engine.tensors(data.x_test, setup.targets(model, data.y_test)), self.heartbeat.heed
            )
            values = {f"test_{name}": value for name, value in values.items()}
            self.recorder.log(values, self.heartbeat.step)
            log_line("  ".join(f"{name} {value:.4f}" for name, value in values.items()))
            report = evaluate(model, data, folder, self._record, self.heartbeat.heed)
        except StopRequestedError as stop:
            return f"{stop}, during the evaluation; the training was done, and is kept."
        except Exception as error:  # whatever it was: the training is done, and stays so
            traceback.print_exc()
            return f"The evaluation failed; the training is kept. {explain(error)}"
        self.recorder.log(report.metrics(), self.heartbeat.step)
        for notice in report.notices:
            log_line(notice)
        return ""

    def _update(self, **values: Any) -> None:
        def write() -> None:
            with self.workspace.write() as session:
                db.runs.update(session, self.run.id, **values)

        persist(write)

    def _move(self, expected: Iterable[RunState], state: RunState, **values: Any) -> None:
        def write() -> None:
            with self.workspace.write() as session:
                db.runs.transition(session, self.run.id, expected, state, **values)

        persist(write)

    def _record_checkpoint(self, path: Path) -> None:
        self._record(path, "checkpoint")

    def _record_samples(self, path: Path) -> None:
        self._record(path, "samples")

    def _record(self, path: Path, kind: str) -> None:
        inside = path.relative_to(self.workspace.settings.run_dir(self.run.id)).as_posix()
        artifact = ArtifactRecord(self.run.id, path.name, kind, inside, path.stat().st_size, time.time())
        with self.workspace.write() as session:
            db.runs.put_artifact(session, artifact)


def persist(action: Callable[[], None]) -> None:
    """Do it, again and again while the disk is full or the store out of reach, for at most PERSIST_SECONDS.

    Raises:
        OSError, StoreError: what the last attempt said.
    """
    deadline = time.monotonic() + PERSIST_SECONDS
    while True:
        try:
            return action()
        except (OSError, StoreError) as error:
            if time.monotonic() > deadline:
                raise
            log_line(f"Could not be stored, trying again: {error}")
            time.sleep(2)


def explain(error: Exception) -> str:
    """Why the run failed, in a sentence for the person who launched it; the log has the traceback."""
    if isinstance(error, TraindeckError):
        return str(error)
    if isinstance(error, MemoryError | tf.errors.ResourceExhaustedError):
        return (
            "The memory did not suffice. Take a smaller batch, smaller layers or fewer examples, or a device with more."
        )
    text = str(error).strip().partition("\n")[0]
    return text if isinstance(error, ValueError) and text else f"{type(error).__name__}: {text} (see the log)"
