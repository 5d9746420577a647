"""What became of runs that were recorded before there were attempts."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import db.attempts
import db.metrics
import db.runs
from db.engine import MIGRATIONS, Database, open_database
from db.records import Stretch

BEFORE = "0002_curves"
RUN: dict[str, Any] = {
    **{"name": "old", "experiment_id": 1, "state": "finished", "config": "{}", "reason": "", "preset": ""},
    **{"created_by": "ada", "notes": "", "created_at": 90.0, "queued_at": 90.0, "starting_at": 95.0},
    **{"training_at": 100.0, "evaluating_at": None, "finished_at": 142.0, "host": "ada", "slots": '["cpu:0"]'},
    **{"pid": 7, "pid_started": 1.5, "attempt": 1, "heartbeat_at": 141.0, "stop_requested": "", "step": 30},
    **{"total_steps": 50, "steps_per_epoch": 10},
}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


def migrated(url: str, **changes: Any) -> Database:
    """A store of the schema before, with one run and points every second while it trained, brought up to date."""
    engine = sa.create_engine(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
    facts = json.dumps(changes.pop("facts", {}))
    row = {**RUN, "id": 1, "uid": "u", "facts": facts, **changes}
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO experiments VALUES (1, 'old', 5.0)")
        statement = f"INSERT INTO runs ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"
        connection.execute(sa.text(statement), row)
        connection.exec_driver_sql("INSERT INTO artifacts VALUES (1, 'best', 'checkpoint', 'best.keras', 5, 1.0)")
        points = [(step, 100.0 + step) for step in range(1, 11)] + [(step, 1000.0 + step) for step in range(11, 31)]
        connection.exec_driver_sql("INSERT INTO metric_points VALUES (1, 1, ?, 0.5, ?)", points)
        connection.exec_driver_sql("INSERT INTO metrics VALUES (1, 'loss', 'min'), (2, 'gone', 'min')")
        columns = "run_id, metric_id, last, best, min, max, best_step, last_step, count, curve"
        rows = [(1, metric, 0.5, 0.5, 0.5, 0.5, 1, 30, 30, "[]") for metric in (1, 2)]
        statement = f"INSERT INTO summaries ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        connection.exec_driver_sql(statement, rows)
    engine.dispose()
    return open_database(url)


def test_a_run_gets_one_attempt_with_its_facts_and_its_time(url: str) -> None:
    facts = {"device": "CPU", "engine": {"way": "graph", "why": "so"}}
    database = migrated(url, facts=facts, evaluating_at=140.0)
    with database.read() as session:
        run = db.runs.get(session, 1)
        [attempt] = db.attempts.of_run(session, 1)
        [artifact] = db.runs.artifacts_of(session, 1)
    database.dispose()
    assert run is not None
    assert run.facts == attempt.facts == {"device": "CPU", "engine": {"mode": "graph", "why": "so"}}
    assert (run.trained_seconds, attempt.trained_seconds, run.unstarted, run.attempt) == (40.0, 40.0, 0, 1)
    assert (attempt.number, attempt.host, attempt.slots, attempt.pid) == (1, "ada", ("cpu:0",), 7)
    assert (attempt.starting_at, attempt.training_at, attempt.ended_at) == (95.0, 100.0, 142.0)
    assert (attempt.state, artifact.attempt) == ("finished", 0)


def test_a_run_that_was_resumed_gets_one_for_each_time_and_its_pauses_do_not_count(url: str) -> None:
    facts = {"device": "CPU", "resumed": [{"at": 1010.0, "step": 10}]}
    database = migrated(url, facts=facts, finished_at=1032.0, starting_at=1005.0)
    with database.read() as session:
        run = db.runs.get(session, 1)
        first, second = db.attempts.of_run(session, 1)
    database.dispose()
    assert run is not None
    assert run.facts == second.facts == {"device": "CPU"}
    assert first.facts == {}
    assert (run.trained_seconds, run.attempt) == (10.0 + 22.0, 2)
    assert run.stretches == (Stretch(100.0), Stretch(1010.0, before=10.0, first_step=10))
    assert (first.ended_at, second.ended_at, second.state, first.state) == (110.0, 1032.0, "finished", "")


def test_a_summary_tells_when_its_last_value_was_measured(url: str) -> None:
    database = migrated(url)
    with database.read() as session:
        found = db.metrics.summaries(session, [1])[1]
    database.dispose()
    assert {name: summary.last_at for name, summary in found.items()} == {"loss": 1030.0, "gone": 0.0}


@pytest.mark.parametrize(
    ("changes", "attempts", "trained"),
    [
        ({"state": "queued", "starting_at": None, "training_at": None, "finished_at": None, "attempt": 0}, 0, 0.0),
        ({"state": "starting", "training_at": None, "finished_at": None}, 1, 0.0),
        ({"state": "running", "finished_at": None}, 1, 41.0),
        ({"state": "lost", "attempt": 3}, 3, 42.0),
    ],
    ids=["queued", "starting", "running", "lost"],
)
def test_a_run_in_any_state_is_taken_over(url: str, changes: dict[str, Any], attempts: int, trained: float) -> None:
    database = migrated(url, **changes)
    with database.read() as session:
        run = db.runs.get(session, 1)
        found = db.attempts.of_run(session, 1)
    database.dispose()
    assert run is not None
    assert (run.attempt, run.trained_seconds, run.state.value) == (attempts, trained, changes["state"])
    assert [attempt.number for attempt in found] == ([attempts] if attempts else [])
