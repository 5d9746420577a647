"""Processes of a test's workspace, told by their environment, and the end of those that a test has left behind."""

import contextlib
import os
from pathlib import Path

import psutil


def of_workspace(home: Path) -> list[psutil.Process]:
    """Living processes, not this one, that were started on this workspace."""
    wanted = f"TRAINDECK_HOME={home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, psutil.Error):  # it has just ended, or is of another user
            if wanted not in (folder / "environ").read_bytes().split(b"\0") or int(folder.name) == os.getpid():
                continue
            process = psutil.Process(int(folder.name))
            if process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def has_ended(process: psutil.Process) -> bool:
    """Whether a process is at work no more, be it that nobody has asked yet how it ended."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # between the two looks
        return True


def titles(home: Path) -> set[str]:
    """What `ps` shows of them, such as "traindeck: standby"."""
    found = set()
    for process in of_workspace(home):
        with contextlib.suppress(psutil.NoSuchProcess):
            found.add(" ".join(process.cmdline()).strip())
    return found


def children(process: psutil.Process, role: str) -> list[psutil.Process]:
    """Its living ones of this role, such as "spare"."""
    found = []
    for child in process.children():
        with contextlib.suppress(psutil.Error):  # it has just ended
            found += [child] if f"traindeck: {role}" in child.cmdline() else []
    return found


def end(home: Path) -> None:
    """Kill them all: a server, a supervisor, its standby, and trainers, which live on without these."""
    while found := of_workspace(home):  # again, for what one of them started meanwhile
        for process in found:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        _, alive = psutil.wait_procs(found, timeout=300)
        assert not alive, f"processes that do not end: {alive}"
