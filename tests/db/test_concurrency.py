"""Several processes on one database: nothing is locked out, nothing is lost."""

import time

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.tracking.recorder import Recorder
from db.listing import RunQuery
from db.records import RunState
from tests.conftest import AddRun
from tests.processes import together

FLUSHES = 20
POINTS = 50  # per flush
WRITTEN = 1500  # points of each metric, by each of eight writers
METRICS = ("loss", "accuracy")


def test_trainers_a_supervisor_and_a_reader_work_on_one_file_and_nothing_is_lost(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    trained = [add_run(name=f"trainer {number}", finished_at=None) for number in range(3)]
    settings = workspace.settings

    together(
        _work,
        [
            *((settings, "train", run_id) for run_id in trained),
            (settings, "annotate", trained[0]),
            (settings, "read", 0),
        ],
    )

    for run_id in trained:
        series = runs.history(context, run_id, "loss")
        assert series.step.tolist() == list(range(FLUSHES * POINTS))
        assert runs.summaries(context, [run_id])[run_id]["loss"].count == FLUSHES * POINTS
    assert runs.get(context, trained[0]).notes == f"{FLUSHES - 1}"


def _work(settings: Settings, kind: str, run_id: int) -> None:
    workspace = Workspace.open(settings)
    context = Context.of_shell(workspace)
    for turn in range(FLUSHES):
        if kind == "annotate":
            runs.annotate(context, run_id, notes=f"{turn}", tags=[f"turn {turn}"])
        elif kind == "read":
            listed = runs.listing(context, RunQuery(sort="metric:loss.last"), "trainer")
            runs.histories(context, [run.id for run in listed.runs], ["loss"])
        else:
            _train(workspace, run_id, turn)
    workspace.close()


def _train(workspace: Workspace, run_id: int, turn: int) -> None:
    recorder = Recorder(workspace, run_id)
    for step in range(turn * POINTS, (turn + 1) * POINTS):
        recorder.log({"loss": 1 / (step + 1)}, step, time.time())
    recorder.flush()


def test_eight_writers_and_a_reader_that_polls_lose_no_point(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    writers = [add_run(name=f"writer {number}", state=RunState.RUNNING) for number in range(8)]
    settings = workspace.settings

    together(_write_or_poll, [*((settings, [run_id], True) for run_id in writers), (settings, writers, False)])

    found = runs.histories(context, writers, METRICS, max_points=10**9)
    assert [series.step.tolist() for series in found.values()] == [list(range(WRITTEN))] * 8 * len(METRICS)
    summaries = runs.summaries(context, writers).values()
    assert {known.count for of_run in summaries for known in of_run.values()} == {WRITTEN}


def _write_or_poll(settings: Settings, run_ids: list[int], writes: bool) -> None:
    workspace = Workspace.open(settings)
    context = Context.of_shell(workspace)
    if writes:
        recorder = Recorder(workspace, run_ids[0])
        for step in range(WRITTEN):
            recorder.log(dict.fromkeys(METRICS, float(step)), step)
            if step % 100 == 99:
                recorder.flush()
        runs.annotate(context, run_ids[0], notes="written")
    else:
        seen = 0
        while any(run.notes != "written" for run in runs.listing(context, RunQuery(), "writer").runs):
            curves = runs.histories(context, run_ids, METRICS)
            points = sum(len(runs.history(context, run_id, METRICS[0])) for run_id in run_ids)
            assert points >= seen
            assert all((curve.step == curve.value).all() for curve in curves.values())
            seen = points
    workspace.close()
