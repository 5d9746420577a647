"""Processes, named by pid and start time together: a pid alone is given to another process sooner or later.

Linux counts start times from the boot, which a clock that is set does not touch; so the boot has its part in the name.
The time of day at which a process started, which Linux works out from its clock, would change with that clock.
"""

import contextlib
import ctypes
import os
import signal
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import psutil

_TOLERANCE = 1.0  # seconds, where a start is known by a clock only, which the system may correct a little
_PROC = Path("/proc")
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG, of <linux/prctl.h>
_STATE, _START = 0, 19  # of the fields of /proc/<pid>/stat that follow the process's name: the 3rd and the 22nd of all


class HasProcess(Protocol):
    """A record of the store that names a process."""

    @property
    def pid(self) -> int | None: ...
    @property
    def pid_started(self) -> float | None: ...
    @property
    def pid_boot(self) -> str: ...


@dataclass(frozen=True)
class ProcessId:
    pid: int
    started: float  # with a boot, in ticks since then, a whole number; without one, in seconds since 1970
    boot: str = ""  # the id of the boot; "" where the system has none, and in what an earlier version has stored

    @classmethod
    def own(cls) -> "ProcessId":
        return cls.of(os.getpid())

    @classmethod
    def of(cls, pid: int) -> "ProcessId":
        """Raises psutil.NoSuchProcess."""
        if (boot := boot_id()) and (seen := _seen(pid)):
            return cls(pid, seen[1], boot)
        return cls(pid, psutil.Process(pid).create_time())

    @classmethod
    def recorded(cls, record: HasProcess) -> "ProcessId | None":
        """The process that a record of the store names; None where it names none."""
        if record.pid is None or record.pid_started is None:
            return None
        return cls(record.pid, record.pid_started, record.pid_boot)

    def is_alive(self) -> bool:
        if self.boot:
            seen = _seen(self.pid) if self.boot == boot_id() else None
            return seen is not None and seen[1] == self.started and seen[0] not in "ZX"
        followed = _followed.get(self)
        return self._is_alive_by_the_clock() if followed is None else followed.is_alive()

    def _is_alive_by_the_clock(self) -> bool:
        """Where it is, it is known by its boot from now on, in this process: the clock may be set any time."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _TOLERANCE
            alive = same and process.status() != psutil.STATUS_ZOMBIE
            if alive and (exact := ProcessId.of(self.pid)).boot:
                _followed[self] = exact
        except psutil.NoSuchProcess:
            return False
        return alive

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the process and the children in its group, if it is still the one that is meant."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    def kill_tree(self) -> None:
        """End the process, its group, and what comes of it in other groups, as a script that it watches does."""
        if not self.is_alive():
            return
        self.signal_group(signal.SIGSTOP)  # so that it starts nothing more
        with contextlib.suppress(psutil.Error):
            below = psutil.Process(self.pid).children(recursive=True)
            self.signal_group(signal.SIGKILL)
            for process in below:
                with contextlib.suppress(psutil.Error):
                    process.kill()
        self.signal_group(signal.SIGKILL)


_followed: dict[ProcessId, ProcessId] = {}  # those that an earlier version has named, and were seen alive


@cache
def boot_id() -> str:
    """Another one after each boot of the host; "" where the system has none."""
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _seen(pid: int) -> tuple[str, float] | None:
    """The state of a process, a letter, and its start in ticks since the boot; None where there is none to see."""
    try:
        told = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return None
    fields = told[told.rindex(b")") + 1 :].split()  # the name before may hold anything
    return fields[_STATE].decode(), float(fields[_START])


def end_with(parent: int) -> None:
    """Have the system kill this process when its parent is gone, which is the process of this number."""
    with contextlib.suppress(OSError, AttributeError):  # Linux only
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def set_title(role: str) -> None:
    """Show what this process is, such as "trainer 12": in `top` by its name, in `ps` as "traindeck: trainer 12".

    It takes the place of the command line; the environment stays readable for others, which tells a workspace's
    processes by it. Children keep the title until they set their own. To be called in the main thread.
    """
    os.environ["SPT_NOENV"] = "1"  # else a long title would be written over the environment
    import setproctitle

    setproctitle.setproctitle(f"traindeck: {role}")
    setproctitle.setthreadtitle(role)  # Linux keeps 15 characters, too few for both words


def describe_exit(code: int | None) -> str:
    """Why a process ended, in words; `code` is negative for a signal, None when nobody saw it end."""
    if code is None:
        return "its process is gone, and nobody saw it end"
    if code >= 0:
        return f"its process ended with exit code {code} without saying why"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else "unknown"
    hints = {
        signal.SIGKILL: "by hand, or by the system when memory ran out",
        signal.SIGSEGV: "a crash inside a library",
        signal.SIGABRT: "a library gave up; its last words are in the log",
        signal.SIGBUS: "a crash inside a library, or a full disk under mapped memory",
    }
    hint = hints.get(-code)  # type: ignore[call-overload]
    return f"its process was ended by signal {-code} ({name}){f': {hint}' if hint else ''}"


def was_killed(code: int) -> bool:
    """By a person, or for memory that others took, which says nothing of the program; `code` as of `describe_exit`."""
    return code in (-signal.SIGKILL, -signal.SIGTERM)
