"""Calls of MLflow's and W&B's modules that are about the run as a whole, on runs of ours."""

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from . import reporting
from .notices import tell_once
from .reporting import Run, current, start


class Experiment(NamedTuple):
    """As MLflow's `set_experiment` returns one. Its id is its name, which `start_run` takes."""

    name: str
    experiment_id: str


def set_experiment(experiment_name: Any = None, experiment_id: Any = None, **_options: Any) -> Experiment:
    """MLflow's: runs that are started from now on without an experiment belong to this one."""
    name = str(experiment_name or experiment_id or "")
    reporting.set_experiment(name)
    return Experiment(name, name)


def start_run(
    run_id: Any = None, experiment_id: Any = None, run_name: Any = None, nested: bool = False, **others: Any
) -> Run:
    """MLflow's `start`. A run that was there is not gone on with, and none runs within another, which is told."""
    if run_id:
        tell_once("start_run() begins a new run; one that was there (run_id) is not gone on with")
    if nested or others.get("parent_run_id"):
        tell_once("start_run() nests no runs: the one before ends when the next begins")
    tags = others.get("tags")
    run = start(run_name or "", str(experiment_id or ""), notes=others.get("description") or "")
    if isinstance(tags, Mapping):
        run.set_tags(tags)
    elif tags:
        run.add_tags(tags)
    return run


def active_run() -> Run | None:
    """MLflow's `current`."""
    return current()


def set_tracking_uri(uri: Any) -> None:
    """MLflow's: the server to which runs that are started from now on are sent."""
    if str(uri).startswith(("http://", "https://")):
        os.environ["TRAINDECK_URL"] = str(uri)
    else:
        tell_once(f"set_tracking_uri() takes http://… and https://…; received {str(uri)[:100]!r}, which is left")


def login(*_args: Any, **_options: Any) -> bool:
    """W&B's: nobody asks for a key here."""
    return True
