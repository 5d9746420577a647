"""Trainings of a sweep, by real trainers."""

import numpy as np
import pytest

from core import runs
from core.common.context import Context
from core.config.presets import get_preset
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from db.records import RunState
from tests.core.conftest import StartRun
from tests.core.sweeps.conftest import Begin, End


def test_a_training_ends_itself_at_a_rung_where_another_trial_is_better(
    context: Context, begin: Begin, end: End, start: StartRun
) -> None:
    base = get_preset("digits-mlp").raw
    sweep = begin(base=base, pruning={"name": "asha", "first": 2, "factor": 3}, at_once=2)
    Advancing(context).look(sweep)
    better, run = (each.kept.run_id or 0 for each in view(context, sweep).active)
    end(better, [1e-5, 1e-5], None)  # val_loss of its first epochs
    child = start(run)
    assert child.wait() == 0, child.log
    ended = runs.get(context, run)
    assert (ended.state, ended.reason) == (RunState.PRUNED, "Pruned by its sweep, after 72 of 1,080 steps.")
    assert len(runs.history(context, run, "val_loss")) == 2
    assert not [name for name in runs.summaries(context, [run])[run] if name.startswith("test_")]
    assert runs.can_resume(context, ended)
    trial = view(context, sweep).trials[1]
    assert trial.state == "pruned"
    assert trial.values == pytest.approx((np.min(runs.history(context, run, "val_loss").value),))
    assert trial.note == "At rung 2 it was number 2 of the 2 that had come there by then; one in 3 goes on."
