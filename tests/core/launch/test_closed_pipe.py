"""A supervisor whose output nobody reads any more goes on with its work."""

import os
import subprocess
import sys

import pytest

from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.system.hosts import living_supervisor
from tests.host import PATIENCE_SECONDS, wait_until


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_supervisor_whose_output_is_a_closed_pipe_works_on_and_ends_as_told(
    as_json: list[str], settings: Settings
) -> None:
    chosen = settings.model_copy(update={"standby": False})
    workspace = Workspace.open(chosen)
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "supervise", *as_json],
        cwd=PROJECT_ROOT,
        env=os.environ | chosen.environment(),
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=writer,
    )
    os.close(writer)
    try:
        host = wait_until(lambda: living_supervisor(workspace), "the supervisor reports itself")
        wait_until(lambda: _reported_at(workspace) > host.heartbeat_at, "it reports itself again")
        process.terminate()
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        workspace.close()


def _reported_at(workspace: Workspace) -> float:
    host = living_supervisor(workspace)
    return host.heartbeat_at if host is not None else 0.0
