"""What a config builds: layers with their shapes, examples in the data, and what will fail.

The server never imports TensorFlow, so it asks through the store and shows the answer when it is there.
"""

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.common.context import Context
from core.common.errors import Problem
from core.config.edit import dump
from core.config.run import RunConfig
from core.data.preview import Example as Example
from core.data.preview import Histogram as Histogram
from core.data.preview import Tokens as Tokens
from core.data.series_preview import Window
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits


class LayerRow(BaseModel):
    """One layer of the built network."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: str  # Keras's class: Dense, Conv2D, …
    output_shape: tuple[int | None, ...]  # without the batch
    params: int
    trainable: bool
    inputs: tuple[str, ...] = ()  # names of the layers that feed it
    detail: str = ""  # what matters of its arguments: "64, relu"


class Inspection(BaseModel):
    """The standby's answer."""

    model_config = ConfigDict(frozen=True)

    layers: tuple[LayerRow, ...] = ()
    train_examples: int = 0
    validation_examples: int = 0
    test_examples: int = 0
    class_counts: dict[str, int] = {}  # training examples by class name
    examples: tuple[Example, ...] = ()
    shape: tuple[int, ...] = ()  # of one example
    columns: tuple[str, ...] = ()  # names of the values of a row
    target: str = ""  # name of what is predicted, where the data have one
    targets: Histogram | None = None  # of regression
    tokens: Tokens | None = None  # of texts
    windows: tuple[Window, ...] = ()  # of series
    problems: tuple[tuple[str, str], ...] = ()  # field and message of what will fail: data not to be had, bad shapes

    @property
    def params(self) -> int:
        return sum(layer.params for layer in self.layers)

    def found(self) -> list[Problem]:
        return [Problem(field, message) for field, message in self.problems]


class Question(BaseModel):
    """A config as JSON data, which may be wrong in any way."""

    config: dict[str, Any]


def ask(context: Context, config: RunConfig) -> Inspection | None:
    """The answer for this config, None while the standby has not given it yet. Asking again costs one look-up."""
    return job_queue.ask(context, KIND, key(config), Question(config=dump(config)))


def forget(context: Context, config: RunConfig) -> None:
    """Have the next question answered anew: what was wrong may have been put right, such as a file that was missing."""
    job_queue.forget(context, key(config))


def key(config: RunConfig) -> str:
    """Of the part of a config that the answer depends on."""
    raw = dump(config)
    question = {"data": raw["data"], "architecture": raw["architecture"], "precision": config.training.precision}
    return f"inspection-{hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()}"


def _failed(failure: Failure) -> Inspection:
    match failure.cause:
        case "cpu" | "wall":
            text = f"takes more than {failure.text} to build; take a smaller network"
        case "crash":
            text = f"could not be built: {failure.text}; take a smaller network"
        case _:
            text = f"could not be looked at: {failure.text}"
    return Inspection(problems=(("architecture", text),))


KIND = JobKind(
    name="inspection",
    payload=Question,
    result=Inspection,
    worker="core.workers.inspection:answer",
    limits=Limits(cpu_seconds=60, wall_seconds=600.0, at_once=1),  # a network that takes longer to build is refused
    failed=_failed,
)
