"""Metrics that belong into one chart: training, validation and test of the same thing; telemetry of one unit."""

from collections.abc import Iterable

SYSTEM = "system/"
INPUT_WAIT = SYSTEM + "input_wait_percent"
_UNITS = {  # how the names of telemetry end
    "percent": "Utilisation (%)",
    "mb": "Memory (MB)",
    "w": "Power (W)",
    "c": "Temperature (°C)",
}
_FIRST, _LAST = ("loss", "accuracy", "f1"), ("learning_rate", "step_loss")


def families(metrics: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Metrics to draw over the training by what they measure, loss and accuracy first: {"loss": ("loss", "val_loss")}.

    Those of the final test are single values, and left out; so is telemetry.
    """
    found: dict[str, list[str]] = {}
    for name in metrics:
        if not name.startswith((SYSTEM, "test_")):
            found.setdefault(name.removeprefix("val_"), []).append(name)
    return {base: tuple(sorted(found[base], key=len)) for base in sorted(found, key=_rank)}


def _rank(base: str) -> tuple[int, str]:
    if base in _FIRST:
        return _FIRST.index(base), ""
    return (len(_FIRST) + 1 + _LAST.index(base), "") if base in _LAST else (len(_FIRST), base)


def telemetry(metrics: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Telemetry by the quantity and unit that it is measured in."""
    found: dict[str, list[str]] = {}
    for name in sorted(metrics):
        if name.startswith(SYSTEM):
            title = _UNITS.get(name.rpartition("_")[2], "Other")
            found.setdefault(title, []).append(name)
    order = [*_UNITS.values(), "Other"]
    return {title: tuple(found[title]) for title in sorted(found, key=order.index)}
