"""Recording of metrics: points, summaries, retries, resuming."""

import math
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import core.tracking.recorder as recorder_module
import db.appending
from core import runs
from core.common.context import Context
from core.common.errors import StoreError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.tracking.downsampling import downsample
from core.tracking.recorder import Recorder
from core.tracking.summary import CURVE_POINTS
from db.engine import DatabaseError, Session
from db.records import Series, Summary
from tests.conftest import AddRun
from tests.postgres import only_sqlite


@contextmanager
def full_disk(workspace: Workspace) -> Iterator[None]:
    """SQLite's own error for a disk that is full, as long as it lasts."""
    limit = "PRAGMA max_page_count=1"

    def _limit(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute(limit)

    sa.event.listen(workspace.database.engine, "checkout", _limit)
    yield
    sa.event.remove(workspace.database.engine, "checkout", _limit)
    limit = "PRAGMA max_page_count=4294967294"
    sa.event.listen(workspace.database.engine, "checkout", _limit)


def test_points_and_summary_are_stored(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    for step, (loss, accuracy) in enumerate([(1.0, 0.2), (0.4, 0.6), (0.5, 0.9), (0.6, 0.9)]):
        recorder.log({"loss": loss, "accuracy": accuracy}, step, wall_time=100.0 + step)
    recorder.flush()
    series = runs.history(context, run_id, "loss")
    assert series.step.tolist() == [0, 1, 2, 3]
    assert series.value.tolist() == [1.0, 0.4, 0.5, 0.6]
    assert series.wall_time.tolist() == [100.0, 101.0, 102.0, 103.0]
    found = runs.summaries(context, [run_id])[run_id]
    of_loss, of_accuracy = found["loss"], found["accuracy"]
    assert (of_loss.last, of_loss.best, of_loss.min, of_loss.max) == (0.6, 0.4, 0.4, 1.0)
    assert (of_loss.best_step, of_loss.last_step, of_loss.count) == (1, 3, 4)
    assert (of_accuracy.best, of_accuracy.best_step) == (0.9, 2)  # the first step that reached it
    assert of_loss.curve == (1.0, 0.4, 0.5, 0.6)


@only_sqlite
def test_nothing_is_lost_or_counted_twice_when_the_disk_is_full_for_a_while(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    recorder.log({"loss": 3.0}, 1)
    recorder.flush()
    values = list(np.linspace(2, 1, 5000))
    with full_disk(workspace):
        recorder.log_series("loss", range(2, 5002), values, [0.0] * 5000)
        for _ in range(2):
            with pytest.raises(StoreError, match="full"):
                recorder.flush()
    recorder.log({"loss": 0.5}, 5002)
    recorder.flush()
    assert runs.history(context, run_id, "loss").value.tolist() == [3.0, *values, 0.5]
    assert runs.summaries(context, [run_id])[run_id]["loss"].count == 5002


def test_what_waited_long_is_stored_in_transactions_of_bounded_size(
    workspace: Workspace, context: Context, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "MOST_AT_ONCE", 400)
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    sizes: list[int] = []
    add = db.appending.add

    def add_or_fail(session: Session, run: int, points: Mapping[int, Series], known: Any) -> dict[int, int]:
        sizes.append(sum(map(len, points.values())))
        if len(sizes) == 4:
            raise DatabaseError("database or disk is full")
        return add(session, run, points, known)

    monkeypatch.setattr(db.appending, "add", add_or_fail)
    for name in ("loss", "accuracy"):
        recorder.log_series(name, range(1000), np.arange(1000.0), np.zeros(1000))
    with pytest.raises(StoreError, match="full"):
        recorder.flush()
    assert 0 < len(runs.history(context, run_id, "loss")) < 1000
    recorder.flush()
    assert max(sizes) <= 402
    for name in ("loss", "accuracy"):
        assert runs.history(context, run_id, name).value.tolist() == list(np.arange(1000.0))
        assert runs.summaries(context, [run_id])[run_id][name].count == 1000


def test_a_recorder_says_when_more_waits_than_memory_should_hold(
    workspace: Workspace, context: Context, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "CROWDED", 10)
    recorder = Recorder(workspace, add_run())
    recorder.log({"loss": 1.0, "accuracy": 0.5}, 0)
    recorder.log_series("loss", range(1, 9), [1.0] * 8, [0.0] * 8)
    assert not recorder.is_crowded
    recorder.log({"loss": 1.0}, 9)
    assert recorder.is_crowded
    recorder.flush()
    assert not recorder.is_crowded


def test_nan_is_kept_and_never_the_best(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    recorder.log({"loss": math.nan, "accuracy": math.nan}, 1)
    recorder.flush()
    assert math.isnan(runs.summaries(context, [run_id])[run_id]["loss"].best)
    recorder.log({"loss": 0.5, "accuracy": math.inf}, 2)
    recorder.log({"loss": math.nan}, 3)
    recorder.flush()
    found = runs.summaries(context, [run_id])[run_id]
    assert (found["loss"].best, found["loss"].best_step, found["loss"].count) == (0.5, 2, 3)
    assert math.isnan(found["loss"].last)
    assert found["accuracy"].max == math.inf
    assert math.isnan(runs.history(context, run_id, "loss").value[0])


def test_another_recorder_goes_on_from_the_stored_summary(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    values = np.random.default_rng(0).normal(size=300)
    for part, steps in ((values[:111], range(111)), (values[111:], range(111, 300))):
        recorder = Recorder(workspace, run_id)
        for step, value in zip(steps, part, strict=True):
            recorder.log({"loss": float(value)}, step)
        recorder.flush()
    found = runs.summaries(context, [run_id])[run_id]["loss"]
    assert (found.best, found.best_step, found.count) == (values.min(), int(values.argmin()), 300)
    assert found.curve == tuple(values[::8])


def test_rewinding_forgets_what_is_past_a_step_but_not_telemetry(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    for step in range(10):
        recorder.log({"loss": 10.0 - step, "late": 1.0 if step > 5 else 2.0, "system/cpu": 1.0}, step)
    recorder.log({"only_late": 1.0}, 9)
    recorder.flush()
    recorder.rewind(5)
    assert runs.history(context, run_id, "loss").step.tolist() == [0, 1, 2, 3, 4, 5]
    found = runs.summaries(context, [run_id])[run_id]
    assert (found["loss"].best, found["loss"].last_step, found["loss"].count) == (5.0, 5, 6)
    assert found["system/cpu"].count == 10
    assert "only_late" not in found
    recorder.log({"loss": 1.0, "only_late": 3.0}, 6)
    recorder.flush()
    found = runs.summaries(context, [run_id])[run_id]
    assert (found["loss"].count, found["only_late"].best) == (7, 3.0)


@given(batches=st.lists(st.lists(st.floats(allow_nan=True), min_size=1, max_size=200), min_size=1, max_size=8))
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_summary_is_that_of_all_points_however_they_were_flushed(
    tmp_path: Path, batches: list[list[float]]
) -> None:
    from core.tracking import summary

    values = np.array([value for batch in batches for value in batch])
    found, first = summary.empty(1, "loss"), 0
    for batch in batches:
        steps = np.arange(first, first + len(batch))
        found = summary.extended(found, Series(steps, np.array(batch), steps / 2), "min")
        first += len(batch)
    known = values[~np.isnan(values)]
    assert found.count == len(values)
    assert found.last_step == len(values) - 1
    assert found.last_at == found.last_step / 2
    assert len(found.curve) <= CURVE_POINTS
    assert found.curve[0] == values[0] or math.isnan(values[0])
    if len(known):
        assert (found.min, found.max, found.best) == (known.min(), known.max(), known.min())
        assert values[found.best_step] == known.min()
    else:
        assert math.isnan(found.best)


def test_a_value_that_is_no_number_keeps_nothing_of_its_step(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    with pytest.raises(ValueError, match="could not convert"):
        recorder.log({"loss": 1.0, "accuracy": "high"}, 1)  # type: ignore[dict-item]
    with pytest.raises(OverflowError):
        recorder.log({"loss": 1.0}, 2**63)
    recorder.log({"accuracy": 0.5}, 2)
    recorder.flush()
    assert list(runs.summaries(context, [run_id])[run_id]) == ["accuracy"]


@pytest.mark.parametrize(
    ("steps", "values", "times"), [([1, 2], [1.0], [0.0, 0.0]), (1, 1.0, 0.0), ([[1]], [[1.0]], [[0.0]])]
)
def test_a_series_of_uneven_columns_is_refused(
    workspace: Workspace, add_run: AddRun, steps: Any, values: Any, times: Any
) -> None:
    with pytest.raises(ValueError, match="'loss' needs steps, values and wall times of one length"):
        Recorder(workspace, add_run()).log_series("loss", steps, values, times)


def chart(context: Context, run_id: int, limit: int = 1000) -> list[tuple[int, float]]:
    found = runs.histories(context, [run_id], ["loss"], limit).get((run_id, "loss"))
    return [] if found is None else list(zip(found.step.tolist(), found.value.tolist(), strict=True))


def thinned(context: Context, run_id: int, limit: int = 1000) -> list[tuple[int, float]]:
    found = downsample(runs.history(context, run_id, "loss"), limit)
    return list(zip(found.step.tolist(), found.value.tolist(), strict=True))


def curves(workspace: Workspace) -> int:
    with workspace.read() as session:
        return session.scalar(sa.text("SELECT count(*) FROM curves")) or 0


@pytest.mark.parametrize("limit", [5, 100, 999, 1000, 2500])
def test_a_chart_is_that_of_all_points_however_they_came(
    workspace: Workspace, context: Context, add_run: AddRun, limit: int
) -> None:
    run_id, first = add_run(), 0
    values = np.random.default_rng(0).normal(size=7000)
    for part, count in enumerate((1, 998, 1, 1, 1500, 2000, 7, 2492)):
        if part % 3 == 0:
            recorder = Recorder(workspace, run_id)
        steps = np.arange(first, first + count) * 3
        recorder.log_series("loss", steps, values[first : first + count], steps * 1.0)
        recorder.flush()
        first += count
        assert chart(context, run_id, limit) == thinned(context, run_id, limit)
    assert curves(workspace) == 1


def test_a_chart_shows_what_came_late_between_other_points(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    recorder.log_series("loss", range(5000), np.sin(np.arange(5000)), np.zeros(5000))
    recorder.flush()
    recorder.log_series("loss", [2500, 2499], [9.0, -9.0], [1.0, 1.0])
    recorder.flush()
    recorder.log_series("loss", range(5000, 8000), np.sin(np.arange(3000)), np.zeros(3000))
    recorder.flush()
    assert chart(context, run_id) == thinned(context, run_id)
    assert {(2500, 9.0), (2499, -9.0)} <= set(chart(context, run_id))
    assert curves(workspace) == 0


def test_a_rewound_chart_forgets_as_well(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    recorder.log_series("loss", range(5000), np.arange(5000.0), np.zeros(5000))
    recorder.flush()
    recorder.rewind(3000)
    assert chart(context, run_id)[-1] == (3000, 3000.0)
    recorder.log_series("loss", range(3001, 6000), np.arange(2999.0), np.zeros(2999))
    recorder.flush()
    assert chart(context, run_id) == thinned(context, run_id)
    assert curves(workspace) == 1


@only_sqlite
def test_what_a_failed_flush_held_is_in_the_chart_once(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    with full_disk(workspace):
        recorder.log_series("loss", range(5000), np.sin(np.arange(5000)), np.zeros(5000))
        with pytest.raises(StoreError, match="full"):
            recorder.flush()
    assert chart(context, run_id) == []
    recorder.log_series("loss", range(5000, 5500), np.cos(np.arange(500)), np.zeros(500))
    recorder.flush()
    assert len(runs.history(context, run_id, "loss")) == 5500
    assert chart(context, run_id) == thinned(context, run_id)


def test_threads_share_a_recorder_and_lose_nothing(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)

    def log(name: str) -> None:
        for step in range(2000):
            recorder.log({name: float(step), f"{name}/half": step / 2}, step)
            if step % 400 == 0:
                recorder.flush()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(log, ["a", "b", "c", "d"]))
    recorder.flush()
    found = runs.histories(context, [run_id], [*"abcd", *(f"{name}/half" for name in "abcd")], 10_000)
    assert [series.step.tolist() for series in found.values()] == [list(range(2000))] * 8


def test_unknown_runs_cannot_be_recorded_for(settings: Settings, workspace: Workspace) -> None:
    recorder = Recorder(workspace, 404)
    recorder.log({"loss": 1.0}, 1)
    with pytest.raises(sa.exc.IntegrityError):
        recorder.flush()


def test_values_at_one_step_are_drawn_in_order_and_counted(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    values = np.random.default_rng(0).normal(size=6000)
    recorder = Recorder(workspace, run_id)
    for first in range(0, 6000, 1500):  # without steps, as many scripts log: all are at step 0
        recorder.log_series("loss", [0] * 1500, values[first : first + 1500], range(first, first + 1500))
        recorder.flush()
    assert runs.history(context, run_id, "loss").value.tolist() == values.tolist()
    found = runs.summaries(context, [run_id])[run_id]["loss"]
    assert (found.count, found.last_step, found.last_sequence) == (6000, 0, 5999)
    assert (found.best, found.last) == (values.min(), values[-1])
    assert chart(context, run_id) == thinned(context, run_id)
    assert curves(workspace) == 1


def test_a_rewind_keeps_every_value_at_the_step_to_which_it_goes(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    for step in (1, 1, 2, 2, 2, 3):
        recorder.log({"loss": 1.0 / step}, step)
    recorder.flush()
    recorder.rewind(2)
    recorder.log({"loss": 0.1}, 2)
    recorder.log({"loss": 0.2}, 3)
    recorder.flush()
    assert runs.history(context, run_id, "loss").step.tolist() == [1, 1, 2, 2, 2, 2, 3]
    found = runs.summaries(context, [run_id])[run_id]["loss"]
    assert (found.count, found.best, found.best_step, found.last_sequence) == (7, 0.1, 2, 0)


def test_what_the_test_set_gave_is_not_there_twice_when_the_test_is_repeated(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    for _ in range(2):  # killed after the test, resumed at its last step
        recorder = Recorder(workspace, run_id)
        recorder.rewind(10)
        recorder.log({"test_accuracy": 0.9}, 10)
        recorder.flush()
    assert runs.summaries(context, [run_id])[run_id]["test_accuracy"].count == 1


def test_what_was_better_before_a_step_from_which_on_values_count_is_not_the_best(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    recorder.best_from = 30

    def stored() -> Summary:
        recorder.flush()
        return runs.summaries(context, [run_id])[run_id]["val_loss"]

    for step, loss in ((10, 0.1), (20, 0.2)):
        recorder.log({"val_loss": loss, "system/cpu": loss}, step)
    assert (stored().has_best, stored().min) == (False, 0.1)
    for step, loss in ((30, 0.5), (40, 0.4), (50, 0.6)):
        recorder.log({"val_loss": loss}, step)
    assert (stored().best, stored().best_step, stored().min) == (0.4, 40, 0.1)
    recorder.rewind(30)
    assert (stored().best, stored().best_step, stored().last) == (0.5, 30, 0.5)
    assert runs.summaries(context, [run_id])[run_id]["system/cpu"].best_step in (10, 20)
