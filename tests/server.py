"""A real dashboard server for tests, as `make run` starts it, on a port and a workspace of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Self

from core.common.settings import PROJECT_ROOT, Settings
from tests import calm, leftovers
from tests.host import PATIENCE_SECONDS, wait_until


class Server:
    """Starts and ends the server process; `url` has no slash at its end."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = settings.home.parent / f"server-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, until_healthy: bool = True) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)],
                cwd=PROJECT_ROOT,
                env=os.environ | self.settings.environment() | calm.path(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # A shell starts jobs in the background with Ctrl-C ignored, and children inherit that.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
            )
        wait_until(lambda: self.health().get("alive" if until_healthy else "server"), "the server answers")

    def health(self) -> dict[str, Any]:
        """What /api/health says, {} while nobody answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/health", timeout=PATIENCE_SECONDS) as response:
                return dict(json.load(response))
        except urllib.error.HTTPError as error:
            return dict(json.load(error)) if error.code == 503 else {}
        except (OSError, json.JSONDecodeError):
            return {}

    def end(self, number: signal.Signals = signal.SIGINT) -> str:
        """Signal the server, as Ctrl-C does unless said otherwise; returns everything that it printed."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=PATIENCE_SECONDS)
        return self.printed()

    def close(self) -> None:
        """End the server and whatever else is at work on its workspace, also after a test that failed."""
        try:
            self.end()
        finally:
            leftovers.end(self.settings.home)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def printed(self) -> str:
        return Path(self.log).read_text(errors="replace")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
