"""A server, its supervisor and a training whose database is deleted, replaced, overwritten or cut short under them."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from db.records import RunState
from tests.host import ENDLESS, PATIENCE_SECONDS, Host, wait_until
from tests.server import Server

Fault = Callable[[Path], None]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("faults") / "workspace", user="ada")


@pytest.fixture(scope="module")
def workspace(settings: Settings) -> Iterator[Workspace]:
    opened = Workspace.open(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(workspace: Workspace) -> Iterator[Server]:
    with Server(workspace.settings) as started:
        yield started


def _copied(file: Path) -> Path:
    """A backup, as SQLite makes it."""
    target = file.with_name("backup.db")
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()
    return target


def delete(file: Path) -> None:
    for path in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        path.unlink()


def replace(file: Path) -> None:
    other = Settings(home=file.parent / "other")
    Workspace.open(other).close()
    assert other.database_file is not None
    other.database_file.rename(file)
    shutil.rmtree(other.home)


def overwrite(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(os.urandom(16384))


def empty(file: Path) -> None:
    os.truncate(file, 0)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (delete, "is gone: its file was deleted or moved away"),
        (replace, "is not the one that was opened"),
        (overwrite, "was overwritten"),
        (empty, "was cut short"),
    ],
    ids=["deleted", "replaced", "overwritten", "cut short"],
)
def test_it_is_told_everywhere_and_all_goes_on_when_a_copy_is_put_in_its_place(
    server: Server, workspace: Workspace, broken: Fault, words: str
) -> None:
    settings, host = workspace.settings, Host(workspace)
    assert settings.database_file is not None
    run_id = host.launch(**ENDLESS)
    host.learning(run_id)
    # Nobody stores anything between the copy and the fault; who waits to do so has looked at the file before.
    with contextlib.closing(sqlite3.connect(settings.database_file, timeout=PATIENCE_SECONDS)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        copy = _copied(settings.database_file)
        broken(settings.database_file)

    wait_until(lambda: words in str(server.health().get("database", {}).get("error")), "health tells it")
    assert not server.health()["alive"]
    log = settings.log_file(run_id)
    wait_until(lambda: "Metrics wait in memory" in log.read_text() and words in log.read_text(), "the trainer tells it")
    told = settings.home / "supervisor.log"
    wait_until(lambda: "out of reach, trying again" in told.read_text(), "the supervisor tells it")
    doctor = subprocess.run(
        [sys.executable, "-m", "core", "doctor"],
        env=os.environ | settings.environment(),
        cwd=PROJECT_ROOT,
        text=True,
        capture_output=True,
    )
    assert doctor.returncode == 1
    assert "Database" in doctor.stdout
    supervisor = _pid(server)

    shutil.copyfile(copy, settings.database_file.with_name("restored.db"))
    settings.database_file.with_name("restored.db").rename(settings.database_file)
    wait_until(lambda: server.health().get("alive"), "all is well again")
    count = len(runs.history(host.context, run_id, "loss"))
    wait_until(lambda: len(runs.history(host.context, run_id, "loss")) > count, "the trainer stores again")
    assert host.run(run_id).state is RunState.RUNNING
    assert supervisor in (None, _pid(server)), "the same supervisor, which has waited"
    after = host.launch(**{"training.epochs": 1})
    runs.stop(Context.of_shell(workspace), [run_id])
    assert host.ended(run_id).state is RunState.STOPPED
    steps = runs.history(host.context, run_id, "loss").step
    assert list(steps) == list(range(steps[0], steps[-1] + 1, steps[0])), "no epoch's point is missing"
    assert host.ended(after).state is RunState.FINISHED


def _pid(server: Server) -> int | None:
    pid = server.health().get("supervisor", {}).get("pid")
    return int(pid) if pid is not None else None
