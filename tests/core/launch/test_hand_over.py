"""Kills between every two steps of handing a run over: it is carried out once, never twice at a time, and told truly.

Nothing of that depends on what a run does, so these are scripts, whose standby needs no TensorFlow.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core import runs
from core.common.pause_points import HAND_OVER, VARIABLE
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.system.hosts import living_supervisor
from db.records import RunState
from tests import leftovers
from tests.calm import WITHOUT_TENSORFLOW
from tests.host import Host, wait_until

SUPERVISOR, STANDBY, TRAINER = "supervisor", "standby", "trainer"
# Where each can be killed: at its own steps, and at the others' while they wait at theirs.
KILLS = [(place, victim) for place in HAND_OVER for victim in (SUPERVISOR, STANDBY)]
KILLS += [(place, TRAINER) for place in ("born", "taken")]
# Here the process that waited goes on only when the run was given to another one: it must not take it any more.
LATE = {("received", SUPERVISOR), ("born", SUPERVISOR), ("born", STANDBY)}


class Stage:
    """A host whose processes can be made to wait at a place."""

    def __init__(self, host: Host, folder: Path, project: Path) -> None:
        self.host = host
        self._folder = folder
        self._project = project
        (project / "say.py").write_text("print('At work.')\n")

    def launch(self) -> int:
        raw = {"project": {"folder": str(self._project)}, "entry": "say.py"}
        return runs.create_script(self.host.context, runs.Draft(raw))[0]

    def ask(self, place: str) -> None:
        """Have the next process that comes by wait there."""
        (self._folder / place).touch()

    def waiting(self, place: str) -> int:
        """The pid of the process that waits there, once it does."""
        found = wait_until(lambda: list(self._folder.glob(f"{place}.*")), f"a process is at {place}")
        return int(found[0].suffix[1:])

    def go_on(self) -> None:
        while files := list(self._folder.iterdir()):  # again, for one that a process took meanwhile, by another name
            for file in files:
                file.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("pauses")
    workspace = Workspace.open(Settings(home=tmp_path_factory.mktemp("host"), user="ada"))
    host = Host(workspace, {VARIABLE: str(folder), **WITHOUT_TENSORFLOW})
    stage = Stage(host, folder, tmp_path_factory.mktemp("project"))
    yield stage
    stage.go_on()
    stage.host.clear()
    stage.host.end()
    workspace.close()


@pytest.mark.parametrize(("place", "victim"), KILLS)
def test_a_run_is_carried_out_once_whoever_is_killed_at_whatever_step(stage: Stage, place: str, victim: str) -> None:
    host = stage.host
    host.ensure()
    host.standby()
    stage.ask(place)
    run_id = stage.launch()
    waits = stage.waiting(place)
    _kill(host, victim, waits)
    if victim == SUPERVISOR and (place, victim) not in LATE:
        stage.go_on()
    if victim == SUPERVISOR:
        host.start()
    if (place, victim) in LATE:
        wait_until(lambda: host.run(run_id).attempt == 2, "the run is given to another process")
    stage.go_on()

    run = host.ended(run_id)

    printed = host.workspace.settings.log_file(run_id).read_text()
    if (place, victim) == ("taken", TRAINER):  # it was at work, as far as anybody can tell: people decide what next
        assert run.state is RunState.LOST
        assert "SIGKILL" in run.reason
        assert "At work." not in printed
    else:
        assert (run.state, run.reason) == (RunState.FINISHED, "")
        assert printed.count("At work.") == 1
    wait_until(lambda: not _trainers(host), "no other process is left with the run")


def _kill(host: Host, victim: str, waits: int) -> None:
    supervisor = living_supervisor(host.workspace)
    assert supervisor is not None
    if victim == SUPERVISOR:
        host.end(signal.SIGKILL)
        return
    process = psutil.Process(int(supervisor.standby["pid"]) if victim == STANDBY else waits)
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: leftovers.has_ended(process), f"the {victim} is dead")


def _trainers(host: Host) -> list[int]:
    """Processes of this workspace in a session of their own that are no supervisor: trainers."""
    found = []
    for process in psutil.process_iter():
        try:
            ours = process.environ().get("TRAINDECK_HOME") == str(host.workspace.settings.home)
            if ours and os.getsid(process.pid) == process.pid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (psutil.Error, ProcessLookupError):
            continue
    return found
