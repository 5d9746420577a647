"""Hosts and what sits on them, whose processes are on a card, and where the disk goes."""

import os
import socket
import subprocess
import sys
import time

import psutil
import pytest

import db.hosts
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.system import disk, hosts
from core.system.devices import Card, CardProcess
from db.records import HostRecord, RunState
from tests.conftest import AddRun

HERE = socket.gethostname()


def report(workspace: Workspace, **values: object) -> None:
    """A supervisor's report: this very process, alive, unless said otherwise."""
    own = psutil.Process()
    known = {
        "name": HERE,
        "pid": own.pid,
        "pid_started": own.create_time(),
        "heartbeat_at": time.time(),
        "slots": ("cpu:0",),
        "standby": {"state": "ready", "pid": 4711},
    }
    with workspace.write() as session:
        db.hosts.put(session, HostRecord(**(known | values)))  # type: ignore[arg-type]


def this_host(workspace: Workspace) -> hosts.Host:
    return next(host for host in hosts.hosts(workspace) if host.is_here)


def test_a_living_supervisor_has_its_slots_and_the_runs_on_them(workspace: Workspace, add_run: AddRun) -> None:
    report(workspace, slots=("cpu:0", "cpu:1"))
    busy = add_run(state=RunState.RUNNING, host=HERE, slots=["cpu:1"])
    host = this_host(workspace)
    assert host.is_alive
    assert host.standby == "ready"
    assert [(slot.name, slot.run.id if slot.run else None) for slot in host.slots] == [("cpu:0", None), ("cpu:1", busy)]


def test_this_host_is_shown_without_a_supervisor_and_says_what_to_do(workspace: Workspace) -> None:
    host = this_host(workspace)
    assert not host.is_alive
    assert "No supervisor is at work" in host.trouble
    assert "python -m core supervise" in host.trouble
    assert host.standby == "off"


@pytest.mark.parametrize(
    ("values", "trouble"),
    [({"pid_started": 1.0}, "is gone"), ({"heartbeat_at": time.time() - 100}, "has said nothing for")],
)
def test_a_supervisor_that_is_gone_or_silent_is_not_alive(
    workspace: Workspace, values: dict[str, object], trouble: str
) -> None:
    report(workspace, **values)
    host = this_host(workspace)
    assert not host.is_alive
    assert trouble in host.trouble


def test_another_host_is_judged_by_its_heartbeat_alone(workspace: Workspace) -> None:
    report(workspace, name="elsewhere", pid=1, pid_started=1.0)
    other = next(host for host in hosts.hosts(workspace) if host.name == "elsewhere")
    assert other.is_alive
    assert not other.is_here


def test_the_processes_on_a_card_are_told_apart(workspace: Workspace, add_run: AddRun) -> None:
    report(workspace)
    ours = add_run(state=RunState.RUNNING, host=HERE, slots=["gpu:0"], pid=999_999)
    known = hosts.our_processes(hosts.hosts(workspace))
    assert known[4711] == "standby"
    card = Card(
        0, "H200", "GPU-1", "550", 1, 2, processes=(CardProcess(999_999, 5), CardProcess(1), CardProcess(2**22 + 5))
    )
    told = hosts.occupants(card, known)
    assert [(one.who, one.is_ours, one.memory) for one in told[:1]] == [(f"run {ours}", True, 5)]
    assert not any(one.is_ours for one in told[1:])
    assert told[2].who == "not visible from here"


def test_what_comes_of_a_process_of_ours_is_ours_as_a_scripts_own_processes_are() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        card = Card(0, "H200", "GPU-1", "550", 1, 2, processes=(CardProcess(child.pid), CardProcess(os.getppid())))
        below, above = hosts.occupants(card, {os.getpid(): "run 7"})
        name = psutil.Process(child.pid).name()
        child.communicate(b"\n")
    assert (below.who, below.is_ours) == (f"{name} of run 7", True)
    assert not above.is_ours


def test_disk_use_is_counted_by_experiment_and_the_trash_apart(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    for experiment, size in (("small", 10), ("large", 5000), ("large", 6000), ("small", 700)):
        folder = workspace.settings.run_dir(add_run(experiment=experiment)) / "checkpoints"
        folder.mkdir(parents=True)
        (folder / "last.keras").write_bytes(b"x" * size)
    runs.trash(context, [4])
    for name, size in (("xla", 3000), ("engines", 20)):
        (workspace.settings.home / "cache" / name).mkdir(parents=True)
        (workspace.settings.home / "cache" / name / "file").write_bytes(b"x" * size)
    kept = workspace.settings.models_dir / "1" / "1"
    kept.mkdir(parents=True)
    (kept / "model.keras").write_bytes(b"x" * 50)
    (kept / "shared.keras").hardlink_to(workspace.settings.run_dir(1) / "checkpoints" / "last.keras")
    found = disk.measure(context)
    assert dict(found.by_experiment) == {"large": (2, 11_000), "small": (1, 10)}
    assert list(found.by_experiment) == ["large", "small"]
    assert (found.runs, found.trash, found.cache, found.models) == (11_010, 700, 3020, 50)
    assert found.database > 0
    assert found.used == found.runs + found.trash + found.models + found.datasets + found.cache + found.database
    assert 0 < found.free <= found.total


def test_versions_are_told_without_importing() -> None:
    assert hosts.versions()["tensorflow"][0].isdigit()


def test_the_password_of_a_database_is_not_shown(settings: Settings) -> None:
    server = settings.model_copy(update={"db_url": "postgresql+psycopg://ada:secret@db.example/runs"})
    shown = hosts.settings_in_force(server)
    assert shown["TRAINDECK_DB_URL"] == "postgresql+psycopg://ada:***@db.example/runs"
    assert shown["TRAINDECK_CPU_SLOTS"] == "not set"
    assert "secret" not in str(shown)


def test_memory_of_a_process() -> None:
    assert (hosts.memory_of(os.getpid()) or 0) > 2**20
    assert hosts.memory_of(None) is None
    assert hosts.memory_of(2**22 + 5) is None
