"""What can be wrong with an installation, checked one by one; the System page and `doctor` show the same list."""

import importlib.util
import os
import platform
import shlex
import shutil
import socket
import stat
import sys
from contextlib import closing
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import db.health
from core.common.errors import StoreError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.system import devices, hosts

PYTHON = (3, 11)
SCARCE = 5 * 2**30  # bytes free, below which a few checkpoints of a large network fill the disk
FULL = 2**28

Status = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Check:
    """`warn`: works, but not as it could; `fail`: something will not work. The message says what to do."""

    name: str
    status: Status
    message: str


def diagnose(settings: Settings, workspace: Workspace | None = None) -> list[Check]:
    """Every check, in the order in which one rests on another. Opens the workspace unless it is given."""
    found = [_python(), _tensorflow(), _folder(settings)]
    return [*found, *_store_checks(settings, workspace), _disk(settings), _gpus(settings), _data(settings)]


def _store_checks(settings: Settings, workspace: Workspace | None) -> list[Check]:
    try:
        if workspace is not None:
            return [_database(workspace), _supervisor(workspace), _standby(workspace)]
        with closing(Workspace.open(settings)) as opened:
            return _store_checks(settings, opened)
    except StoreError as error:
        return [Check("Database", "fail", str(error))]


def _python() -> Check:
    version = platform.python_version()
    if sys.version_info < PYTHON:
        wanted = ".".join(map(str, PYTHON))
        return Check("Python", "fail", f"{version}; Traindeck needs {wanted} or newer. Make .venv anew with one.")
    return Check("Python", "ok", f"{version}, {sys.executable}")


def _tensorflow() -> Check:
    """Without importing it: that takes seconds, and memory that the server should never hold."""
    if importlib.util.find_spec("tensorflow") is None:
        return Check(
            "TensorFlow", "fail", "Not installed, so nothing can be trained. Run `make run`, which installs it."
        )
    return Check("TensorFlow", "ok", f"{metadata.version('tensorflow')}, with Keras {metadata.version('keras')}")


def _folder(settings: Settings) -> Check:
    folder = settings.home
    parent = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(parent, os.W_OK) or not parent.is_dir():
        return Check("Workspace", "fail", f"{folder} cannot be written. Set TRAINDECK_HOME to a folder that you may.")
    if folder.is_dir() and folder.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH | stat.S_IWOTH):
        advice = f"Unless that is meant: chmod o= {shlex.quote(str(folder))}"
        return Check("Workspace", "warn", f"{folder} is open to every user of this host. {advice}")
    return Check("Workspace", "ok", f"{folder} can be written")


def _database(workspace: Workspace) -> Check:
    with workspace.read() as session:
        damage = db.health.damage(session)
        schema = db.health.schema_version(session)
    if damage:
        return Check("Database", "fail", f"Damaged: {damage}. Stop everything and restore a copy of the file.")
    if workspace.notice:
        return Check("Database", "warn", f"Sound; but {workspace.notice[0].lower()}{workspace.notice[1:]}")
    return Check("Database", "ok", f"Sound; schema {schema}, which is the current one")


def _supervisor(workspace: Workspace) -> Check:
    here = next(host for host in hosts.hosts(workspace) if host.is_here)
    if here.trouble:
        return Check("Supervisor", "warn", here.trouble)
    assert here.record is not None
    return Check("Supervisor", "ok", f"Process {here.record.pid} gives out {', '.join(here.record.slots) or 'no slot'}")


def _standby(workspace: Workspace) -> Check:
    here = next(host for host in hosts.hosts(workspace) if host.is_here)
    if not workspace.settings.standby:
        return Check("Standby", "ok", "Switched off (TRAINDECK_STANDBY); each run imports TensorFlow first")
    match here.standby:
        case "ready":
            return Check("Standby", "ok", "Ready: TensorFlow is imported, runs start at once")
        case "warming":
            return Check("Standby", "ok", "Importing TensorFlow; ready in a moment")
    return Check("Standby", "warn", "Not there: it comes with the supervisor, and runs start slowly until it does")


def _disk(settings: Settings) -> Check:
    folder = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    text = f"{free / 2**30:.1f} GiB free at {folder}"
    if free < FULL:
        return Check("Disk", "fail", f"{text}: runs will fail. Empty the trash on the Runs page, or make room.")
    if free < SCARCE:
        return Check("Disk", "warn", f"{text}: checkpoints may fill it. Empty the trash on the Runs page.")
    return Check("Disk", "ok", text)


def _gpus(settings: Settings) -> Check:
    cards = devices.cards()
    if cards:
        names = ", ".join(f"{card.slot} {card.name}" for card in cards)
        return Check("GPUs", "ok", f"{names}; driver {cards[0].driver}")
    slots = ", ".join(devices.slots(settings)) or "no slot at all: set TRAINDECK_CPU_SLOTS"
    reason = devices.nvml_error() or "the driver lists no card"
    return Check("GPUs", "ok", f"None ({reason}); runs train on {slots}")


def _data(settings: Settings) -> Check:
    folder = settings.data_dir
    if folder is None:
        return Check("Data folder", "ok", "TRAINDECK_DATA_DIR is not set; downloadable sets come over the network")
    if not folder.is_dir():
        return Check("Data folder", "fail", f"TRAINDECK_DATA_DIR is {folder}, and there is no such folder.")
    names = ", ".join(sorted(path.name for path in _folders(folder))) or "nothing"
    return Check("Data folder", "ok", f"{folder} holds {names}")


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]


def check_port(port: int) -> Check:
    """Whether a server could listen on this port of the loopback interface."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: a port just left is free
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            advice = "A dashboard that already runs, or another program, has it: try `make run PORT=8502`."
            return Check("Port", "fail", f"{port} cannot be used ({error}). {advice}")
    return Check("Port", "ok", f"{port} is free")
