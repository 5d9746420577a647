"""A watcher sees commits, and only those."""

import pytest

import db.runs
from core.common.workspace import Workspace
from db.changes import Changes


@pytest.fixture(autouse=True)
def connected(workspace: Workspace) -> None:
    """A new connection sets its pragmas, which SQLite may count as a change; here the next one is there already."""
    with workspace.read() as first, workspace.read() as second:
        db.runs.experiments(first)
        db.runs.experiments(second)


def test_a_commit_on_another_connection_is_seen_once(workspace: Workspace):
    changes = Changes(workspace.database)
    changes.any()
    assert not changes.any()
    with workspace.write() as session:
        db.runs.experiment_id(session, "new")
        assert not changes.any()
    assert changes.any()
    assert not changes.any()
    changes.close()


def test_reading_changes_nothing(workspace: Workspace):
    changes = Changes(workspace.database)
    changes.any()
    with workspace.read() as session:
        db.runs.experiments(session)
    assert not changes.any()
    changes.close()
