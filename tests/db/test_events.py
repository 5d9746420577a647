"""The history in the store."""

import json
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import db.events
import db.runs
from core.common.workspace import Workspace
from db.events import MAX_ITEMS, MAX_TEXT, bounded
from db.models import Event
from db.records import SUPERVISOR, TRAINER, Actor, EventRecord, RunState
from tests.conftest import AddRun
from tests.postgres import only_sqlite

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=2 * MAX_TEXT),
    lambda inner: st.lists(inner, max_size=2 * MAX_ITEMS) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=20,
)


def event(key: str, before: dict[str, object], after: dict[str, object], at: float = 5.0) -> EventRecord:
    return EventRecord(at, Actor("ada", "login"), "edit", "run", key, before, after)


def test_events_come_back_as_they_were_told_in_their_order_whatever_the_clock_says(workspace: Workspace) -> None:
    told = [event("7", {"name": "é"}, {"name": f"b{number}"}, at=100.0 - number) for number in range(5)]
    with workspace.write() as session:
        db.events.add(session, [*told, event("8", {}, {"name": "other"})])

    with workspace.read() as session:
        assert db.events.of(session, "run", "7", limit=10) == told
        assert db.events.of(session, "run", "7", limit=2) == told[-2:]
        assert db.events.of(session, "data set", "7", limit=10) == []


def test_what_changed_nothing_is_left_out(workspace: Workspace) -> None:
    with workspace.write() as session:
        db.events.add(session, [event("7", {"tags": ["a"]}, {"tags": ["a"]})])
        db.events.add(session, [])

    with workspace.read() as session:
        assert db.events.of(session, "run", "7", limit=10) == []


@given(JSON)
def test_what_is_kept_of_a_value_is_small_and_is_the_value_where_that_is_small(value: object) -> None:
    kept = bounded(value)
    assert bounded(kept) == kept
    assert len(json.dumps(kept)) <= len(json.dumps(value)) + 1000
    if _is_small(value):
        assert kept == value


def _is_small(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MAX_TEXT
    if isinstance(value, dict):
        return all(map(_is_small, value.values()))
    return not isinstance(value, list) or (len(value) <= MAX_ITEMS and all(map(_is_small, value)))


def test_a_change_of_state_is_noted_with_what_led_to_it_and_a_refused_one_is_not(
    workspace: Workspace, add_run: AddRun
) -> None:
    run_id = add_run(state=RunState.QUEUED)
    where: dict[str, Any] = {"host": "attic", "slots": ["cpu:0"], "reason": "", "starting_at": 7.0}
    with workspace.write() as session:
        assert db.runs.transition(session, run_id, [RunState.QUEUED], RunState.STARTING, actor=SUPERVISOR, **where)
        assert not db.runs.transition(session, run_id, [RunState.QUEUED], RunState.LOST, actor=SUPERVISOR)
        assert db.runs.transition(
            session, run_id, [RunState.STARTING], RunState.FAILED, actor=TRAINER, reason="No data."
        )

    with workspace.read() as session:
        found = db.events.of(session, "run", str(run_id), limit=10)
    assert [(each.actor, each.verb, each.before, each.after) for each in found] == [
        (SUPERVISOR, "starting", {"state": "queued"}, {"state": "starting", "host": "attic", "slots": ["cpu:0"]}),
        (TRAINER, "failed", {"state": "starting"}, {"state": "failed", "reason": "No data."}),
    ]


@only_sqlite
def test_a_history_is_found_by_its_index(workspace: Workspace) -> None:
    newest = sa.select(Event).where(Event.kind == "run", Event.key == "7").order_by(Event.id.desc()).limit(10)
    with workspace.read() as session:
        text = newest.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in session.execute(sa.text(f"EXPLAIN QUERY PLAN {text}"))]
    assert len(plan) == 1
    assert "USING INDEX ix_events_kind_key_id" in plan[0]
