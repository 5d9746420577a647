"""Runs whose folder is removed, or can no longer be written: what was recorded stays, and their slot is free again."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import runs
from core.common.errors import StateError
from db.records import RunState
from tests.host import ENDLESS, Host, wait_until


def _points(host: Host, run_id: int) -> int:
    return len(runs.history(host.context, run_id, "loss"))


def _stopped(host: Host) -> int:
    """A run that was stopped, with its last checkpoint."""
    run_id = host.launch(**ENDLESS)
    host.learning(run_id)
    runs.stop(host.context, [run_id])
    assert host.ended(run_id).state is RunState.STOPPED
    return run_id


@pytest.mark.parametrize("everything", [False, True], ids=["its own", "that of all runs"])
def test_a_run_whose_folder_is_removed_while_it_trains_ends_and_keeps_its_points(host: Host, everything: bool) -> None:
    settings = host.workspace.settings
    run_id, after = host.launch(**ENDLESS), host.launch(**{"training.epochs": 1})
    host.learning(run_id)
    before = _points(host, run_id)
    shutil.rmtree(settings.runs_dir if everything else settings.run_dir(run_id))
    run = host.ended(run_id)
    assert run.state is RunState.FAILED
    assert f"Its folder {settings.run_dir(run_id)} was removed while it ran" in run.reason
    assert _points(host, run_id) >= before
    assert host.ended(after).state is RunState.FINISHED, "its slot is free again, and the folder of runs is there again"
    assert not settings.run_dir(run_id).exists()
    with pytest.raises(StateError, match="is gone, with its checkpoints"):
        runs.resume(host.context, run_id)


def test_a_resumed_run_whose_folder_went_while_it_waited_does_not_begin_anew(host: Host) -> None:
    settings = host.workspace.settings
    run_id = _stopped(host)
    before = _points(host, run_id)
    busy = host.launch(**ENDLESS)
    host.learning(busy)
    runs.resume(host.context, run_id)
    shutil.rmtree(settings.run_dir(run_id))
    runs.stop(host.context, [busy])
    run = host.ended(run_id)
    assert run.state is RunState.FAILED
    assert "last.keras is gone" in run.reason
    assert _points(host, run_id) == before


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Nothing in this folder can be made, changed or removed, by root neither."""
    told = subprocess.run(["chattr", "-R", "+i", folder], capture_output=True, text=True)
    if told.returncode:
        subprocess.run(["chattr", "-R", "-i", folder], capture_output=True)
        pytest.skip(f"no folder can be made unwritable here: {told.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-R", "-i", folder], check=True)


def test_a_folder_that_may_not_be_written_is_told_while_the_run_trains(host: Host) -> None:
    run_id = host.launch(**ENDLESS)
    host.learning(run_id)
    checkpoints = host.workspace.settings.run_dir(run_id) / "checkpoints"
    with unwritable(checkpoints):
        told = wait_until(lambda: host.run(run_id).reason, "it is told on the run")
        assert "The checkpoint could not be written" in told
        assert str(checkpoints) in told
        before = _points(host, run_id)
        wait_until(lambda: _points(host, run_id) > before, "it trains on")
    wait_until(lambda: not host.run(run_id).reason, "that it can be written again is told, too")
    runs.stop(host.context, [run_id])
    assert host.ended(run_id).state is RunState.STOPPED
