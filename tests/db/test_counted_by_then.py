"""What counted of trials after so many values, by the database, is what the curves of all of their values say."""

import math

import numpy as np

import db.sweeps
from core.common.workspace import Workspace
from core.sweeps.early_end import counted
from core.tracking.recorder import Recorder
from db.sweep_records import SweepRecord, SweepState, TrialRecord
from tests.conftest import AddRun

TRIALS, MOST = 24, 6
HOW: dict[db.sweeps.How, bool] = {"min": True, "max": False, "last": True}  # and whether less is better


def test_it_is_what_the_curves_say(workspace: Workspace, add_run: AddRun) -> None:
    rng = np.random.default_rng(0)
    curves = {number: rng.normal(size=number % (MOST + 2)) for number in range(TRIALS)}
    for curve in curves.values():
        for missing in (math.nan, math.inf, -math.inf):
            curve[rng.random(len(curve)) < 0.15] = missing
    runs = {number: add_run(metrics={"loss": curve, "other": [-9.0]}) for number, curve in curves.items()}
    _log_again_at_the_last_step(workspace, runs[MOST + 1])
    of_a_repeat = add_run(metrics={"loss": [-9.0]})
    with workspace.write() as session:
        sweep = db.sweeps.insert(session, SweepRecord(0, "one", SweepState.RUNNING, {}))
        trials = [TrialRecord(sweep, number, 0, run, {"seed": number}) for number, run in runs.items()]
        db.sweeps.add_trials(session, [*trials, TrialRecord(sweep, 0, 1, of_a_repeat, {})])
        other = db.sweeps.insert(session, SweepRecord(0, "another", SweepState.RUNNING, {}))
        db.sweeps.add_trials(session, [TrialRecord(other, TRIALS, 0, runs[5], {})])
    with workspace.read() as session:
        for count in range(1, MOST + 3):
            values = db.sweeps.first_values(session, runs.values(), "loss", count)
            for how, is_min in HOW.items():
                found = db.sweeps.counted_by_then(session, sweep, "loss", count, how)
                assert {number: there for number, (there, _) in found.items()} == {
                    number: len(values[run]) for number, run in runs.items() if run in values
                }
                for number, (_, value) in found.items():
                    signed = (value if is_min else -value) if math.isfinite(value) else math.inf
                    assert signed == counted(values[runs[number]], is_min=is_min, best=how != "last")[-1]
        assert db.sweeps.counted_by_then(session, sweep, "nobody has it", 3, "min") == {}


def _log_again_at_the_last_step(workspace: Workspace, run: int) -> None:
    recorder = Recorder(workspace, run)
    recorder.log({"loss": -3.0}, 10 * (MOST + 1))
    recorder.flush()
