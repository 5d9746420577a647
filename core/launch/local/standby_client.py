"""The supervisor's end of the standby: starts it, sends it runs and questions, hears how they ended."""

import json
import os
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from typing import Any

import psutil

from core.common.settings import PROJECT_ROOT, Settings
from core.system.process import ProcessId


class StandbyClient:
    """One standby at a time. It is started when it is wanted, and again when it died."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.log = settings.home / "standby.log"
        self.ready = False
        self.deaths = 0  # in a row, without ever having become ready
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._pending = b""

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ensure(self) -> None:
        """Start the standby when there is none; after deaths in a row, ever later."""
        if self.alive or time.monotonic() - self._started_at < min(60, 2**self.deaths - 1):
            return
        self.close()
        self._started_at = time.monotonic()
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "core.launch.local.standby"],
                cwd=PROJECT_ROOT,
                env=os.environ | self.settings.environment() | _xla_cache(self.settings),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
            )
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)

    def send(self, request: dict[str, Any]) -> bool:
        """False when there is no standby to take it."""
        if not self.alive:
            return False
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            return False
        return True

    def messages(self) -> list[dict[str, Any]]:
        """What the standby told since the last call: {"run"|"inspect": …, "pid": …, "exit": code}."""
        if self._process is None or self._process.stdout is None:
            return []
        try:
            received = os.read(self._process.stdout.fileno(), 1 << 16)
        except BlockingIOError:
            received = b""
        *lines, self._pending = (self._pending + received).split(b"\n")
        messages = [json.loads(line) for line in lines]
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
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    pipe.close()
            self._process.terminate()
            self._process.wait()
        self._process, self.ready, self._pending = None, False, b""

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
            started = ProcessId.of(self._process.pid).started
        except psutil.NoSuchProcess:
            return {"state": "off"}
        state = "ready" if self.ready else "warming"
        return {"state": state, "pid": self._process.pid, "pid_started": started, "memory": memory}


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
