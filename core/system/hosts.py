"""Facts about this installation: hosts, what sits on their slots and cards, settings, versions."""

import os
import platform
import socket
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata

import psutil

import db.health
import db.hosts
import db.runs
from core.common.secrets import HIDDEN, is_secret
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.system import devices
from core.system.devices import Card, CardProcess
from core.system.process import ProcessId
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


def living_supervisor(workspace: Workspace) -> HostRecord | None:
    """This host's supervisor, None when its process is gone or it has not reported yet. Raises StoreError."""
    with workspace.read() as session:
        hosts = db.hosts.all_hosts(session)
    for host in hosts:
        if host.name == socket.gethostname() and _is_alive(host):
            return host
    return None


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
    if is_here and not _is_alive(record):
        return f"The supervisor (process {record.pid}) is gone, so queued runs wait. {restart}"
    silent = now - record.heartbeat_at
    if silent > SILENT_SECONDS:
        return f"The supervisor (process {record.pid}) has said nothing for {silent:.0f} seconds. {restart}"
    return ""


def _is_alive(record: HostRecord) -> bool:
    process = ProcessId.recorded(record)
    return process is not None and process.is_alive()


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
        "interpreter": sys.executable,
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
    ours = known.get(process.pid) or _descendant(process.pid, known)
    return Occupant(process.pid, ours or _stranger(process.pid), ours is not None, process.memory)


def _descendant(pid: int, known: Mapping[int, str]) -> str | None:
    """What comes of ours is ours: a script's processes are below their run's, those of jobs below the standby."""
    try:
        process = psutil.Process(pid)
        whose = next((known[above.pid] for above in process.parents() if above.pid in known), None)
        return f"{process.name()} of {whose}" if whose else None
    except psutil.Error:
        return None


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


def database_location(settings: Settings) -> str:
    """The file, or the URL of a database server without its password."""
    return str(settings.database_file or settings.shown_database_url)


def settings_in_force(settings: Settings) -> dict[str, str]:
    """Every setting by the environment variable that sets it."""
    values = settings.model_dump() | {"db_url": database_location(settings) if settings.db_url else None}
    shown = {name: HIDDEN if value and is_secret(name) else value for name, value in values.items()}
    return {f"TRAINDECK_{name.upper()}": "not set" if v is None else str(v) for name, v in shown.items()}


def memory_of(pid: int | None) -> int | None:
    """Bytes of main memory that a process holds; None when there is no such process."""
    try:
        return int(psutil.Process(pid).memory_info().rss) if pid else None
    except psutil.Error:
        return None
