"""Hosts on this one: each with a name, a network and a workspace of its own, whose cable can be pulled.

Namespaces of Linux do it, and need root. `missing()` says why they cannot be had.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from core.common.settings import PROJECT_ROOT, Settings
from tests import calm, leftovers

NETWORK = "10.213"  # of links between this host and those


def missing() -> str:
    """Why no host can be made here; "" where they can."""
    if os.getuid() != 0:
        return "needs root, for networks that can be cut"
    if not all(map(shutil.which, ("ip", "unshare", "nsenter"))):
        return "needs the distribution's packages `iproute2` and `util-linux`, for networks that can be cut"
    tried = subprocess.run(["unshare", "--net", "--uts", "true"], capture_output=True, text=True)
    return f"needs namespaces, for networks that can be cut: {tried.stderr.strip()}" if tried.returncode else ""


class NetworkedHost:
    """A host with a cable to this one, at whose other end a database server listens."""

    def __init__(self, number: int, home: Path) -> None:
        """`number` from 1 to 254, another for each host."""
        self.process: subprocess.Popen[bytes] | None = None
        self.name = f"host-{number}-{os.getpid()}"
        self.home = home
        self.gateway = f"{NETWORK}.{number}.1"  # this host's end of the cable
        self._link = f"td{number}x{os.getpid()}"[-15:]
        inside = "hostname $0 && ip link set lo up && echo up && exec sleep infinity"
        self._holder = subprocess.Popen(
            ["unshare", "--net", "--uts", "--kill-child", "--fork", "sh", "-c", inside, self.name],
            stdout=subprocess.PIPE,
        )
        try:
            assert self._holder.stdout is not None
            assert self._holder.stdout.readline() == b"up\n"
            [self._pid] = map(
                int, Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children").read_text().split()
            )
            _run("ip", "link", "add", self._link, "type", "veth", "peer", "name", "eth0", "netns", str(self._pid))
            _run("ip", "address", "add", f"{self.gateway}/30", "dev", self._link)
            _run(*self._within, "ip", "address", "add", f"{NETWORK}.{number}.2/30", "dev", "eth0")
            _run(*self._within, "ip", "link", "set", "eth0", "up")
            self.connect()
        except BaseException:
            self.close()
            raise

    @property
    def _within(self) -> tuple[str, ...]:
        return ("nsenter", f"--net=/proc/{self._pid}/ns/net", f"--uts=/proc/{self._pid}/ns/uts")

    def connect(self) -> None:
        _run("ip", "link", "set", self._link, "up")

    def cut(self) -> None:
        """From now on nothing arrives at either end, and neither is told."""
        _run("ip", "link", "set", self._link, "down")

    def start(self, url: str, *module: str) -> None:
        """A supervisor on a server's database; `module` and its arguments, `core supervise` unless given."""
        self.home.mkdir(exist_ok=True)
        settings = Settings(home=self.home, db_url=url, user="ada")
        with (self.home / "supervisor.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self._within, sys.executable, "-m", *(module or ("core", "supervise"))],
                cwd=PROJECT_ROOT,
                env={**os.environ, **settings.environment(), **calm.path()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """The supervisor; its trainers go on."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """End it with all that it runs."""
        leftovers.end(self.home)
        if self.process is not None:
            self.process.wait()
        self._holder.kill()
        self._holder.communicate()
        subprocess.run(["ip", "link", "delete", self._link], capture_output=True)  # gone with the namespace, mostly


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
