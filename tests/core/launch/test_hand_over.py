"""Kills between every two steps of handing a run over: it is carried out once, never twice at a time, and told truly.

Nothing of that depends on what a run does, so these are scripts, whose standby needs no TensorFlow. Here a spare takes
them, too, as it takes networks elsewhere.
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
from tests.calm import SPARES_OF_SCRIPTS, WITHOUT_TENSORFLOW
from tests.host import Host, wait_until

SUPERVISOR, STANDBY, TRAINER = "supervisor", "standby", "trainer"
# Where each can be killed: at its own steps, and at the others' while they wait at theirs.
KILLS = [(place, victim) for place in HAND_OVER for victim in (SUPERVISOR, STANDBY)]
KILLS += [(place, TRAINER) for place in ("born", "taken")]
# Here the process that waited goes on only when the run was given to another one: it must not take it any more.
LATE = {("received", SUPERVISOR), ("born", SUPERVISOR), ("born", STANDBY)}
# The supervisor does not know of spares.
OF_SPARES = [(place, victim) for place, victim in KILLS if victim != SUPERVISOR and place not in ("claimed", "sent")]


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

    def spare(self) -> psutil.Process:
        """The one that waits for a run, after one that it could have had."""
        self.host.ensure()
        standby = psutil.Process(self.host.standby().pid)
        if not leftovers.children(standby, "spare"):
            self.host.ended(self.launch())
        [spare] = wait_until(lambda: leftovers.children(standby, "spare"), "a spare is ready")
        assert isinstance(spare, psutil.Process)
        return spare

    def go_on(self) -> None:
        while files := list(self._folder.iterdir()):  # again, for one that a process took meanwhile, by another name
            for file in files:
                file.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    yield from _stage(tmp_path_factory, {})


@pytest.fixture(scope="module")
def spares(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """With a spare, which takes scripts."""
    yield from _stage(tmp_path_factory, SPARES_OF_SCRIPTS)


def _stage(factory: pytest.TempPathFactory, environment: dict[str, str]) -> Iterator[Stage]:
    folder = factory.mktemp("pauses")
    workspace = Workspace.open(Settings(home=factory.mktemp("host"), user="ada"))
    temporary = str(factory.mktemp("temporary"))
    host = Host(workspace, {VARIABLE: str(folder), "TMPDIR": temporary, **WITHOUT_TENSORFLOW, **environment})
    stage = Stage(host, folder, factory.mktemp("project"))
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


@pytest.mark.parametrize(("place", "victim"), OF_SPARES)
def test_a_run_that_a_spare_has_is_carried_out_once_whoever_is_killed(spares: Stage, place: str, victim: str) -> None:
    host, spare = spares.host, spares.spare()
    spares.ask(place)
    run_id = spares.launch()
    waits = spares.waiting(place)
    assert (waits == spare.pid) == (place in ("born", "taken"))  # it was given the run
    _kill(host, victim, waits)
    if (place, victim) in LATE:
        wait_until(lambda: host.run(run_id).attempt == 2, "the run is given to another process")
    spares.go_on()

    run = host.ended(run_id)

    printed = host.workspace.settings.log_file(run_id).read_text()
    if (place, victim) == ("taken", TRAINER):
        assert (run.state, "At work." in printed) == (RunState.LOST, False)
    else:
        assert (run.state, run.reason, printed.count("At work.")) == (RunState.FINISHED, "", 1)
    wait_until(lambda: not _trainers(host), "no other process is left with the run")


@pytest.mark.parametrize("victim", [STANDBY, TRAINER])
def test_a_spare_ends_with_its_standby_and_one_that_is_killed_is_missed_by_no_run(spares: Stage, victim: str) -> None:
    host, spare = spares.host, spares.spare()
    temporary = Path(spare.environ()["TMPDIR"])
    _kill(host, victim, spare.pid)
    wait_until(lambda: leftovers.has_ended(spare), "the spare has ended")
    wait_until(lambda: not list(temporary.iterdir()), "its temporary folder is gone")
    run = host.ended(spares.launch())
    assert (run.state, run.attempt) == (RunState.FINISHED, 1)


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
