"""Two recorders of one run: each goes on from what is in the store, whoever wrote it."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import runs
from core.common.context import Context
from core.common.errors import StoreError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.tracking.downsampling import downsample
from core.tracking.recorder import Recorder
from tests.conftest import AddRun
from tests.processes import together

FLUSHES, POINTS = 30, 40


def checked(context: Context, run_id: int, name: str, count: int) -> None:
    """Summary and chart are those of the points."""
    series = runs.history(context, run_id, name)
    found = runs.summaries(context, [run_id])[run_id][name]
    assert len(series) == found.count == count
    assert (found.min, found.max) == (series.value.min(), series.value.max())
    assert found.best == found.min
    assert series.value[series.step == found.best_step].min() == found.best
    assert found.last in series.value[series.step == found.last_step]
    drawn = runs.histories(context, [run_id], [name])[run_id, name]
    np.testing.assert_array_equal(drawn.value, downsample(series).value)


@pytest.mark.parametrize("rises", [True, False])
def test_two_recorders_that_take_turns_never_corrupt_the_summary(
    workspace: Workspace, context: Context, add_run: AddRun, rises: bool
) -> None:
    run_id = add_run()
    recorders = [Recorder(workspace, run_id) for _ in range(2)]
    values = np.random.default_rng(0).normal(size=4000)
    for turn, first in enumerate(range(0, 4000, 250)):
        steps = np.arange(first, first + 250) if rises else np.arange(250) * 2
        recorders[turn % 2].log_series("loss", steps, values[first : first + 250], steps * 1.0)
        recorders[turn % 2].flush()
        checked(context, run_id, "loss", first + 250)


def test_what_one_recorder_rewinds_the_other_does_not_count(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    first, second = Recorder(workspace, run_id), Recorder(workspace, run_id)
    first.log_series("loss", range(100), np.linspace(2, 1, 100), np.zeros(100))
    first.flush()
    second.rewind(49)
    second.log_series("loss", range(50, 100), np.linspace(3, 4, 50), np.zeros(50))  # as many as before
    second.flush()
    first.log({"loss": 5.0}, 100)
    first.flush()
    checked(context, run_id, "loss", 101)


def test_two_processes_that_record_one_run_at_once_lose_and_double_nothing(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    together(_record, [(workspace.settings, run_id, writer) for writer in range(2)])
    for name in ("shared_loss", "step_loss"):
        checked(context, run_id, name, 2 * FLUSHES * POINTS)
    assert runs.history(context, run_id, "step_loss").step.tolist() == [0] * 2 * FLUSHES * POINTS
    for writer in range(2):
        checked(context, run_id, f"own_loss {writer}", FLUSHES * POINTS)


def _record(settings: Settings, run_id: int, writer: int) -> None:
    workspace = Workspace.open(settings)
    recorder = Recorder(workspace, run_id)
    for step in range(FLUSHES * POINTS):
        value = 1.0 + writer / 2 - step / 1000
        recorder.log({"shared_loss": value, f"own_loss {writer}": value}, step)
        recorder.log({"step_loss": value}, 0)
        if step % POINTS == POINTS - 1:
            recorder.flush()
    workspace.close()


@contextmanager
def lost_answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The next commit is made, but the connection is lost before anybody hears of it."""
    commit = Session.commit

    def committed(session: Session) -> None:
        commit(session)
        raise OperationalError("COMMIT", {}, ConnectionError("server closed the connection unexpectedly"))

    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", committed)
        yield


def test_a_flush_that_was_stored_although_it_seemed_to_fail_is_not_sent_again(
    workspace: Workspace, context: Context, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    recorder.log({"loss": 1.0, "accuracy": 0.5}, 1)
    with lost_answer(monkeypatch), pytest.raises(StoreError, match="closed the connection"):
        recorder.flush()
    recorder.log({"loss": 0.5}, 2)
    recorder.flush()
    recorder.flush()
    assert runs.history(context, run_id, "loss").value.tolist() == [1.0, 0.5]
    checked(context, run_id, "loss", 2)
    assert runs.history(context, run_id, "accuracy").value.tolist() == [0.5]
