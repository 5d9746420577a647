"""Which runs a search chose its configs by, once it has confirmed these."""

import pytest

import db.experiment_rows
import db.runs
import db.sweeps
from core.common.workspace import Workspace
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


@pytest.mark.usefixtures("sweep")
def test_all_runs_of_a_config_that_was_confirmed_are_those_it_was_chosen_by(workspace: Workspace) -> None:
    with workspace.read() as session:
        assert db.sweeps.chosen_by_search(session) == {1, 2}
        assert db.sweeps.chosen_by_search(session, [2, 3, 4, 99]) == {2}
        assert db.sweeps.chosen_by_search(session, []) == set()


def test_every_record_of_a_run_says_it(workspace: Workspace, sweep: int) -> None:
    with workspace.read() as session:
        found = db.runs.get_many(session, range(1, 6))
        ranked = db.experiment_rows.read(session, "default", range(1, 6))
        before = db.experiment_rows.stamps(session, "default")
    assert [run.chosen_by_search for run in found] == [True, True, False, False, False]
    assert [ranked[run.id].chosen_by_search for run in found] == [True, True, False, False, False]
    assert [run.of_search for run in found] == [True, True, True, False, True]
    assert [ranked[run.id].of_search for run in found] == [True, True, True, False, True]
    with workspace.write() as session:
        db.sweeps.delete(session, sweep)
    with workspace.read() as session:
        after = db.experiment_rows.stamps(session, "default")
        assert db.sweeps.chosen_by_search(session) == set()
    assert [run for run in before if before[run] != after[run]] == [1, 2]
