"""Which runs a search chose its configs by, once it has confirmed these."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import db.experiment_rows
import db.runs
import db.sweeps
from core.common.workspace import Workspace
from db.engine import MIGRATIONS, open_database
from db.sweep_records import SweepRecord, SweepState, TrialRecord
from tests.conftest import AddRun

WIDE, NARROW = {"units": [64, 64], "rate": 0.1}, {"units": [8], "rate": 0.1}


@pytest.fixture
def sweep(workspace: Workspace, add_run: AddRun) -> int:
    """Run 1 was confirmed by run 4, run 2 is of the same config, run 3 of another, run 5 of no trial."""
    for _ in range(5):
        add_run()
    with workspace.write() as session:
        number = db.sweeps.insert(session, SweepRecord(0, "one", SweepState.RUNNING, {}))
        trials = [
            TrialRecord(number, 0, 0, 1, WIDE),
            TrialRecord(number, 1, 0, 2, WIDE),
            TrialRecord(number, 2, 0, 3, NARROW),
            TrialRecord(number, 3, 0, None, WIDE),
            TrialRecord(number, 0, 1000, 4, WIDE, origin="confirm"),
        ]
        db.sweeps.add_trials(session, trials)
        other = db.sweeps.insert(session, SweepRecord(0, "another", SweepState.RUNNING, {}))
        db.sweeps.add_trials(session, [TrialRecord(other, 0, 0, 5, WIDE)])  # which confirmed nothing
    return number


def chosen(workspace: Workspace) -> list[int]:
    with workspace.read() as session:
        found = db.runs.get_many(session, range(1, 7))
        ranked = db.experiment_rows.read(session, "default", range(1, 7))
    assert {run.id: (run.chosen_by_search, run.of_search) for run in found} == {
        number: (run.chosen_by_search, run.of_search) for number, run in ranked.items()
    }
    assert [run.id for run in found if not run.of_search and run.id < 6] == [4]
    return [run.id for run in found if run.chosen_by_search]


@pytest.mark.usefixtures("sweep")
def test_all_runs_of_a_config_that_was_confirmed_are_those_it_was_chosen_by(workspace: Workspace) -> None:
    assert chosen(workspace) == [1, 2]


def test_also_one_that_the_search_tries_again_after_it_was_confirmed(
    workspace: Workspace, sweep: int, add_run: AddRun
) -> None:
    add_run()
    with workspace.write() as session:
        db.sweeps.add_trials(session, [TrialRecord(sweep, 4, 0, 6, WIDE)])
    assert chosen(workspace) == [1, 2, 6]


def test_it_is_known_when_the_sweep_is_deleted(workspace: Workspace, sweep: int) -> None:
    with workspace.write() as session:
        db.sweeps.delete(session, sweep)
    assert chosen(workspace) == [1, 2]


def test_what_is_kept_of_a_run_is_read_again_once_its_config_is_confirmed(workspace: Workspace, sweep: int) -> None:
    with workspace.read() as session:
        before = db.experiment_rows.stamps(session, "default")
    with workspace.write() as session:
        db.sweeps.add_trials(session, [TrialRecord(sweep, 2, 1000, None, NARROW, origin="confirm")])
    with workspace.read() as session:
        after = db.experiment_rows.stamps(session, "default")
    assert [run for run in before if before[run] != after[run]] == [3]


def test_a_store_of_before_is_told_by_its_trials(tmp_path: Path) -> None:
    """That was in the trials alone, and went with them."""
    engine = sa.create_engine(url := f"sqlite:///{tmp_path / 'store.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0028_run_folds")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO experiments (id, name, created_at) VALUES (1, 'old', 5.0)")
        for run in (1, 2, 3):
            columns = "id, uid, name, experiment_id, state, config, reason, preset, created_by, notes, created_at"
            connection.exec_driver_sql(
                f"INSERT INTO runs ({columns}, queued_at, host, slots, attempt, unstarted, trained_seconds, "
                "stop_requested, step, total_steps, steps_per_epoch, facts) "
                f"VALUES ({run}, '{run}', 'old', 1, 'finished', '{{}}', '', '', '', '', 1, 1, '', '[]', 1, 0, 1, '', "
                "1, 1, 1, '{}')"
            )
        columns = "sweep_id, number, repeat, run_id, params, attributes, origin, state, seconds, note, created_at"
        connection.exec_driver_sql(
            "INSERT INTO sweeps (id, name, state, reason, definition, created_by, created_at, revision, told) "
            "VALUES (1, 'one', 'finished', '', '{}', '', 1, 0, '{}')"
        )
        for number, repeat, run, params in ((0, 0, 1, '{"rate": 0.1}'), (1, 0, 2, "{}"), (0, 1000, 3, '{"rate": 0.1}')):
            values = (1, number, repeat, run, params, "{}", "confirm" if repeat else "search", "finished", 1, "", 1)
            connection.exec_driver_sql(f"INSERT INTO sweep_trials ({columns}) VALUES ({', '.join('?' * 11)})", values)
    engine.dispose()
    database = open_database(url)
    with database.read() as session:
        found = db.runs.get_many(session, [1, 2, 3])
    assert [run.chosen_by_search for run in found] == [True, False, False]
    assert [run.of_search for run in found] == [True, True, False]
    database.dispose()
