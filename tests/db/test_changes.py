"""A watcher sees commits, and only those."""

import pytest

import db.runs
from core.common.workspace import Workspace
from core.tracking.recorder import Recorder
from db.changes import Changes
from tests.conftest import AddRun
from tests.host import wait_until
from tests.postgres import Postgres, only_postgres


@pytest.fixture(autouse=True)
def connected(workspace: Workspace) -> None:
    """A new connection sets its pragmas, which SQLite may count as a change; here the next one is there already."""
    with workspace.read() as first, workspace.read() as second:
        db.runs.experiments(first)
        db.runs.experiments(second)


def changed(changes: Changes) -> bool:
    """As soon as the watcher has heard of it: a server's word comes a little after the commit."""
    return bool(wait_until(changes.any, "the commit is seen"))


def test_a_commit_on_another_connection_is_seen_once(workspace: Workspace) -> None:
    changes = Changes(workspace.database)
    changes.any()
    assert not changes.any()
    with workspace.write() as session:
        db.runs.experiment_id(session, "new")
        assert not changes.any()
    assert changed(changes)
    assert not changes.any()
    changes.close()


def test_reading_changes_nothing(workspace: Workspace) -> None:
    changes = Changes(workspace.database)
    changes.any()
    with workspace.read() as session:
        db.runs.experiments(session)
    assert not changes.any()
    changes.close()


@only_postgres
def test_metrics_are_no_news_to_a_supervisor(workspace: Workspace, add_run: AddRun) -> None:
    recorder = Recorder(workspace, add_run())
    changes = Changes(workspace.database)
    changes.any()
    recorder.log({"loss": 1.0}, 1)
    recorder.flush()
    with workspace.write() as session:
        db.runs.experiment_id(session, "new")
    assert changed(changes)
    assert not changes.any()
    changes.close()


@only_postgres
def test_a_listener_that_lost_its_connection_listens_again(workspace: Workspace, postgres: Postgres) -> None:
    changes = Changes(workspace.database)
    changes.any()
    postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    assert changed(changes)  # it cannot know what it missed
    assert changed(changes)  # and says so once more when it listens again
    assert not changes.any()
    with workspace.write() as session:
        db.runs.experiment_id(session, "new")
    assert changed(changes)
    changes.close()
