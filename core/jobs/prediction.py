"""Try a run's network on an input of one's own: the question, and the answer of a warm process that holds the network.

The server never imports TensorFlow, so it asks through the store; core.workers.prediction answers. Each question is
asked once and forgotten with its answer.
"""

import base64
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.common.context import Context
from core.common.errors import TraindeckError
from core.common.settings import Settings
from core.data.base import DataInfo, Task
from core.data.picture_input import check_bytes
from core.jobs import job_queue
from core.jobs.explanation import Explain, Explanation
from core.jobs.job_kind import Failure, JobKind, Limits, Warm
from core.runs import BEST_CHECKPOINT, NETWORK, elsewhere, is_here
from core.runs.highlights import CHANGE, no_best
from core.runs.reported_networks import JUDGED, NETWORK_FILE, asked_spec, kept_network
from core.system.hosts import living_supervisor
from db.records import RunRecord


class PredictionError(TraindeckError):
    """A question that cannot be answered: no network yet, nobody to ask, or an input that does not fit."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Picture(_Frozen):
    """For networks that take images."""

    kind: Literal["image"] = "image"
    content: str  # base64 of a file of any format in core.data.picture_files.ACCEPTED
    name: str = ""  # of the file, for messages
    drawn: bool = False  # white on black by hand: cut out and centred as the small grey data sets are
    inverted: bool = False  # to be inverted: dark on light, where the data are light on dark
    is_ready: bool = False  # a test example: at the size of the network's input, not at that of the data set

    @classmethod
    def of_file(cls, data: bytes, name: str, *, inverted: bool = False) -> "Picture":
        """Decoded where it is answered. Raises DataError: more bytes than are taken."""
        check_bytes(len(data), name)
        return cls(content=base64.b64encode(data).decode(), name=name, inverted=inverted)


class Text(_Frozen):
    kind: Literal["text"] = "text"
    text: str


class Row(_Frozen):
    """Of a table, or a row of numbers; None is a missing value, and so is a feature that is left out."""

    kind: Literal["row"] = "row"
    values: dict[str, float | str | None]


class Prompt(_Frozen):
    """For a generator: what it continues."""

    kind: Literal["prompt"] = "prompt"
    text: str
    temperature: float = Field(0.8, ge=0, le=10)  # 0 always takes the most probable token
    length: int = Field(200, ge=1, le=2000)  # tokens to generate
    seed: int = 0


class Ahead(_Frozen):
    """For a network of series: what follows the end of its data, or that of newer rows in a file."""

    kind: Literal["series"] = "series"
    series: str = ""  # id of one of several
    content: str = ""  # base64 of a table's file with the columns of the data set; "" takes the data set itself
    name: str = ""  # of the file

    @classmethod
    def of_file(cls, data: bytes, name: str, series: str = "") -> "Ahead":
        """Read where it is answered. Raises DataError: more bytes than are taken."""
        check_bytes(len(data), name)
        return cls(content=base64.b64encode(data).decode(), name=name, series=series)


Input = Annotated[Picture | Text | Row | Prompt | Ahead, Field(discriminator="kind")]


class Question(_Frozen):
    """What one wants to know, and of which run's best network."""

    run: int
    input: Input
    explain: Explain | None = None  # beside the answer, why it is so


class Share(_Frozen):
    """A class or a label and its probability."""

    name: str
    probability: float
    threshold: float | None = None  # of a label, above which it is given
    chosen: bool = False  # of a label, whether it is


class Token(_Frozen):
    """A token of a text, and what became of it: unknown to the vocabulary, or cut off before the network saw it."""

    text: str
    state: Literal["known", "unknown", "cut"] = "known"


class Prediction(_Frozen):
    """The answer: classes, labels, a number, a text or a forecast, by the task."""

    task: Task = "multiclass"
    classes: tuple[Share, ...] = ()  # the most probable first; labels that are given before others
    number: float | None = None  # in the unit of the target
    target: str = ""
    text: str = ""  # what follows the prompt
    forecast: tuple[tuple[str, float], ...] = ()  # time and value of each step ahead
    before: tuple[tuple[str, float], ...] = ()  # the same of what was before
    milliseconds: float = 0.0  # from the input to the answer, once the network is loaded
    step: int = 0  # of the checkpoint
    epoch: float | None = None
    seen: str = ""  # of a picture: base64 of a PNG, as the network saw it
    received: str = ""  # of a picture: the same of what was given, upright, made smaller to be shown
    tokens: tuple[Token, ...] = ()
    notes: tuple[str, ...] = ()  # what was done to the input, in sentences
    explanation: Explanation | None = None  # where one was asked for
    process: int = 0  # that holds the network
    problem: str = ""  # why there is none of all this


def info(context: Context, run: RunRecord) -> DataInfo:
    """What the run's network takes. Raises SpecError, DataError."""
    return asked_spec(context.workspace.settings, run).data.info(context.workspace.settings)


def stored_info(context: Context, run: RunRecord) -> DataInfo:
    """What the run's data set holds, before the run's own options. Raises SpecError, DataError."""
    return asked_spec(context.workspace.settings, run).data.published(context.workspace.settings)


def network_path(settings: Settings, run: RunRecord) -> Path:
    """The file that is asked: the best checkpoint, or what a script or client left, as it was judged."""
    inside = f"checkpoints/{BEST_CHECKPOINT}" if run.kind == NETWORK.name else f"{JUDGED}/{NETWORK_FILE}"
    return settings.run_dir(run.id) / inside


def stamp(context: Context, run: RunRecord) -> tuple[int, int] | None:
    """Changes whenever the run has a new best checkpoint; None when it has none on this host."""
    if not is_here(context.workspace.settings, run):
        return None
    try:
        status = network_path(context.workspace.settings, run).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def is_ready(context: Context, run: RunRecord) -> bool:
    """Whether the run has a network to try."""
    return stamp(context, run) is not None


def not_ready(context: Context, run: RunRecord) -> str:
    """Why the run has no network to try yet, "" when it has."""
    if is_ready(context, run):
        return ""
    if away := elsewhere(context.workspace.settings, run, "checkpoints"):
        return away
    if run.kind != NETWORK.name:
        if kept_network(context, run) is None:
            return f"Run {run.id} has kept no network of Keras. traindeck.KerasCallback keeps the best one."
        return (
            f"Nobody said yet whose inputs the network of run {run.id} takes. Have it evaluated on a data set: on its "
            f"page, or by python -m core evaluate {run.id} --like RUN, MODEL@VERSION or data:NAME."
        )
    if run.state.is_finished:
        if told := no_best(context, run):
            return f"{told}, so there is no best network to try. {CHANGE}"
        return (
            "This run has no best checkpoint: it ended before its first epoch was measured, or the file was removed. "
            "Relaunch it to get one."
        )
    return (
        "The network can be tried as soon as there is a best checkpoint: it is written about every ten seconds once "
        "the first epoch is done, and while the run goes on you try its best epoch so far."
    )


def host_for(context: Context, run: RunRecord) -> str:
    """Where a question about this run's best network is answered: here, where its files are. Raises PredictionError."""
    if problem := not_ready(context, run):
        raise PredictionError(problem)
    return answering_host(context)


def answering_host(context: Context) -> str:
    """This one, if there is a process that answers. Raises PredictionError."""
    host = living_supervisor(context.workspace)
    if host is None:
        raise PredictionError(
            "Nobody is there to ask: no supervisor is at work on this host. Start the dashboard, or "
            "`python -m core supervise`, and try again."
        )
    return host.name


def ask(context: Context, run: RunRecord, question: Input, explain: Explain | None = None) -> str:
    """Put the question; returns the key to `take` the answer by. Raises PredictionError."""
    host = host_for(context, run)
    key = f"prediction-{uuid.uuid4().hex}"
    asked = Question(run=run.id, input=question, explain=explain)
    # The checkpoint is a file of this host.
    job_queue.put(context, KIND, key, asked, host=host, process=str(run.id))
    return key


def take(context: Context, key: str) -> Prediction | None:
    """The answer, which is forgotten in the store; None while there is none. Raises PredictionError."""
    try:
        answer = job_queue.look(context, KIND, key)
    except LookupError:
        raise PredictionError("The question was not answered and is forgotten. Try again.") from None
    if answer is None:
        return None
    withdraw(context, key)
    if answer.problem:
        raise PredictionError(answer.problem)
    return answer


def withdraw(context: Context, key: str) -> None:
    """Nobody waits for this answer any more."""
    job_queue.forget(context, key)


def predict(
    context: Context,
    run: RunRecord,
    question: Input,
    seconds: float = job_queue.WAIT_SECONDS,
    waiting: Callable[[], object] = lambda: None,
    explain: Explain | None = None,
) -> Prediction:
    """Ask and wait, calling `waiting` again and again. Raises PredictionError."""
    key = ask(context, run, question, explain)
    deadline = time.monotonic() + seconds
    try:
        while (answer := take(context, key)) is None:
            if time.monotonic() > deadline:
                raise PredictionError(f"There was no answer within {seconds:g} s. {standby_state(context)}")
            waiting()
            time.sleep(job_queue.POLL_SECONDS)
    except BaseException:
        withdraw(context, key)
        raise
    return answer


def standby_state(context: Context) -> str:
    """What the process that would answer is doing, in a sentence."""
    host = living_supervisor(context.workspace)
    report: dict[str, Any] = host.standby if host else {}
    match report.get("state"):
        case "ready":
            return "The process that answers is at work; the System page shows how busy this host is."
        case "warming":
            return "The process that answers is still importing TensorFlow; try again in a moment."
    return f"The process that answers is not running; {context.workspace.settings.home / 'standby.log'} says why."


def _failed(failure: Failure) -> Prediction:
    match failure.cause:
        case "cpu" | "wall":
            text = f"The network has not answered within {failure.text}. Ask for less, such as a shorter text."
        case "crash":
            text = f"The process that held the network is gone: {failure.text}. Try again."
        case _:
            text = f"The network could not be asked: {failure.text}."
    return Prediction(problem=text)


KIND = JobKind(
    name="prediction",
    payload=Question,
    result=Prediction,
    worker="core.workers.prediction:Network",
    limits=Limits(wall_seconds=60.0, warm=Warm(most=3, idle_seconds=300.0)),  # with loading the network
    failed=_failed,
)
