"""Several processes on one SQLite file: nothing is locked out, nothing is lost."""

import time

from core import runs
from core.settings import Settings
from core.tracking.recorder import Recorder
from core.workspace import Workspace
from db.listing import RunQuery
from tests.conftest import AddRun
from tests.processes import together

FLUSHES = 20
POINTS = 50  # per flush


def test_trainers_a_supervisor_and_a_reader_work_on_one_file_and_nothing_is_lost(
    workspace: Workspace, add_run: AddRun
) -> None:
    trained = [add_run(name=f"trainer {number}", finished_at=None) for number in range(3)]
    home = str(workspace.settings.home)

    together(
        _work, [*((home, "train", run_id) for run_id in trained), (home, "annotate", trained[0]), (home, "read", 0)]
    )

    for run_id in trained:
        series = runs.history(workspace, run_id, "loss")
        assert series.step.tolist() == list(range(FLUSHES * POINTS))
        assert runs.summaries(workspace, [run_id])[run_id]["loss"].count == FLUSHES * POINTS
    assert runs.get(workspace, trained[0]).notes == f"{FLUSHES - 1}"


def _work(home: str, kind: str, run_id: int) -> None:
    workspace = Workspace.open(Settings(home=home))
    for turn in range(FLUSHES):
        if kind == "annotate":
            runs.annotate(workspace, run_id, notes=f"{turn}", tags=[f"turn {turn}"])
        elif kind == "read":
            listed = runs.listing(workspace, RunQuery(sort="metric:loss.last"), "trainer")
            runs.histories(workspace, [run.id for run in listed.runs], ["loss"])
        else:
            _train(workspace, run_id, turn)
    workspace.close()


def _train(workspace: Workspace, run_id: int, turn: int) -> None:
    recorder = Recorder(workspace, run_id)
    for step in range(turn * POINTS, (turn + 1) * POINTS):
        recorder.log({"loss": 1 / (step + 1)}, step, time.time())
    recorder.flush()
