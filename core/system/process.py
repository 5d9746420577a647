"""Processes, named by pid and start time together: a pid alone is given to another process sooner or later."""

import contextlib
import os
import signal
from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class ProcessId:
    pid: int
    started: float  # seconds since 1970, as psutil tells it

    @classmethod
    def own(cls) -> "ProcessId":
        return cls.of(os.getpid())

    @classmethod
    def of(cls, pid: int) -> "ProcessId":
        """Raises psutil.NoSuchProcess."""
        return cls(pid, psutil.Process(pid).create_time())

    def is_alive(self) -> bool:
        try:
            process = psutil.Process(self.pid)
            # Linux counts start times in hundredths of a second from a boot time that it may correct a little.
            same = abs(process.create_time() - self.started) < 1
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the process and the children in its group, if it is still the one that is meant."""
        if self.is_alive():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)


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
