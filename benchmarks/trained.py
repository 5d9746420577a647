"""A run that was really trained, for pages that show more of it than curves: log, evaluation, files, telemetry."""

import shutil

from core.common.workspace import Workspace
from core.runs.records import RunState
from tests.host import Host

LONG = {"training.epochs": 600, "training.early_stopping": None}  # some seconds, for telemetry is sampled every two


def train(workspace: Workspace) -> int:
    """`digits-mlp` to its end, by a supervisor that is gone afterwards; returns the run's number."""
    host = Host(workspace)
    host.start()
    try:
        run = host.ended(host.launch("digits-mlp", **LONG))
    finally:
        host.end()
    assert run.state is RunState.FINISHED, run.reason
    return run.id


def copy_log(workspace: Workspace, source: int, target: int) -> None:
    """Give a made-up run the log of a trained one."""
    log = workspace.settings.log_file(target)
    log.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(workspace.settings.log_file(source), log)
