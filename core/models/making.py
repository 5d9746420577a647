"""Versions that are made of several networks, or of a file: what is refused at once, and asked for as a job.

The rest is done in a process of its own: core.workers.new_version.
"""

import math
import shutil
import socket
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core import runs
from core.common.context import Context
from core.common.errors import TraindeckError
from core.common.text import plural, quoted
from core.data.data_info import DataInfo
from core.jobs import job_queue
from core.jobs.new_version import BYTES, KIND, Averaged, Ensemble, MadeOf, Request, Uploaded, placed
from core.models.naming import ModelError, split
from core.models.registered import descriptions, find
from core.models.registering import CHECKPOINTS, check_words, checkpoints, why_not
from core.models.version_files import remove_old
from core.runs import need_spec
from core.runs.kept_weights import kept_weights
from core.runs.permissions import Action, require
from core.runs.reported_networks import DATA, config_of_data, kept_network, like_data
from core.tracking.full_disk import problem_of
from db.records import RunRecord
from db.registry_records import VersionRecord

NETWORK_FILES = (".keras", ".onnx", ".tflite")
MOST = 50  # members: each is in memory at once, and asked for each answer
# What members must have in common: what it is called, and how it is found.
_SHARED: tuple[tuple[str, Callable[[DataInfo], Any]], ...] = (
    ("the task", lambda info: info.task),
    ("the shape of their inputs", lambda info: list(info.shape)),
    ("the classes or labels", lambda info: list(info.class_names)),
    ("the target", lambda info: info.target),
    ("the features", lambda info: [each.name for each in info.features]),
    ("the steps ahead", lambda info: info.outputs if info.series else 0),
)


def ensemble_problem(context: Context, members: Sequence[RunRecord], checkpoint: str = "best") -> str:
    """Why these runs cannot be one network, in sentences; "" where they can."""
    if len({run.id for run in members}) != len(members) or not 2 <= len(members) <= MOST:
        given = f"{plural(len(members), 'run')}: {', '.join(str(run.id) for run in members)}" if members else "no run"
        can = "Name at least one more" if len(members) == 1 else "Choose others"
        return f"An ensemble takes 2 to {MOST} different runs; received {given}. {can}."
    for run in members:
        if problem := why_not(context, run):
            return problem
        if checkpoint not in (there := checkpoints(context, run)):
            return f"Run {run.id} has no checkpoint {checkpoint}; it has {' and '.join(there)}. Leave it out."
    first, *others = members
    prints = [run.facts.get("data_fingerprint") for run in members]
    if not prints[0]:
        return f"Of run {first.id} it is not known which data it had. Launch it again with this version."
    try:
        known = [need_spec(run).data.info(context.workspace.settings) for run in members]
    except TraindeckError as error:
        return str(error)
    for run, stamp, info in zip(others, prints[1:], known[1:], strict=True):
        if stamp != prints[0]:
            return (
                f"Run {run.id} was trained on other data (fingerprint {str(stamp)[:12]}) than run {first.id} "
                f"({str(prints[0])[:12]}). An ensemble takes runs of the same data set, in the same state."
            )
        for what, of in _SHARED:
            if of(info) != of(known[0]):
                told = [f"{str(of(each))[:80]} of run {number}" for each, number in
                        ((info, run.id), (known[0], first.id))]  # fmt: skip
                return f"The runs differ in {what}: {' and '.join(told)}. An ensemble takes runs that share it."
    return ""


def ensemble_request(
    context: Context, members: Sequence[RunRecord], name: str, checkpoint: str = "best", **how: Any
) -> Request:
    """`how`: note, description, aliases. Raises ModelError, ForbiddenError."""
    for run in members:
        require(context, Action.REGISTER, run)
    if checkpoint not in CHECKPOINTS:
        raise ModelError(f"{checkpoint!r} is no checkpoint; accepted are {' and '.join(CHECKPOINTS)}.")
    if problem := ensemble_problem(context, members, checkpoint):
        raise ModelError(problem)
    made_of = Ensemble.model_validate({"runs": [run.id for run in members], "checkpoint": checkpoint})
    return _request(context, made_of, name, **how)


def average_problem(context: Context, run: RunRecord, last: int) -> str:
    """Why the mean of so many last epochs cannot be taken; "" where it can."""
    if problem := why_not(context, run):
        return problem
    epochs = list(kept_weights(context.workspace.settings, run))
    if len(epochs) >= last >= 2:
        return ""
    again = f"launch it again with training.keep_epochs={max(2, last)}"
    if not epochs:
        return f"Run {run.id} kept the weights of no epoch, only its best and last checkpoint. To average, {again}."
    kept = f"the weights of {plural(len(epochs), 'epoch')} ({', '.join(map(str, epochs))})"
    return f"Run {run.id} kept {kept}, and {last} were asked for. Take 2 to {len(epochs)}, or {again}."


def average_request(context: Context, run: RunRecord, name: str, last: int, **how: Any) -> Request:
    """`how` as in `ensemble_request`. Raises ModelError, ForbiddenError."""
    require(context, Action.REGISTER, run)
    if problem := average_problem(context, run, last):
        raise ModelError(problem)
    return _request(context, Averaged(run=run.id, last=last), name, **how)


def pixel_range(text: str) -> tuple[float, float]:
    """0..1, -1..1, 0..16. Raises ModelError."""
    low, dots, high = text.partition("..")
    try:
        found = float(low), float(high)
    except ValueError:
        found = 0.0, 0.0
    if not dots or not found[0] < found[1] or not all(map(math.isfinite, found)):
        raise ModelError(f"A range of pixels is LOW..HIGH, such as 0..1, -1..1 or 0..255; received {quoted(text)}.")
    return found


def upload_request(
    context: Context, file: Path, file_name: str, name: str, like: str = "", *, pixels: tuple[float, float] = BYTES,
    logits: bool = False, run: int = 0, **how: Any,
) -> Request:  # fmt: skip
    """Puts a copy of the file where the job finds it, whatever becomes of the file.

    Args:
        file_name: as the user knows it.
        like: run or version whose inputs the network takes; "" for numbers as they are.
        pixels: least and greatest that the network learned from; of pictures only.
        logits: what it gives are no probabilities yet.
        run: that left the file, 0 for none.
        how: note, description, aliases.

    Raises:
        ModelError: too large, or of another ending than those of networks; no such run or version.
        NotFoundError, ForbiddenError
    """
    require(context, Action.REGISTER)
    settings = context.workspace.settings
    if not file_name.lower().endswith(NETWORK_FILES):
        raise ModelError(f"{file_name} is no file of a network that is taken; accepted are {', '.join(NETWORK_FILES)}.")
    if like:
        check_like(context, like)
    elif logits or pixels != BYTES:
        raise ModelError(
            "A range of pixels, or logits, need the task that the network is for: say whose inputs it takes (--like "
            "RUN or MODEL@VERSION). Without, it is asked numbers as they are."
        )
    made_of = Uploaded(folder=uuid.uuid4().hex, name=file_name, like=like, pixels=pixels, logits=logits, run=run)
    request = _request(context, made_of, name, **how)
    assert isinstance(request.made_of, Uploaded)
    place = placed(settings, request.made_of.folder)
    remove_old(place.parent.parent, "*")
    try:
        if (size := file.stat().st_size) > settings.max_upload_mb * 1024**2:
            raise ModelError(
                f"{file_name} has {size / 1024**2:,.0f} MB; at most {settings.max_upload_mb:,} are taken. Make it "
                "smaller (without the optimizer's state, say), or raise TRAINDECK_MAX_UPLOAD_MB."
            )
        place.parent.mkdir(parents=True)
        shutil.copyfile(file, place)
    except FileNotFoundError as error:
        shutil.rmtree(place.parent, ignore_errors=True)
        raise ModelError(f"There is no file {file}. Look at its folder and its name.") from error
    except OSError as error:
        shutil.rmtree(place.parent, ignore_errors=True)
        told = f"{file_name} cannot be read or kept ({error.strerror or error}). Try again."
        raise ModelError(problem_of(error, told)) from error
    return request


def reported_request(context: Context, run: RunRecord, name: str, like: str = "", **how: Any) -> Request:
    """Of the best network of a run that a client reported, or of a script: its file, judged as one that is uploaded.

    Args:
        like: as of `upload_request`; a run of the data set that the client named, when empty and one was.
        how: as of `upload_request`.

    Raises:
        ModelError, NotFoundError, ForbiddenError
    """
    require(context, Action.REGISTER, run)
    path = kept_network(context, run) if run.state.is_finished else None
    if path is None:
        raise ModelError(
            f"Run {run.id} has no best network that could be registered, or is {run.state.value} still. Keep one with "
            "traindeck.KerasCallback, and wait for its end; or upload a file."
        )
    return upload_request(
        context, path, f"run-{run.id}.keras", name, like or like_data(context, run), run=run.id, **how
    )


def check_like(context: Context, like: str) -> None:
    """Raises ModelError, NotFoundError, DataError: no such run, version, or data set of pictures or rows."""
    if like.startswith(DATA):
        config_of_data(context.workspace.settings, like.removeprefix(DATA))
    else:
        find_like(context, like)


def find_like(context: Context, like: str) -> RunRecord | VersionRecord:
    """A version, digits@3 or digits, or a run. Raises ModelError, NotFoundError."""
    name, _ = split(like)
    return find(context, like) if "@" in like or name in descriptions(context) else runs.find(context, like)


def ask(context: Context, request: Request) -> str:
    """Have it made by the standby of this host; the key of the job."""
    require(context, Action.REGISTER)
    key = f"{KIND.name}-{uuid.uuid4().hex}"
    job_queue.put(context, KIND, key, request, host=socket.gethostname())  # the files are here
    return key


def _request(
    context: Context, made_of: MadeOf, name: str, note: str = "", description: str = "", aliases: Sequence[str] = ()
) -> Request:
    check_words(context, name, note, description, aliases)
    return Request(
        made_of=made_of,
        model=name,
        note=note,
        description=description,
        aliases=tuple(aliases),
        actor=context.actor.name,
        actor_kind=context.actor.kind,
    )
