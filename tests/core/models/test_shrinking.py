"""Make it small by training: what applies, what there is no time for, and what is said of too great a loss."""

import time

import pytest

import db.jobs
import db.runs
from core import models, runs
from core.common.context import Context
from core.config.presets import get_preset
from core.jobs.new_version import Asked, Request, Smaller, asked
from core.models import ModelError, shrinking
from core.models.shrinking import WAYS
from core.runs.compressing import compressed
from core.runs.queueing import is_late
from db.records import RunState
from tests.core.models.conftest import Leave, database_url, leave

__all__ = ["database_url", "leave"]
DIGITS = get_preset("digits-mlp").raw


def finish(context: Context, run_id: int, state: RunState = RunState.FINISHED) -> None:
    with context.workspace.write() as session:
        db.runs.update(session, run_id, state=state.value, finished_at=2.0)


def test_a_training_waits_its_turn_and_its_job_waits_for_the_training(context: Context, leave: Leave) -> None:
    version = models.register(context, leave(config=DIGITS), "digits")
    assert not any(shrinking.applying(context, version).values())
    assert shrinking.ask_trainings(context, version, list(WAYS), within=0.01, minutes=0.5) == [
        f"{WAYS[name].title} is not tried: the training of run 1 took 0.2 minutes, and it would not be over within 0.5."
        for name in ("distil", "prune-more", "prune-less")
    ]
    made_of = [each.request.made_of for each in reversed(asked(context))]
    twice = shrinking.ask_trainings(context, version, ["units", "prune"], within=0.01, minutes=30)
    assert twice == [f"{WAYS[name].title} is being tried already." for name in ("units", "prune")]
    assert is_late(runs.get(context, 2), time.time() + 31)
    assert not is_late(runs.get(context, 2), time.time())
    assert [each.title for each in made_of if isinstance(each, Smaller)] == [
        WAYS[name].title for name in ("units", "prune", "factorise")
    ]
    with context.workspace.read() as session:
        assert db.jobs.unfinished(session) == []
    finish(context, 2, RunState.FAILED)
    finish(context, 3)
    with context.workspace.read() as session:
        assert len(db.jobs.unfinished(session)) == 2


@pytest.mark.parametrize(("accuracy", "keeps"), [(0.9, True), (0.89, True), (0.85, False), (0.95, True)])
def test_what_lost_too_much_is_no_version(context: Context, leave: Leave, accuracy: float, keeps: bool) -> None:
    version = models.register(context, leave(config=DIGITS), "digits")
    config = compressed(DIGITS, version.run_id, "prune")
    run = leave(accuracy=accuracy, config=config, content=b"others")
    made_of = Smaller(run=run.id, of=version.title, within=0.01, until=1.0, title=WAYS["prune"].title)
    request = Request(made_of=made_of, model="digits", note="Prune weights, 80 %, of digits@1", actor="ada")
    if keeps:
        made = shrinking.kept(context, request, made_of)
        assert (made.title, made.note) == ("digits@2", request.note)
        [found] = shrinking.smaller_versions(context, version)
        assert (found.version.title, found.how) == ("digits@2", "pruned 80 %")
        assert shrinking.smaller_versions(context, made) == []
        return
    with pytest.raises(ModelError, match=r"loses 5 points, and at most 1 point was to be lost, so no version is made"):
        shrinking.kept(context, request, made_of)
    assert len(models.get(context, "digits").versions) == 1
    finish(context, run.id, RunState.STOPPED)
    with pytest.raises(shrinking.UnfinishedError, match=rf"run {run.id} is stopped"):
        shrinking.kept(context, request, made_of)
    shrinking.again(context, Asked("smaller", request))
    [waits] = asked(context)
    assert isinstance(waits.request.made_of, Smaller)
    assert runs.get(context, waits.request.made_of.run).state is RunState.QUEUED
    assert shrinking.on_the_way(context, version) == [
        f"Prune weights, 80 %: run {waits.request.made_of.run} is queued."
    ]


def test_why_a_way_does_not_apply_is_said(context: Context, leave: Leave) -> None:
    version = models.register(context, leave(config=DIGITS), "digits", "last")
    why = shrinking.applying(context, version)
    assert set(why) == set(WAYS)
    assert all("a run begins from the best checkpoint" in each for each in why.values())
    told = shrinking.ask_trainings(context, version, ["prune"], within=0.01, minutes=30)
    assert told == [f"Prune weights, 80 % is not tried. {why['prune']}"]
    assert runs.active(context) == []
