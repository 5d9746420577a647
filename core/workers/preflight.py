"""A run tried on one real batch: does it fit, does it learn at all, how long will it take? In a process of its own."""

import math
import os
import time
import traceback
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.architectures.build.architecture_summary import check_parameters, summary_model
from core.common.errors import DataError, Problem, TraindeckError
from core.common.text import first_line
from core.common.workspace import Workspace
from core.config.check import check
from core.config.run import RunConfig
from core.data.base import DataInfo, Dataset
from core.data.examples import take
from core.data.library.skew import skew_note
from core.data.prepare import load
from core.engine import setup
from core.engine.choice import DEFAULT
from core.engine.distilling import Teacher
from core.engine.engine import Engine
from core.engine.freeze import FineTuneError
from core.engine.loss_functions import loss_facts
from core.engine.memory import HOST, data_problem, estimate, memory_problem, place
from core.engine.modes import EngineError
from core.engine.recurrent_sharing import choose_threads
from core.jobs.preflight import Memory, Preflight, Trial, expected_loss
from core.training.fine_tune import first_weights
from core.training.prepared import for_network
from core.training.smaller import TeacherError, teacher_of
from core.workers.work import Work

SECONDS, STEPS = 0.6, 2_000  # that are timed at most; more steps of a tiny network would be a training of their own
ENOUGH = 20.0  # seconds; a first step that takes as long is not repeated, though it prepares those after it
EXAMPLES = 4096  # that are tried, at most, unless a batch is larger
HIGH, LOW = 1.75, 0.5  # times the expected loss, outside of which a loss is told to be odd
HIGH_ERROR = 5.0  # the same for regression, where a network's first guesses are not around the mean


def answer(work: Work, trial: Trial) -> Preflight:
    """Whatever is wrong stands among its problems; nothing is raised for it."""
    settings = work.settings
    config, problems = check(trial.config, settings)
    if config is None or problems:
        return _answer(*problems)
    where = place(settings, config.resources)  # asks for cards, which the next line hides
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # a GPU's memory belongs to the runs
    told: dict[str, Any] = {"device": "cpu" if where[0] == HOST else "gpu"}
    try:
        return _tried(work, config, where, told)
    except (FineTuneError, TeacherError, DataError) as error:
        teacher = "model" if config.distillation and config.distillation.model else "run"
        fields = {FineTuneError: "fine_tune.run", TeacherError: f"distillation.{teacher}"}
        return _answer(Problem(fields.get(type(error), "data.source"), str(error)), **told)
    except TraindeckError as error:
        field = "training.engine" if isinstance(error, EngineError) else "architecture"
        return _answer(Problem(field, str(error)), **told)
    except (MemoryError, tf.errors.ResourceExhaustedError):
        return _answer(_out_of_memory(told.get("memory")), **told)
    except Exception as error:  # noqa: BLE001 - whatever a network raises
        traceback.print_exc()
        text = first_line(error)
        return _answer(Problem("architecture", f"a first step fails: {type(error).__name__}: {text}"), **told)


def _answer(*problems: Problem, **told: Any) -> Preflight:
    return Preflight(problems=tuple((problem.field, problem.message) for problem in problems), **told)


def _tried(work: Work, config: RunConfig, where: tuple[str, int], told: dict[str, Any]) -> Preflight:
    """`told` gathers what is known, for the answer of a trial that fails."""
    settings = work.settings
    info = config.data.info(settings)
    choose_threads(config)
    setup.fix_numbers(config)
    drawn = summary_model(config.architecture, info)
    check_parameters(drawn)
    memory = estimate(config, info, drawn, where)
    told |= _sizes(config, info, drawn, memory)
    problem = data_problem(info, config) or memory_problem(memory)
    if problem is not None:
        return _answer(problem, **told)
    work.progress("loading the data")
    loaded = load(config.data, settings, config.seed)
    told["warnings"] = (*_batch_warnings(config, loaded), *_skew_warnings(config, loaded))
    data = for_network(loaded, config)
    work.progress("building the network")
    model = _model(work.workspace, config, data)
    work.progress("taking the first steps")
    loss, seconds, steps = _steps(config, data, model, teacher_of(config, data, work.workspace))
    expected, rule = expected_loss(data.info)
    if loss_facts(config, data):
        expected, rule = guessed_loss(model, data), "the loss of one guess for all"
    told |= {"loss": _finite(loss), "expected": expected, "rule": rule, "step_seconds": seconds}
    if seconds is None or not math.isfinite(loss):
        told["step_seconds"] = None
        return _with_nan(config, steps, told)
    told["warnings"] += _loss_warnings(config, data.info, loss, expected, rule)
    return Preflight.model_validate(told)


def _sizes(config: RunConfig, info: DataInfo, model: keras.Model, memory: Memory) -> dict[str, Any]:
    train, _ = config.data.sizes(info)
    batch = min(config.training.batch_size, train)
    output = keras.tree.flatten(model.output)[0]
    return {
        "parameters": model.count_params(),
        "trainable": sum(math.prod(variable.shape) for variable in model.trainable_variables),
        "x_shape": (batch, *info.shape),
        "y_shape": (batch, *output.shape[1:]),
        "memory": memory,
        "checkpoint": memory.parameters + memory.optimizer,
    }


def _model(workspace: Workspace, config: RunConfig, data: Dataset) -> keras.Model:
    """As the trainer makes it, but normalised by a part of the examples, and without weights to be downloaded."""
    model = config.architecture.build(data.info)
    setup.fit_normalization(model, take(data.x_train, slice(0, EXAMPLES)))
    if config.fine_tune is not None:
        first_weights(model, config, data, workspace, resumed=False)
    setup.compile_model(model, config, data)
    return model


def _steps(
    config: RunConfig, data: Dataset, model: keras.Model, teacher: Teacher | None
) -> tuple[float, float | None, int]:
    """The first step's loss without penalties, seconds per step, None once the loss is no number, and steps done."""
    count = len(data.y_train)
    batch = min(config.training.batch_size, count)
    chosen = np.random.default_rng(config.seed).permutation(count)[: max(batch, min(EXAMPLES, 64 * batch))]
    data = replace(data, x_train=take(data.x_train, chosen), y_train=data.y_train[chosen])
    penalty = float(sum(model.losses, 0.0))
    mode = config.training.engine if config.training.engine != "auto" else DEFAULT
    targets = setup.targets(model, data.y_train)
    engine = Engine(setup.step(model, config, data, teacher=teacher), data.x_train, targets, batch, mode)
    per_epoch = math.ceil(count / batch)

    def take_steps(first: int, steps: int) -> tuple[float, float]:
        """The first and the last of the losses."""
        training = config.training
        factors = [training.schedule.factor((first + step) / per_epoch, training.epochs) for step in range(steps)]
        order = np.resize(np.arange(len(chosen), dtype=np.int32), steps * batch)
        rates = np.array(factors, np.float32) * np.float32(training.optimizer.learning_rate)
        losses = engine.train(order, rates, first)[:, 0]
        return float(losses[0]), float(losses[-1])

    started = time.perf_counter()
    loss, last = take_steps(0, 1)
    seconds, done = time.perf_counter() - started, 1
    if seconds < ENOUGH and math.isfinite(loss):
        started, timed = time.perf_counter(), 0
        while (seconds := time.perf_counter() - started) < SECONDS and timed < STEPS and math.isfinite(last):
            steps = min(engine.chunk, STEPS - timed)
            _, last = take_steps(done, steps)
            done, timed = done + steps, timed + steps
        seconds /= max(1, timed)
    return loss - penalty, seconds if math.isfinite(last) else None, done


def guessed_loss(model: keras.Model, data: Dataset) -> float:
    """By the model's own loss, of one that takes everything for equally likely, or always says the mean."""
    y = setup.targets(model, data.y_train[:EXAMPLES])
    mean = float(data.y_train.mean(dtype=np.float64))
    classes = 2 if data.info.task == "multilabel" else max(2, data.info.classes)
    guess = mean if data.info.predicts_numbers else 1 / classes
    return float(model.loss(y, np.full((len(y), model.output_shape[-1]), guess, np.float32)))


def _with_nan(config: RunConfig, steps: int, told: dict[str, Any]) -> Preflight:
    rate = config.training.optimizer.learning_rate
    if told["loss"] is None:
        field, text = (
            "architecture",
            "the loss of the very first batch is not a number; check the scaling and precision",
        )
    else:
        field = "training.optimizer.learning_rate"
        text = f"within {steps:,} steps the loss is no longer a number: {rate:g} is too large; take a tenth of it"
    if config.training.stop_on_nan:
        return _answer(Problem(field, text), **told)
    return _answer(**{**told, "warnings": (*told["warnings"], f"{text[0].upper()}{text[1:]}.")})


def _batch_warnings(config: RunConfig, data: Dataset) -> tuple[str, ...]:
    size, count = config.training.batch_size, len(data.y_train)
    if size <= count:
        return ()
    return (f"A batch of {size:,} is larger than the {count:,} training examples: every epoch is one step.",)


def _skew_warnings(config: RunConfig, data: Dataset) -> tuple[str, ...]:
    if not data.info.predicts_numbers or config.training.target_scaling in ("log", "robust"):
        return ()
    note = skew_note(data.y_train.ravel(), data.info.target)
    return (f"{note} It is training.target_scaling; errors stay in the target's unit.",) if note else ()


def _loss_warnings(config: RunConfig, info: DataInfo, loss: float, expected: float, rule: str) -> tuple[str, ...]:
    if config.distillation is not None:  # the distance to a teacher's answers is no loss that a guess has
        return ()
    high = HIGH_ERROR if info.predicts_numbers else HIGH
    if loss > high * expected:
        hint = "Are the values scaled? A layer list should begin with Rescaling or Normalization."
        if info.predicts_numbers:
            hint = "The first steps will have to unlearn that; scale the target, or take smaller first weights."
        return (f"The loss begins at {loss:.3g}, far above {rule} = {expected:.3g}, which is mere guessing. {hint}",)
    if loss < LOW * expected and info.is_classification and config.fine_tune is None:
        return (
            f"The loss begins at {loss:.3g}, far below {rule} = {expected:.3g}: an untrained network cannot know that.",
        )
    return ()


def _out_of_memory(memory: Memory | None) -> Problem:
    about = f", though {memory.needed / 1e9:,.1f} GB were estimated" if memory else ""
    return Problem(
        "training.batch_size", f"a first step does not fit into the free memory{about}; take a smaller batch"
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
