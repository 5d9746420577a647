"""The package `traindeck`: your own script's params, metrics and end, in Traindeck.

    import traindeck

    with traindeck.start("wide", experiment="mnist", params={"lr": 0.1}) as run:
        for step in range(1000):
            run.log({"loss": loss}, step)
        run.log_image("sample", array)
        run.log_artifact("predictions.csv")

It needs nothing but Python, writes to a folder of this host first (`TRAINDECK_SPOOL`, ~/.cache/traindeck/spool), and
sends from there to the server (`TRAINDECK_URL`, http://localhost:8501): one that is away loses nothing, and nothing
comes twice. `TRAINDECK_MODE=off` makes all of it do nothing, `offline` keeps it for `python -m traindeck sync`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from .artifact_object import Artifact
from .form_params import params
from .media_objects import Audio, Figure, Histogram, Image, Table, Text
from .module_habits import active_run, login, set_experiment, set_tracking_uri, start_run
from .notices import tell
from .plots import plot
from .reporting import Run, current, running, start

__all__ = [
    "Artifact",
    "Audio",
    "Figure",
    "Histogram",
    "Image",
    "KerasCallback",
    "Run",
    "Table",
    "Text",
    "active_run",
    "add_tags",
    "alert",
    "autolog",
    "current",
    "define_metric",
    "end_run",
    "finish",
    "init",
    "link_artifact",
    "link_model",
    "log",
    "log_artifact",
    "log_artifacts",
    "log_audio",
    "log_code",
    "log_dict",
    "log_figure",
    "log_histogram",
    "log_image",
    "log_input",
    "log_inputs",
    "log_metric",
    "log_metrics",
    "log_model",
    "log_param",
    "log_params",
    "log_table",
    "log_text",
    "login",
    "mark_preempting",
    "params",
    "plot",
    "restore",
    "save",
    "set_experiment",
    "set_experiment_tag",
    "set_experiment_tags",
    "set_tag",
    "set_tags",
    "set_tracking_uri",
    "should_stop",
    "start",
    "start_run",
    "unwatch",
    "use_artifact",
    "watch",
]


def _of_run(name: str) -> Callable[..., Any]:
    """As `Run` has it, of the run that was started last; one is started when there was none."""

    def call(*args: Any, **how: Any) -> Any:
        return getattr(running(), name)(*args, **how)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"As `Run.{name}`, of the run that was started last; one is started when there was none."
    return call


log_artifact, log_artifacts = _of_run("log_artifact"), _of_run("log_artifacts")
log_metric, log_metrics = _of_run("log_metric"), _of_run("log_metrics")
log_param, log_params = _of_run("log_param"), _of_run("log_params")
set_tag, set_tags = _of_run("set_tag"), _of_run("set_tags")
log_image, log_figure, log_audio = _of_run("log_image"), _of_run("log_figure"), _of_run("log_audio")
log_text, log_table, log_histogram = _of_run("log_text"), _of_run("log_table"), _of_run("log_histogram")
log_dict, log_code = _of_run("log_dict"), _of_run("log_code")
watch, alert, save = _of_run("watch"), _of_run("alert"), _of_run("save")
log_model, use_artifact = _of_run("log_model"), _of_run("use_artifact")
link_artifact, link_model, unwatch = _of_run("link_artifact"), _of_run("link_model"), _of_run("unwatch")
log_input, log_inputs, restore = _of_run("log_input"), _of_run("log_inputs"), _of_run("restore")
set_experiment_tag, set_experiment_tags = _of_run("set_experiment_tag"), _of_run("set_experiment_tags")
mark_preempting = _of_run("mark_preempting")
define_metric, add_tags = _of_run("define_metric"), _of_run("add_tags")


def log(values: Any = None, step: int | None = None, commit: bool | None = None, *more: Any, **named: Any) -> None:
    """As `Run.log`, of the run that was started last; one is started when there was none.

    A run that was finished takes nothing more, which is told once.
    """
    running().log(values, step, commit, *more, **named)


def init(project: str = "", config: Any = None, name: str = "", tags: Iterable[str] = (), **others: Any) -> Run:
    """As `start`, in W&B's words: the project is the experiment, the config the params. What else W&B takes is left."""
    mode = others.get("mode")
    known = {"disabled": "off"}.get(str(mode), mode)
    if others.get("resume") not in (None, False, "never") or others.get("resume_from") or others.get("fork_from"):
        tell("init() begins a new run; resume, resume_from and fork_from are left")
    return start(name or "", project or "", config, tags=tags or (), notes=others.get("notes") or "", mode=known)


def should_stop() -> bool:
    """Whether somebody asked the run that was started last to stop."""
    run = current()
    return run is not None and run.should_stop


def autolog(every: int = 0, **how: Any) -> None:
    """From now on Keras's `fit` logs as with a `KerasCallback`, and what it was called with as params.

    Args:
        every: so many steps between two values of steps, 0 for none.
        how: as of `KerasCallback`. What MLflow's call takes beside, is left.
    """
    try:
        from .keras_callback import follow_fit
    except ImportError as error:
        tell(f"autolog() follows Keras, and {error}")
        return
    follow_fit(every, {name: value for name, value in how.items() if name in ("monitor", "mode", "data", "keep_best")})


def end_run(status: str = "finished", **_options: Any) -> None:
    """As `Run.end_run`, of the run that was started last; does nothing when there is none."""
    run = current()
    if run is not None:
        run.end_run(status)


def finish(
    state: str | int = "finished",
    reason: str = "",
    tags: Iterable[str] = (),
    exit_code: int | None = None,
    **_options: Any,
) -> None:
    """As `Run.finish`, of the run that was started last; does nothing when there is none."""
    run = current()
    if run is not None:
        run.add_tags(tags)
        run.finish(state, reason, exit_code)


def __getattr__(name: str) -> Any:
    if name == "KerasCallback":  # so that Keras is imported by those alone who use it
        from .keras_callback import KerasCallback

        return KerasCallback
    if name in ("config", "summary"):
        return getattr(running(), name)
    if name == "run":
        return current()
    raise AttributeError(f"module 'traindeck' has no attribute {name!r}")
