"""The package `traindeck`: your own script's params, metrics and end, in Traindeck.

    import traindeck

    with traindeck.start("wide", experiment="mnist", params={"lr": 0.1}) as run:
        for step in range(1000):
            run.log({"loss": loss}, step)

It needs nothing but Python, writes to a folder of this host first (`TRAINDECK_SPOOL`, ~/.cache/traindeck/spool), and
sends from there to the server (`TRAINDECK_URL`, http://localhost:8501): one that is away loses nothing, and nothing
comes twice. `TRAINDECK_MODE=off` makes all of it do nothing, `offline` keeps it for `python -m traindeck sync`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .form_params import params
from .reporting import Run, current, start

__all__ = ["KerasCallback", "Run", "finish", "log", "log_params", "params", "should_stop", "start"]


def log(values: Mapping[str, Any], step: int | None = None) -> None:
    """As `Run.log`, of the run that was started last; one is started when there is none."""
    (current() or start()).log(values, step)


def log_params(values: Mapping[str, Any]) -> None:
    """As `Run.log_params`, of the run that was started last; one is started when there is none."""
    (current() or start()).log_params(values)


def should_stop() -> bool:
    """Whether somebody asked the run that was started last to stop."""
    run = current()
    return run is not None and run.should_stop


def finish(state: str = "finished", reason: str = "", tags: Iterable[str] = ()) -> None:
    """As `Run.finish`, of the run that was started last; does nothing when there is none."""
    run = current()
    if run is not None:
        run.add_tags(tags)
        run.finish(state, reason)


def __getattr__(name: str) -> Any:
    if name == "KerasCallback":  # so that Keras is imported by those alone who use it
        from .keras_callback import KerasCallback

        return KerasCallback
    raise AttributeError(f"module 'traindeck' has no attribute {name!r}")
