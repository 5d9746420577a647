"""What a run will take and how it begins, tried before it is queued: one real batch, a few steps, in the warm process.

Asked and answered as core.jobs.inspection, whose answer has to be without a problem first.
"""

import hashlib
import json
import math
import signal
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.common.context import Context
from core.common.errors import Problem
from core.config.edit import dump
from core.config.run import RunConfig
from core.data.base import DataInfo
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits

_MULTIPLIES = (
    "epochs",
    "max_steps",
    "early_stopping",
    "record_steps",
    "keep_epochs",
)  # of training: does not change the answer
_FORWARD = 1 / 3  # of a training step's time; what validation takes for as many examples


class Memory(BaseModel):
    """Bytes that a training needs, estimated, and those that there are."""

    model_config = ConfigDict(frozen=True)

    parameters: int
    gradients: int
    optimizer: int
    activations: int  # of one batch, with their gradients
    data: int
    free: int
    place: str  # whose memory: "this host" or "gpu:0, NVIDIA H200"

    @property
    def needed(self) -> int:
        return self.parameters + self.gradients + self.optimizer + self.activations + self.data


class Preflight(BaseModel):
    """The standby's answer. What was not reached, as there was a problem before, is None."""

    model_config = ConfigDict(frozen=True)

    parameters: int = 0
    trainable: int = 0
    x_shape: tuple[int | None, ...] = ()  # of the batch
    y_shape: tuple[int | None, ...] = ()  # of what the network makes of it
    device: str = "cpu"  # what the run will get: cpu or gpu; the time is always measured on the CPU
    memory: Memory | None = None
    checkpoint: int | None = None  # bytes
    loss: float | None = None  # of the first batch, without penalties
    expected: float | None = None  # of a network that knows nothing
    rule: str = ""  # where that comes from: "ln(10)"
    step_seconds: float | None = None
    problems: tuple[tuple[str, str], ...] = ()  # field and message of what will fail
    warnings: tuple[str, ...] = ()

    def found(self) -> list[Problem]:
        return [Problem(field, message) for field, message in self.problems]

    def epoch_seconds(self, config: RunConfig, info: DataInfo) -> float | None:
        """About how long an epoch takes, with its validation."""
        if self.step_seconds is None:
            return None
        train, validation = config.data.sizes(info)
        return self.step_seconds * (train + _FORWARD * validation) / _in_step(config, train)

    def total_seconds(self, config: RunConfig, info: DataInfo) -> float | None:
        """About how long the training takes, unless it stops early; loading and the final test come on top."""
        epoch = self.epoch_seconds(config, info)
        if epoch is None:
            return None
        train, _ = config.data.sizes(info)
        return epoch * config.training.steps(train) / config.training.steps_per_epoch(train)


def _in_step(config: RunConfig, train: int) -> int:
    return min(config.training.batch_size, train)


def expected_loss(info: DataInfo) -> tuple[float, str]:
    """Of a network that takes everything for equally likely, and the rule; of regression, one that says the mean."""
    match info.task:
        case "regression" | "forecast":
            return 1.0, "the loss of always guessing the mean, as a share of the target's variance"
        case "multilabel":
            return math.log(2), "ln(2)"
        case "generation":
            return math.log(max(2, info.vocabulary)), f"ln({info.vocabulary:,})"
        case _:
            return math.log(max(2, info.classes)), f"ln({info.classes})"


class Trial(BaseModel):
    """A run's config as JSON data."""

    config: dict[str, Any]


def ask(context: Context, config: RunConfig, given_up: str = "") -> Preflight | None:
    """The answer for this config, None while it is not there.

    Args:
        given_up: key of an earlier question whose answer nobody waits for any more; it is not tried any further.
    """
    return job_queue.ask(context, KIND, key(config), Trial(config=dump(config)), instead_of=given_up)


def progress(context: Context, config: RunConfig) -> str:
    """What of the trial is being done; "" while nothing is known."""
    told = job_queue.progress(context, key(config))
    return told.text if told else ""


def forget(context: Context, config: RunConfig) -> None:
    """Have the next question answered anew, as memory may be free by now."""
    job_queue.forget(context, key(config))


def key(config: RunConfig) -> str:
    """Of the part of a config that the answer depends on; how many epochs there are only multiplies."""
    raw = dump(config)
    training = {name: value for name, value in raw["training"].items() if name not in _MULTIPLIES}
    question = {name: raw[name] for name in raw if name not in ("training", "evaluation", "seed")}
    text = json.dumps({**question, "training": training}, sort_keys=True)
    return f"preflight-{hashlib.sha256(text.encode()).hexdigest()}"


def _failed(failure: Failure) -> Preflight:
    if failure.cause in ("cpu", "wall"):  # slow, not wrong
        text = f"Loading and the first step took more than {failure.text}."
        return Preflight(warnings=(f"{text} The run will be slow here, and how slow is not known.",))
    if failure.code in (-signal.SIGKILL, -signal.SIGABRT):
        text = "a first step does not fit into the free memory; take a smaller batch or smaller layers"
        return Preflight(problems=(("training.batch_size", text),))
    return Preflight(warnings=(f"The run could not be tried: {failure.text}.",))


KIND = JobKind(
    name="preflight",
    payload=Trial,
    result=Preflight,
    worker="core.workers.preflight:answer",
    limits=Limits(cpu_seconds=90, wall_seconds=600.0, at_once=1, cards=True),  # it asks how much memory they have
    failed=_failed,
)
