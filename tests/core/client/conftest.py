"""A server that is not started yet, and scripts that find the package and nothing else of ours."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.common.settings import PROJECT_ROOT
from core.common.workspace import Workspace
from tests.server import Server

Script = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def server(workspace: Workspace) -> Iterator[Server]:
    """Not started yet."""
    found = Server(workspace.settings.model_copy(update={"standby": False}))
    yield found
    found.close()


@pytest.fixture
def script(server: Server, tmp_path: Path) -> Script:
    """Starts the source in a process whose path has `traindeck`, as it is installed; more environment may be given."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "traindeck").symlink_to(PROJECT_ROOT / "core" / "client")
    own = {"TRAINDECK_URL": server.url, "TRAINDECK_SPOOL": str(tmp_path / "spool"), "PYTHONPATH": str(folder)}

    def start(source: str, **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", source],
            env={**os.environ, **own, **environment},
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def sync(script: Script) -> tuple[int, str]:
    """Exit code and output of `python -m traindeck sync`."""
    running = script("import runpy, sys; sys.argv[1:] = ['sync']; runpy.run_module('traindeck', run_name='__main__')")
    told, _ = running.communicate(timeout=300)
    return running.returncode, told
