"""A sweep whose data set goes away or becomes another one, and runs of other tasks that it is told to begin from."""

from pathlib import Path
from typing import Any

import pytest

import db.runs
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.config.edit import with_values
from core.config.presets import get_preset
from core.data.library.read_options import TableOptions
from core.runs import data_sets
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from db.records import RunState
from db.sweep_records import SweepState
from tests.core.sweeps.conftest import Begin, End


def _add(context: Context, folder: Path, rows: int) -> None:
    table = folder / f"{rows}.csv"
    table.write_text("a,y\n" + "".join(f"{row * 0.5},{row % 2}\n" for row in range(rows)))
    data_sets.add(context, "table", "mine", table, TableOptions(target="y"))


def _ends(context: Context, end: End, sweep: int, value: float, data: str) -> None:
    """The one run that is at work learned from data with this fingerprint."""
    [active] = view(context, sweep).active
    end(active.kept.run_id, [value], data=data)


def test_a_data_set_that_is_removed_pauses_the_sweep_and_spends_none_of_its_trials(
    context: Context, begin: Begin, end: End, tmp_path: Path
) -> None:
    _add(context, tmp_path, 200)
    base = {"data": {"source": "table", "dataset": "mine"}, "architecture": {"name": "mlp"}}
    sweep = begin(["training.batch_size=8..64"], base=base, budget={"trials": 3}, repeats=2)
    advancing = Advancing(context)
    advancing.look(sweep)
    end(view(context, sweep).trials[0].run_ids[0], [0.5])  # and its second seed is wanted
    data_sets.remove(context, "mine")
    advancing.look(sweep)
    found = view(context, sweep)
    assert found.sweep.state is SweepState.PAUSED
    assert "There is no added data set 'mine' on this host" in found.sweep.reason
    assert found.sweep.reason.endswith("Then go on.")
    assert [len(trial.runs) for trial in found.trials] == [1]
    _add(context, tmp_path, 200)
    managing.go_on(context, sweep)
    advancing.look(sweep)
    assert [len(trial.runs) for trial in view(context, sweep).trials] == [2]


def test_trials_on_other_data_of_the_same_name_are_never_the_best_and_pause_the_sweep(
    context: Context, begin: Begin, end: End
) -> None:
    sweep = begin(budget={"trials": 9})
    advancing = Advancing(context)
    for value, data in ((0.5, "one"), (0.01, "other")):
        advancing.look(sweep)
        _ends(context, end, sweep, value, data)
    found = view(context, sweep)  # before anything of it is kept
    assert (found.trials[1].state, found.trials[1].values) == ("failed", None)
    advancing.look(sweep)
    found = view(context, sweep)
    assert found.sweep.state is SweepState.PAUSED
    assert "trial 1 learned from other data than trial 0" in found.sweep.reason
    best = found.best()
    assert best is not None
    assert best.number == 0
    managing.go_on(context, sweep)  # the data are as they were
    advancing.look(sweep)
    _ends(context, end, sweep, 0.4, "one")
    advancing.look(sweep)
    found = view(context, sweep)
    assert found.sweep.state is SweepState.RUNNING
    assert [trial.state for trial in found.trials[:3]] == ["finished", "failed", "finished"]
    runs.trash(context, [found.trials[1].run_ids[0]])
    runs.empty_trash(context)
    gone = view(context, sweep).trials[1]
    assert gone.values is None
    assert "It learned from other data than trial 0" in gone.note


@pytest.mark.parametrize(
    ("preset", "changes", "state", "why"),
    [
        ("iris-mlp", {}, RunState.FINISHED, r"does not vary: data.source \(iris, not digits\)"),
        (
            "digits-mlp",
            {"training.epochs": 3, "data.validation_split": 0.5},
            RunState.FINISHED,
            r"data.validation_split \(0.5, not 0.2\), training.epochs \(3, not",
        ),
        ("digits-mlp", {}, None, "is queued, and only what has finished"),
        ("digits-mlp", {}, RunState.FAILED, "is failed, and only what has finished"),
        ("digits-mlp", {"training.optimizer.learning_rate": 7.0}, RunState.FINISHED, "which is not in its range"),
    ],
)
def test_a_run_that_the_sweep_could_not_have_made_is_no_trial_of_it(
    context: Context, begin: Begin, end: End, preset: str, changes: dict[str, Any], state: RunState | None, why: str
) -> None:
    [run] = runs.create(context, runs.Draft(with_values(get_preset(preset).raw, changes)))
    if state:
        end(run, [0.01], state)
    with pytest.raises(ConfigError, match=why):
        begin(base=get_preset("digits-mlp").raw, earlier=(run,))
    assert managing.listing(context) == []


def test_a_run_of_another_seed_is_taken_and_stays_its_owners(context: Context, begin: Begin, end: End) -> None:
    base = get_preset("digits-mlp").raw
    changes = {"seed": 7, "evaluation.test": False, "training.optimizer.learning_rate": 0.01}
    [run] = runs.create(context, runs.Draft(with_values(base, changes)))
    end(run, [0.3], RunState.STOPPED)
    sweep = begin(base=base, earlier=(run,))
    with context.workspace.write() as session:  # somebody resumes it
        stopped, queued = RunState.STOPPED, RunState.QUEUED
        db.runs.transition(session, run, [stopped], queued, actor=context.actor, verb="resume", finished_at=None)
    assert view(context, sweep).active == []  # it is at work again, and none of the sweep's
    Advancing(context).look(sweep)
    assert len(managing.stop(context, sweep)) == 1
    assert runs.get(context, run).state is RunState.QUEUED
