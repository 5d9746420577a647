"""The supervisor's end of the standby: starts it, sends it runs and jobs, hears how they ended."""

import os
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from typing import Any

import psutil

from core.common.settings import PROJECT_ROOT, Settings
from core.system.channel import Channel
from core.system.process import ProcessId


class StandbyClient:
    """One standby at a time. It is started when it is wanted, and again when it died."""

    MODULE = "core.launch.local.standby"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.log = settings.home / "standby.log"
        self.ready = False
        self.deaths = 0  # in a row, without ever having become ready
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._channel: Channel | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ensure(self) -> None:
        """Start the standby when there is none; after deaths in a row, ever later.

        Nothing takes the place of one whose death `died` has not told yet: what it had been sent would count as sent to
        the new one, which knows nothing of it.
        """
        if self._process is not None or time.monotonic() - self._started_at < min(60, 2**self.deaths - 1):
            return
        self._started_at = time.monotonic()
        self._channel, its_end = Channel.pair()
        self.log.write_bytes(b"")
        with self.log.open("ab") as log:  # appended, so that it can be cut while it is written
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                [sys.executable, "-m", self.MODULE, str(its_end.fileno())],
                cwd=PROJECT_ROOT,
                env=os.environ | self.settings.environment() | _xla_cache(self.settings),
                stdin=subprocess.DEVNULL,
                stdout=log,  # what libraries print
                stderr=log,
                pass_fds=[its_end.fileno()],
            )
        its_end.close()

    def send(self, request: dict[str, Any]) -> bool:
        """False when there is no standby to take it."""
        return self.alive and self._channel is not None and self._channel.send(request)

    def messages(self) -> list[dict[str, Any]]:
        """What the standby told since the last call: {"run"|"job": …, "exit": code, …}."""
        messages = self._channel.heard() if self._channel is not None else []
        if any(message.get("ready") for message in messages):
            self.ready, self.deaths = True, 0
        return [message for message in messages if not message.get("ready")]

    def died(self) -> bool:
        """Whether it died since the last call; everything that it had been sent and not begun is void then."""
        if self._process is None or self._process.poll() is None:
            return False
        self.deaths += 0 if self.ready else 1
        self.close()
        return True

    def close(self) -> None:
        """End the standby; the trainers that it forked go on."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        if self._channel is not None:
            self._channel.close()
        self._process, self._channel, self.ready = None, None, False

    def last_words(self) -> str:
        """The last line that a standby printed before it died."""
        try:
            lines = self.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else "it printed nothing"

    def report(self) -> dict[str, Any]:
        """For the hosts table: state ("off", "warming", "ready"), pid, and resident memory in bytes."""
        if not self.alive or self._process is None:
            return {"state": "off"}
        try:
            memory = psutil.Process(self._process.pid).memory_info().rss
            own = ProcessId.of(self._process.pid)
        except psutil.Error:
            return {"state": "off"}
        state = "ready" if self.ready else "warming"
        return {"state": state, "pid": own.pid, "pid_started": own.started, "pid_boot": own.boot, "memory": memory}


def _xla_cache(settings: Settings) -> dict[str, str]:
    """Have XLA keep what it compiled for the CPU; by host and version, as it is machine code."""
    folder = settings.cache_dir / "xla" / f"{socket.gethostname()}-{version('tensorflow')}"
    if " " in str(folder):  # which would end the flag, and TensorFlow ends with a flag that it does not know
        return {}
    flags = (
        f"--tf_xla_persistent_cache_directory={folder}",
        "--tf_xla_persistent_cache_device_types=CPU",
    )
    return {"TF_XLA_FLAGS": " ".join([os.environ.get("TF_XLA_FLAGS", ""), *flags]).strip()}
