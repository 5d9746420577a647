"""Which architectures take which data, and which to begin with."""

from core.architectures.architecture import KIND_NAMES, Architecture
from core.architectures.architecture_registry import ARCHITECTURES
from core.data.base import DataInfo, Kind, Task

FIRST: dict[Kind, str] = {
    "image": "cnn",
    "rows": "mlp",
    "table": "mlp",
    "text": "recurrent",
    "corpus": "recurrent_generator",
    "series": "mlp",
}
_TASKS: dict[Task, str] = {"regression": "regression", "generation": "continuing a text", "forecast": "forecasts"}


def misfits(info: DataInfo) -> dict[str, str]:
    """Architectures that do not take such data, by name: "not for texts"."""
    return {_name(each): why for each in ARCHITECTURES if (why := _why_not(each, info))}


def _why_not(architecture: type[Architecture], info: DataInfo) -> str:
    if info.kind not in architecture.kinds:
        return f"not for {KIND_NAMES[info.kind]}"
    return "" if info.task in architecture.tasks else f"not for {_TASKS.get(info.task, 'classes')}"


def _name(architecture: type[Architecture]) -> str:
    return str(architecture.model_fields["name"].default)
