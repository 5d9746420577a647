"""Rows of the queue that this version does not accept end as failed, with the reason; the queue goes on."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from core import runs
from core.common.workspace import Workspace
from db.records import RunState
from tests.host import Host

ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown field": ({"resources": {"priority": 1}}, "resources.priority: is not a known field"),
    "a wrong type": ({"resources": {"gpus": "many"}}, "resources.gpus: must be a valid integer"),
    "a value out of range": ({"resources": {"gpus": 0}}, "resources.gpus: must be greater than or equal to 1"),
    "a list": ({"resources": [1, 2]}, "resources: must be a mapping of names to values; received [1, 2]"),
    "a number": ({"resources": 7}, "resources: must be a mapping of names to values; received 7"),
    "an unknown kind": ({"kind": "rocket"}, "kind: 'rocket' is not known; accepted are network"),
    "an empty kind": ({"kind": ""}, "kind: '' is not known"),
    "both": (
        {"kind": "netwrk", "resources": {"slot": 1}},
        "did you mean network?); accepted are network, script; resources.",
    ),
    "a config that is a list": ({"config": [1]}, "is of another version of Traindeck: data: is missing"),
    "an unknown field of the config": ({"config": {"data": {"source": "digits"}, "x": 1}}, "x: is not a known field"),
    "sections that are lists": ({"config": {"data": [], "training": []}}, "training: must be a mapping"),
    "slots that are no list": ({"resources": {"x": 1}, "slots": {"a": 1}}, "resources.x"),
    "facts that are a list": ({"resources": {"x": 1}, "facts": [1]}, "resources.x"),
}


def test_each_ends_with_its_reason_and_those_behind_it_are_trained(host: Host) -> None:
    first = host.launch(**{"training.epochs": 1})
    bad = {name: host.queue_row(**columns) for name, (columns, _) in ROWS.items()}
    last = host.launch(**{"training.epochs": 1})

    assert host.ended(last).state is host.ended(first).state is RunState.FINISHED
    for name, run_id in bad.items():
        run = host.ended(run_id)
        assert (run.state, ROWS[name][1] in run.reason) == (RunState.FAILED, True), f"{name}: {run.reason}"


def test_what_is_no_json_at_all_ends_as_failed_too(host: Host) -> None:
    with_config, with_wish = host.queue_row(state="stopped"), host.queue_row(state="stopped")  # until they are broken
    for column, run_id in (("resources", with_wish), ("config", with_config)):
        with host.workspace.write() as session:
            broken = sa.text(f"UPDATE runs SET {column} = '{{not json', state = 'queued' WHERE id = :run")
            session.execute(broken, {"run": run_id})
    following = host.launch(**{"training.epochs": 1})

    assert host.ended(following).state is RunState.FINISHED
    assert "received '{not json'" in host.ended(with_wish).reason
    assert host.ended(with_config).state is RunState.FAILED
    assert runs.spec(host.run(with_config)) is None


@pytest.fixture
def broken_trigger(host: Host) -> Iterator[Workspace]:
    """A database that refuses whatever is written to runs named "cursed", with an error of its own."""
    with host.workspace.write() as session:
        session.execute(
            sa.text(
                "CREATE TRIGGER cursed BEFORE UPDATE ON runs WHEN OLD.name = 'cursed' AND NEW.name = 'cursed' "
                "BEGIN SELECT RAISE(ABORT, 'not this one'); END"
            )
        )
    yield host.workspace
    with host.workspace.write() as session:
        session.execute(sa.text("DROP TRIGGER cursed"))


def test_an_error_of_the_database_about_one_run_does_not_stop_the_others(host: Host, broken_trigger: Workspace) -> None:
    cursed = host.queue_row(name="cursed", resources={"slot": "gpu:99"})
    following = [host.launch(**{"training.epochs": 1}) for _ in range(2)]

    for run_id in following:
        assert host.ended(run_id).state is RunState.FINISHED
    assert host.run(cursed).state is RunState.QUEUED
    log = (host.workspace.settings.home / "supervisor.log").read_text()
    assert f"Run {cursed}: failed, trying again in 1 s." in log
    assert "not this one" in log
    assert host.process is None or host.process.poll() is None
