"""Facts about this installation: hosts and what sits on their slots, disk use, the database, versions."""

import os
import platform
import shutil
import socket
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import psutil

import db.health
import db.hosts
import db.runs
from core.launch import devices
from core.launch.devices import Card, CardProcess
from core.launch.devices import Cpu as Cpu
from core.launch.process import ProcessId
from core.runs import folder_bytes
from core.settings import Settings
from core.workspace import Workspace
from db.records import ACTIVE_STATES, HostRecord, RunRecord

SILENT_SECONDS = 10.0  # a supervisor reports about every second; on a laden machine it may miss a few
LIBRARIES = ("tensorflow", "keras", "streamlit", "sqlalchemy", "plotly", "pandas", "numpy", "nvidia-ml-py")


@dataclass(frozen=True)
class Slot:
    """A place on a host where one run can execute, and the run that does."""

    name: str
    run: RunRecord | None = None
    card: Card | None = None  # of a GPU slot on this host


@dataclass(frozen=True)
class Host:
    """A supervisor's host as we see it; `trouble` says in one sentence what is wrong and what to do, "" if nothing."""

    name: str
    is_here: bool
    is_alive: bool
    trouble: str
    slots: tuple[Slot, ...]
    record: HostRecord | None = None  # None: no supervisor has reported from this host

    @property
    def standby(self) -> str:
        """off, warming or ready."""
        return str(self.record.standby.get("state", "off")) if self.record and self.is_alive else "off"


def hosts(workspace: Workspace, now: float | None = None) -> list[Host]:
    """Every host that a supervisor reported from, and this one in any case."""
    now = time.time() if now is None else now
    with workspace.read() as session:
        records = {record.name: record for record in db.hosts.all_hosts(session)}
        busy = [run for run in db.runs.in_states(session, ACTIVE_STATES) if run.state.has_process]
    here = socket.gethostname()
    names = dict.fromkeys([here, *records, *(run.host for run in busy)])
    return [_host(workspace.settings, name, records.get(name), busy, name == here, now) for name in names if name]


def _host(
    settings: Settings, name: str, record: HostRecord | None, busy: Iterable[RunRecord], is_here: bool, now: float
) -> Host:
    trouble = _trouble(name, record, is_here, now)
    cards = {card.slot: card for card in devices.cards()} if is_here else {}
    runs = {slot: run for run in busy if run.host == name for slot in run.slots}
    known = record.slots if record else devices.slots(settings) if is_here else ()
    slots = tuple(Slot(slot, runs.get(slot), cards.get(slot)) for slot in dict.fromkeys([*known, *runs]))
    return Host(name, is_here, not trouble, trouble, slots, record)


def _trouble(name: str, record: HostRecord | None, is_here: bool, now: float) -> str:
    restart = (
        "Restart the dashboard, which starts one, or run `python -m core supervise`."
        if is_here
        else f"Run `python -m core supervise` on {name}."
    )
    if record is None:
        return f"No supervisor is at work, so queued runs wait. {restart}"
    if is_here and not ProcessId(record.pid, record.pid_started).is_alive():
        return f"The supervisor (process {record.pid}) is gone, so queued runs wait. {restart}"
    silent = now - record.heartbeat_at
    if silent > SILENT_SECONDS:
        return f"The supervisor (process {record.pid}) has said nothing for {silent:.0f} seconds. {restart}"
    return ""


@dataclass(frozen=True)
class Disk:
    """Bytes."""

    free: int
    total: int
    runs: int  # files of runs that are not in the trash
    trash: int
    datasets: int
    database: int  # with its write-ahead log
    by_experiment: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # number of runs and their bytes

    @property
    def used(self) -> int:
        """By Traindeck, in all."""
        return self.runs + self.trash + self.datasets + self.database


def disk(workspace: Workspace) -> Disk:
    """Looks at every file of every run: call it seldom."""
    with workspace.read() as session:
        owners = list(db.health.run_experiments(session))
        database = db.health.size(session)
    by_experiment: dict[str, tuple[int, int]] = {}
    trash = 0
    for run_id, experiment, trashed in owners:
        size = folder_bytes(workspace.settings.run_dir(run_id))
        if trashed:
            trash += size
            continue
        runs, before = by_experiment.get(experiment, (0, 0))
        by_experiment[experiment] = (runs + 1, before + size)
    file = workspace.settings.database_file
    log = file.with_name(f"{file.name}-wal") if file else None
    usage = shutil.disk_usage(workspace.settings.home)
    return Disk(
        free=usage.free,
        total=usage.total,
        runs=sum(size for _, size in by_experiment.values()),
        trash=trash,
        datasets=folder_bytes(workspace.settings.datasets_dir),
        database=database + (log.stat().st_size if log and log.exists() else 0),
        by_experiment=dict(sorted(by_experiment.items(), key=lambda item: -item[1][1])),
    )


def schema_version(workspace: Workspace) -> str:
    with workspace.read() as session:
        return db.health.schema_version(session)


def versions() -> dict[str, str]:
    """Python's and those of the libraries that matter, without importing them."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def machine() -> dict[str, str]:
    """What this host is."""
    return {
        "name": socket.gethostname(),
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
        "python": sys.executable,
    }


@dataclass(frozen=True)
class Occupant:
    """A process on a card: whose it is, in words, and whether Traindeck started it."""

    pid: int
    who: str
    is_ours: bool
    memory: int | None = None


def occupants(card: Card, known: Mapping[int, str]) -> list[Occupant]:
    """The processes on a card. `known` names our own by pid, as `our_processes` does."""
    return [_occupant(process, known) for process in card.processes]


def _occupant(process: CardProcess, known: Mapping[int, str]) -> Occupant:
    ours = known.get(process.pid)
    return Occupant(process.pid, ours or _stranger(process.pid), ours is not None, process.memory)


def _stranger(pid: int) -> str:
    try:
        process = psutil.Process(pid)
        return f"{process.name()} of {process.username()}"
    except psutil.Error:
        return "not visible from here"  # another user's, or outside this container


def our_processes(found: Iterable[Host]) -> dict[int, str]:
    """What each process of Traindeck on this host is, by pid."""
    known = {os.getpid(): "dashboard"}
    for host in found:
        if not host.is_here:
            continue
        if host.record and host.is_alive:
            known[host.record.pid] = "supervisor"
            standby = host.record.standby.get("pid")
            if isinstance(standby, int):
                known[standby] = "standby"
        known |= {slot.run.pid: f"run {slot.run.id}" for slot in host.slots if slot.run and slot.run.pid}
    return known


def cpu_now() -> Cpu:
    """This host's CPU and main memory, as they are now."""
    return devices.cpu()


def memory_of(pid: int | None) -> int | None:
    """Bytes of main memory that a process holds; None when there is no such process."""
    try:
        return int(psutil.Process(pid).memory_info().rss) if pid else None
    except psutil.Error:
        return None


def writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK)
