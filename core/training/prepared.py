"""The data of a run as its network takes them."""

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from core.architectures.layers import Layers
from core.common.settings import Settings
from core.config.run import RunConfig
from core.data.base import Dataset
from core.data.network_numbers import as_is, fit_target, measured, scaled
from core.data.number_scaling import Numbers, TargetScaling, restored
from core.data.prepare import load
from core.runs import LAST_CHECKPOINT
from core.tracking.run_log import log_line
from core.training.checkpoints import read_position
from core.training.resuming import check_data
from db.records import AttemptRecord


def target_scaling(config: RunConfig) -> TargetScaling:
    """The kind that is meant, "auto" resolved."""
    chosen = config.training.target_scaling
    kinds: tuple[TargetScaling, ...] = get_args(TargetScaling)
    return next((kind for kind in kinds if kind == chosen), "standard" if config.architecture.ends_linear else "none")


def for_network(data: Dataset, config: RunConfig) -> Dataset:
    """Data as they were loaded, scaled for a run that begins. Raises DataError: targets without a logarithm."""
    return scaled(data, measured(data, target_scaling(config)))


def load_for(
    config: RunConfig, settings: Settings, folder: Path, run: str, earlier: Sequence[AttemptRecord]
) -> Dataset:
    """As `for_network`, with the statistics that a run goes on with, where it has a checkpoint.

    Args:
        folder: of the run's checkpoints.
        run: its uid.
        earlier: attempts at it.

    Raises:
        DataError: they cannot be had, or are not those of an earlier attempt.
        CheckpointError: a damaged one.
    """
    data = load(config.data, settings, config.seed)
    check_data(config, data, earlier)
    position = read_position(folder / LAST_CHECKPOINT, run)
    if position is None:
        found = for_network(data, config)
        _tell(found)
        return found
    return scaled(data, restored(position.numbers) if position.numbers else _earlier(data, config))


def _earlier(data: Dataset, config: RunConfig) -> Numbers:
    """Of a run that an earlier version began: targets were scaled within its network, by a last layer that had no
    weights, and not at all in a layer list.
    """
    numbers = as_is(data)
    if not data.info.predicts_numbers:
        return numbers
    return Numbers(
        numbers.inputs, fit_target(data.y_train, "none" if isinstance(config.architecture, Layers) else "standard")
    )


def _tell(data: Dataset) -> None:
    numbers = data.numbers
    if numbers is None or numbers.inputs is None or numbers.lagged or not (changed := numbers.inputs.changed):
        return
    named = data.info.numbers or data.info.features
    names = [named[place].name if place < len(named) else str(place + 1) for place in changed[:10]]
    more = f" and {len(changed) - 10} more" if len(changed) > 10 else ""
    log_line(f"Centred in float64 before the network, which computes in float32: {', '.join(names)}{more}.")
