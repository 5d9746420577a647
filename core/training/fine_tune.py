"""The first weights of a run that does not begin from scratch: another run's, or those learned on ImageNet."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

import db.runs
from core.common.errors import TraindeckError
from core.common.text import first_line
from core.common.workspace import Workspace
from core.config.run import FineTune, RunConfig
from core.data.base import Array, DataInfo, Dataset
from core.data.vocabulary import RESERVED, Vocabulary
from core.engine.freeze import FineTuneError, freeze, listed, weighted_layers
from core.runs import BEST_CHECKPOINT, elsewhere, need_spec
from core.tracking.run_log import log_line
from core.training.moved_statistics import move_statistics
from core.training.reduced import Reduced, reduce
from db.records import RunRecord

FACT = "fine_tuned_from"


@dataclass(frozen=True)
class Begun:
    """What of the network was taken from another run."""

    run: int
    uid: str
    layers: int  # with weights
    taken: int
    frozen: int
    new: tuple[str, ...]  # names of the layers that begin from scratch
    reduced: tuple[str, ...] = ()  # "dense_1: 32 of 64 units"


def first_weights(
    model: keras.Model, config: RunConfig, data: Dataset, workspace: Workspace, resumed: bool
) -> dict[str, Any]:
    """Weights to begin with, and layers frozen, before the model is compiled; returns facts of the run.

    A resumed run takes no weights: its own checkpoint has what came of them, and the other run may be gone.

    Raises:
        FineTuneError: the other run or its checkpoint is not there, nothing of it fits, or a pattern fits no layer.
        DataError: weights learned on ImageNet cannot be had.
    """
    if config.fine_tune is None:
        if not resumed:
            config.architecture.load_weights(model)
        return {}
    frozen = freeze(model, config.fine_tune.freeze)
    if resumed:
        return {}
    begun = _begin(model, config.fine_tune, data, workspace, frozen)
    log_line(
        f"Begins from run {begun.run}: {begun.taken} of {begun.layers} layers taken; new: {listed(begun.new)}; "
        f"frozen: {listed(frozen)}.{f' Reduced: {listed(begun.reduced)}.' if begun.reduced else ''}"
    )
    return {FACT: asdict(begun)}


def _begin(model: keras.Model, chosen: FineTune, data: Dataset, workspace: Workspace, frozen: Sequence[str]) -> Begun:
    with workspace.read() as session:
        run = db.runs.get(session, chosen.run)
    if run is None:
        raise FineTuneError(f"There is no run {chosen.run} to begin from. Choose another, or train from scratch.")
    if away := elsewhere(workspace.settings, run, "checkpoints"):
        raise FineTuneError(f"{away} Choose another run, or train from scratch.")
    folder = workspace.settings.run_dir(run.id)
    checkpoint = folder / "checkpoints" / BEST_CHECKPOINT
    own, others = (dict(weighted_layers(model)), dict(weighted_layers(_load(checkpoint, run.id))))
    tokens = _tokens(model, own, data, folder / "artifacts" / "vocabulary.json")
    if _answers_differ(data.info, _info_of(run, workspace)):
        others.pop(_head(own), None)
    found = reduce(model, others) if chosen.reduce else Reduced.same(others)
    kinds = {name: type(each) for name, each in others.items()}
    taken = [
        name
        for name, layer in own.items()
        if name in found.weights
        and kinds.get(name, keras.layers.Dense) is type(layer)
        and _take(layer, found.weights[name], tokens)
    ]
    move_statistics(model, (own[name] for name in taken), data.numbers, checkpoint)
    new = tuple(name for name in own if name not in taken)
    if not taken:
        raise FineTuneError(
            f"Nothing of run {run.id} fits this network. Its layers are {listed(list(others))}, and here they are "
            f"{listed(list(own))}. Layers fit that have the same name and shape: take that run's architecture."
        )
    if random := [name for name in frozen if name in new]:
        raise FineTuneError(f"Run {run.id} has no weights for {listed(random)}: what is new must not be frozen.")
    return Begun(run.id, run.uid, len(own), len(taken), len(frozen), new, tuple(found.told))


def _load(path: Path, run: int) -> keras.Model:
    if not path.is_file():
        raise FineTuneError(f"Run {run} has no checkpoint to begin from: {path} is not there. Choose another run.")
    try:
        return keras.models.load_model(path, compile=False)
    except (OSError, ValueError, TypeError, KeyError) as error:
        reason = first_line(error)
        raise FineTuneError(f"The checkpoint {path} is damaged ({reason}). Choose another run.") from error


def _head(layers: Mapping[str, keras.Layer]) -> str:
    return list(layers)[-1]


def _info_of(run: RunRecord, workspace: Workspace) -> DataInfo | None:
    """Of the data that a run learned from; None when they are gone, or its config is no longer accepted."""
    try:
        return need_spec(run).data.info(workspace.settings)
    except TraindeckError:
        return None


def _answers_differ(info: DataInfo, other: DataInfo | None) -> bool:
    """Whether the last layer would mean something else."""
    if other is None:
        return False
    return (info.task, info.class_names, info.target) != (other.task, other.class_names, other.target)


def _take(layer: keras.Layer, values: list[Array], tokens: "Tokens | None") -> bool:
    """Give the layer the other one's weights, and say whether they fit."""
    own = layer.get_weights()
    if len(own) != len(values):
        return False
    if tokens is not None and layer.name in tokens.axes:
        if not len(tokens.here):
            return False
        values = [tokens.moved(*each) for each in zip(own, values, tokens.axes[layer.name], strict=True)]
    if [value.shape for value in values] != [value.shape for value in own]:
        return False
    layer.set_weights(values)
    if isinstance(layer, keras.layers.Normalization):
        layer.finalize_state()
    return True


@dataclass(frozen=True)
class Tokens:
    """Two vocabularies number the same token differently; what was learned of it has to move."""

    here: NDArray[np.int64]  # ids of the tokens that both know
    there: NDArray[np.int64]
    axes: Mapping[str, tuple[int, ...]]  # of each weight of a layer: along which one the tokens are

    def moved(self, own: Array, other: Array, axis: int) -> Array:
        """The other weight in this one's order, with this one's own values for tokens that only it knows."""
        if own.ndim != other.ndim or np.delete(own.shape, axis).tolist() != np.delete(other.shape, axis).tolist():
            return other  # does not fit anyway
        both = (self.here < own.shape[axis]) & (self.there < other.shape[axis])
        moved = own.copy()
        np.moveaxis(moved, axis, 0)[self.here[both]] = np.moveaxis(other, axis, 0)[self.there[both]]
        return moved


def _tokens(model: keras.Model, layers: Mapping[str, keras.Layer], data: Dataset, path: Path) -> Tokens | None:
    """None when the network does not read text; no tokens at all when the other run's vocabulary is not there."""
    if data.vocabulary is None:
        return None
    axes: dict[str, tuple[int, ...]] = {
        name: (0,)
        for name, layer in layers.items()
        if isinstance(layer, keras.layers.Embedding) and layer.input is model.input
    }
    if data.info.task == "generation":
        axes[_head(layers)] = (1, 0)  # kernel and bias
    try:
        other = {token: number for number, token in enumerate(Vocabulary.load(path).tokens, start=RESERVED)}
    except (OSError, ValueError):
        return Tokens(np.empty(0, np.int64), np.empty(0, np.int64), axes)
    known = [(number, other[token]) for number, token in enumerate(data.vocabulary.tokens, RESERVED) if token in other]
    here, there = np.array([*((number, number) for number in range(RESERVED)), *known]).T
    return Tokens(here, there, axes)
