"""What a run that makes a network smaller needs beside its training: how sparse it becomes, and a teacher."""

from pathlib import Path
from typing import Any

import keras

import db.runs
from core.common.errors import TraindeckError
from core.common.workspace import Workspace
from core.config.run import RunConfig
from core.data.base import Dataset
from core.data.number_scaling import Numbers, restored
from core.engine.distilling import Teacher
from core.engine.loss_functions import target_variance
from core.engine.pruning import sparsity
from core.runs import BEST_CHECKPOINT, elsewhere, need_spec
from core.runs.teachers import SAME, other_examples, teaching_version, version_file, version_problem
from core.tracking.recorder import Recorder
from core.tracking.run_log import log_line
from core.training.callbacks import Callback, EpochEnd
from core.training.checkpoints import load_network, read_position

PRUNED, TEACHER = "pruned", "distilled_from"  # facts


class Sparsity(Callback):
    """Of the kernels of a network that is pruned, after each epoch that ends a call of the engine: a metric.

    The last one's is put among `facts`.
    """

    def __init__(self, config: RunConfig, model: keras.Model, recorder: Recorder, facts: dict[str, Any]) -> None:
        self._is_pruned = config.pruning is not None
        self._model = model
        self._recorder = recorder
        self._facts = facts

    def on_epoch_end(self, epoch: EpochEnd) -> str:
        if self._is_pruned and epoch.is_current:
            zeros, weights = sparsity(self._model)
            self._recorder.log({"sparsity": zeros / max(1, weights)}, epoch.step)
            self._facts[PRUNED] = {"weights": weights, "zeros": zeros}
        return ""


class TeacherError(TraindeckError):
    """A run whose answers this one cannot learn from."""


def teacher_of(
    config: RunConfig, data: Dataset, workspace: Workspace, facts: dict[str, Any] | None = None
) -> Teacher | None:
    """None where the run has none; who it is comes among `facts`.

    Raises:
        TeacherError: it is not there, or learned from other examples.
        CheckpointError: its network cannot be loaded.
    """
    chosen = config.distillation
    if chosen is None:
        return None
    name, path, told = (
        _version(config, chosen.model, workspace) if chosen.model else _run(config, chosen.run or 0, workspace)
    )
    position = read_position(path, told["uid"] if "run" in told else None)
    if position is None:
        raise TeacherError(f"{name} has no checkpoint to learn from: {path} is not there. Choose another teacher.")
    if (restored(position.numbers) if position.numbers else Numbers()) != (data.numbers or Numbers()):
        raise TeacherError(
            f"{name} has its numbers scaled otherwise than this run. Take its data and its target scaling."
        )
    if facts is not None:
        facts[TEACHER] = told
        log_line(f"Learns from the answers of {name[:1].lower()}{name[1:]}, too.")
    model = load_network(path, position)
    variance = target_variance(data) if data.info.predicts_numbers else None
    return Teacher(model, chosen, labels=data.info.task == "multilabel", variance=variance)


def _run(config: RunConfig, number: int, workspace: Workspace) -> tuple[str, Path, dict[str, Any]]:
    """What it is called, its network, and the fact that is kept. Raises TeacherError."""
    with workspace.read() as session:
        run = db.runs.get(session, number)
    if run is None:
        raise TeacherError(f"There is no run {number} to learn from. Choose another, or leave distillation out.")
    if away := elsewhere(workspace.settings, run, "checkpoints"):
        raise TeacherError(f"{away} Choose another teacher.")
    if different := other_examples(config, need_spec(run)):
        raise TeacherError(f"Run {run.id} learned from other examples ({different}). {SAME}")
    path = workspace.settings.run_dir(run.id) / "checkpoints" / BEST_CHECKPOINT
    return f"Run {run.id}", path, {"run": run.id, "uid": run.uid}


def _version(config: RunConfig, reference: str, workspace: Workspace) -> tuple[str, Path, dict[str, Any]]:
    """The same of a version of a model."""
    with workspace.read() as session:
        if problem := version_problem(session, workspace.settings, reference, [config]):
            raise TeacherError(problem)
        version = teaching_version(session, reference)
    assert version is not None
    return f"Version {reference}", version_file(workspace.settings, version), {"version": reference}
