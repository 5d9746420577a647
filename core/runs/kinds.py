"""What kinds of runs there are, and what each brings: a form, a check, a runner, and what the Run page shows of it.

Everything that is not of one kind alone (queue, supervisor, lists, comparison) reads a run's kind, labels, resources
and state, and nothing of its config.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pydantic import BaseModel

from core.common.errors import ConfigError, Problem
from core.common.settings import Settings
from core.common.text import suggestion
from core.config.check import check, read_resources
from core.config.edit import Raw
from core.config.resources import Resources
from core.scripts.check_script import check_script
from db.records import Lease, RunRecord

Check = Callable[[Raw, Settings], tuple[BaseModel | None, list[Problem]]]
RECURRENT = "recurrent"  # the architecture
MEDIA = "Media"  # the tab of runs that have something to show
OF_NETWORKS = ("Evaluation", "Try it")  # tabs of runs that train a network, or have kept one
# What the Run page shows of a kind it does not know.
ANY_KIND = ("Curves", MEDIA, "Log", "Config", "System", "Files", "Facts", "History")


@dataclass(frozen=True)
class Kind:
    """One kind of run. `form` and `runner` are names, so that neither Streamlit nor TensorFlow is loaded with them."""

    name: str
    title: str
    form: str  # the address of the page on which one is configured and cloned
    check: Check  # the spec that a config is, None when it cannot be read, and all that is wrong with it on this host
    runner: str  # "module:function", called as function(settings, lease) in the run's own process; "" without one
    tabs: tuple[str, ...]  # of the Run page, in order
    spare: Callable[[Raw], bool]  # whether a process that has trained before (core.launch.local.spare) may execute it

    def run(self, settings: Settings, lease: Lease) -> int:
        """Execute a run of this kind in this process; returns the exit code."""
        module, _, function = self.runner.partition(":")
        runner: Callable[[Settings, Lease], Any] = getattr(import_module(module), function)
        return int(runner(settings, lease))


def _not_launched(raw: Raw, settings: Settings) -> tuple[BaseModel | None, list[Problem]]:  # noqa: ARG001 - a Check
    """A run that a client reports, or that came from another tool, was never launched from here."""
    return None, [
        Problem("kind", "a logged run was not launched from here, and cannot be; accepted are a network and a script")
    ]


def _keeps_threads(raw: Raw) -> bool:
    """Whether the config leaves TensorFlow's threads as they are: a process cannot change them after its first
    operation, and recurrent networks have their own number (core.engine.recurrent_sharing).
    """
    architecture = raw.get("architecture") if isinstance(raw, dict) else None  # whatever stands in the row
    return isinstance(architecture, dict) and architecture.get("name") != RECURRENT


NETWORK = Kind(
    name="network",
    title="Network",
    form="launch",
    check=check,
    runner="core.training.trainer:train",
    tabs=("Curves", MEDIA, *OF_NETWORKS, "Log", "Config", "System", "Files", "Facts", "History"),
    spare=_keeps_threads,
)
SCRIPT = Kind(
    name="script",
    title="Script",
    form="script",
    check=check_script,
    runner="core.script_runs.script_run:run",
    tabs=("Curves", MEDIA, *OF_NETWORKS, "Log", "Code", "Config", "System", "Files", "Facts", "History"),
    spare=lambda _: False,  # it is somebody's own code
)
LOGGED = Kind(
    name="logged",
    title="Logged",
    form="runs",  # nothing here can launch it again
    check=_not_launched,
    runner="",
    tabs=("Curves", MEDIA, *OF_NETWORKS, "Config", "Files", "Facts", "History"),
    spare=lambda _: False,
)
WORK_FOLDER = "work"  # of a script's run, in the run's folder: where it works
RESUMES = "resumes"  # a fact of a script's run whose script says that it can go on where it was left
LISTENS = "listens"  # a fact of a logged run whose client hears that it is to stop
KINDS = {kind.name: kind for kind in (NETWORK, SCRIPT, LOGGED)}


def tabs_of(run: RunRecord, has_media: bool = True, has_network: bool = True) -> tuple[str, ...]:
    """What the Run page shows, also of a run whose kind only another version knows."""
    kind = KINDS.get(run.kind)
    absent = (() if has_media else (MEDIA,)) + (() if has_network else OF_NETWORKS)
    return tuple(tab for tab in (kind.tabs if kind else ANY_KIND) if tab not in absent)


def accepted(run: RunRecord) -> Resources:
    """What a queued run waits for.

    Raises:
        ConfigError: this version knows no such kind, or does not accept its resources; with all that is wrong.
    """
    problems = []
    startable = [kind.name for kind in KINDS.values() if kind.runner]
    if run.kind not in startable:
        known = f"{suggestion(run.kind, startable)}; accepted are {', '.join(startable)}"
        problems.append(Problem("kind", f"{run.kind[:60]!r} is not known{known}"))
    try:
        resources = read_resources(run.resources)
    except ConfigError as error:
        raise ConfigError(problems + error.problems) from error
    if problems:
        raise ConfigError(problems)
    return resources
