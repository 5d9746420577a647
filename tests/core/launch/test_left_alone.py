"""A supervisor whose workspace was deleted ends itself, and uses no CPU until then."""

import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.system.hosts import living_supervisor
from tests.host import PATIENCE_SECONDS, wait_until

SUPERVISE = """
import sys
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.launch import supervisor
supervisor.AWAY_SECONDS = float(sys.argv[1])
supervisor.Supervisor(Workspace.open(Settings())).serve()
"""


@pytest.mark.parametrize("made_anew", [False, True], ids=["deleted", "made anew"])
def test_it_ends_with_a_line_that_says_why(
    settings: Settings, workspace: Workspace, environment: dict[str, str], tmp_path: Path, made_anew: bool
) -> None:
    said = tmp_path / "said"
    with said.open("wb") as output:
        command = [sys.executable, "-c", SUPERVISE, "1.0"]
        own = {**environment, "TRAINDECK_STANDBY": "false"}
        process = subprocess.Popen(command, env=own, cwd=PROJECT_ROOT, stdout=output, stderr=output)
    try:
        wait_until(lambda: living_supervisor(workspace), "the supervisor reports itself")
        workspace.close()
        shutil.rmtree(settings.home.rename(settings.home.with_name("deleted")))  # at once: it writes there meanwhile
        if made_anew:
            Workspace.open(settings).close()
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
    assert f"The workspace {settings.home} has been away for 1 seconds" in said.read_text()
    assert settings.home.exists() == made_anew


def test_it_waits_for_a_workspace_that_comes_back_and_uses_no_cpu_meanwhile(
    settings: Settings, workspace: Workspace, environment: dict[str, str]
) -> None:
    command = [sys.executable, "-c", SUPERVISE, "1000"]
    own = {**environment, "TRAINDECK_STANDBY": "false"}
    process = subprocess.Popen(command, env=own, cwd=PROJECT_ROOT)
    try:
        host = wait_until(lambda: living_supervisor(workspace), "the supervisor reports itself")
        away = settings.home.rename(settings.home.with_name("away"))
        seen = psutil.Process(process.pid)
        switches, used = seen.num_ctx_switches().voluntary, sum(seen.cpu_times()[:2])
        wait_until(lambda: seen.num_ctx_switches().voluntary > switches + 5, "it has looked some times")
        assert sum(seen.cpu_times()[:2]) - used < 1.0, "seconds of CPU for a handful of looks"
        away.rename(settings.home)
        reported = wait_until(lambda: living_supervisor(workspace), "it is there again").heartbeat_at
        assert reported >= host.heartbeat_at
        wait_until(lambda: living_supervisor(workspace).heartbeat_at > reported, "it reports again")  # type: ignore[union-attr]
    finally:
        process.terminate()
        process.wait()
