"""The columns that the table of runs can show, and how each is titled and sorted by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PARAM, METRIC = "param:", "metric:"
FIXED = {"id": "Run", "state": "State", "name": "Name", "curve": "Curve"}
OPTIONAL = {
    "experiment": "Experiment",
    "dataset": "Data set",
    "preset": "Preset",
    "created_by": "Who",
    "created_at": "Created",
    "starting_at": "Started",
    "finished_at": "Ended",
    "duration": "Duration",
    "progress": "Progress",
    "tags": "Tags",
    "notes": "Notes",
}
UNSORTABLE = ("curve", "progress", "tags", "notes")
CURVES = ("val_loss", "loss")  # drawn small in each row: the first that the run has
_FIRST = ("dataset",)  # before metrics and params
_DEFAULT = ("experiment", "preset", "created_by", "starting_at", "duration")  # after metrics and params
_DEFAULT_METRICS = ("val_accuracy", "val_loss", "test_accuracy", "test_mae")
_DEFAULT_PARAMS = ("architecture.name", "training.optimizer.learning_rate", "training.batch_size")


@dataclass(frozen=True)
class Columns:
    """What there is to choose from, and by what one can sort: ids as `RunQuery.sort` knows them."""

    choices: tuple[str, ...]
    default: tuple[str, ...]
    sortable: tuple[str, ...]


def columns(params: Sequence[str], metrics: Sequence[str]) -> Columns:
    """Of a store that has these params and metrics."""
    values = [f"{METRIC}{name}.{kind}" for name in metrics for kind in ("best", "last")]
    leaves = [f"{PARAM}{key}" for key in params]
    choices = (*OPTIONAL, *values, *leaves)
    default = [f"{METRIC}{name}.best" for name in _DEFAULT_METRICS] + [f"{PARAM}{key}" for key in _DEFAULT_PARAMS]
    sortable = [name for name in (*FIXED, *choices) if name not in UNSORTABLE]
    return Columns(choices, (*_FIRST, *(name for name in default if name in choices), *_DEFAULT), tuple(sortable))


def title(column: str) -> str:
    """As it stands over the column: Started, val_loss best, learning_rate."""
    if column.startswith(METRIC):
        name, _, kind = column.removeprefix(METRIC).rpartition(".")
        return f"{name} {kind}"
    if column.startswith(PARAM):
        *_, parent, leaf = ("", *column.removeprefix(PARAM).split("."))
        return f"{parent}.{leaf}" if leaf in ("name", "source") and parent else leaf
    return (FIXED | OPTIONAL)[column]


def full_title(column: str) -> str:
    """As it stands in a list to choose from, where the same leaf may occur twice."""
    return column.removeprefix(PARAM) if column.startswith(PARAM) else title(column)


def params_in(chosen: Iterable[str]) -> list[str]:
    return [column.removeprefix(PARAM) for column in chosen if column.startswith(PARAM)]


def metrics_in(chosen: Iterable[str]) -> list[str]:
    names = [column.removeprefix(METRIC).rpartition(".")[0] for column in chosen if column.startswith(METRIC)]
    return list(dict.fromkeys(names))
