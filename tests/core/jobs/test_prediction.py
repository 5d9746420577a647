"""Questions to a run's network, as the server asks them: without TensorFlow, through the store."""

import socket
import time
from pathlib import Path

import psutil
import pytest

import db.hosts
import db.jobs
from core.common.context import Context
from core.common.workspace import Workspace
from core.data.base import DataInfo, Feature
from core.data.examples import row_features
from core.jobs import prediction
from core.jobs.prediction import Picture, Prediction, PredictionError, Row
from core.runs import BEST_CHECKPOINT, SpecError, get
from db.records import HostRecord, RunRecord, RunState
from tests import jobs
from tests.conftest import AddRun

ROW = Row(values={"Value 1": 1.5, "Value 2": None})


def _checkpoint(workspace: Workspace, run: RunRecord) -> Path:
    path = workspace.settings.run_dir(run.id) / "checkpoints" / BEST_CHECKPOINT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    return path


def _supervised(workspace: Workspace, standby: str = "ready") -> None:
    """A supervisor that reports itself, this very process, and never sends a question on."""
    own = psutil.Process()
    record = HostRecord(
        socket.gethostname(), own.pid, own.create_time(), time.time(), ("cpu:0",), {"state": standby, "pid": 4711}
    )
    with workspace.write() as session:
        db.hosts.put(session, record)


@pytest.fixture
def run(workspace: Workspace, context: Context, add_run: AddRun) -> RunRecord:
    """A finished run with a best checkpoint, on a host with a supervisor."""
    _supervised(workspace)
    found = get(context, add_run())
    _checkpoint(workspace, found)
    return found


def _open(workspace: Workspace) -> list[str]:
    return jobs.open_jobs(workspace, "prediction")


def _answer(workspace: Workspace, answer: Prediction) -> None:
    jobs.answer(workspace, "prediction", answer)


def test_rows_are_filled_in_by_their_features_or_by_number() -> None:
    table = DataInfo((1,), (), 1, 1, kind="table", features=(Feature("age", "number"),))
    assert row_features(table) == table.features
    bare = row_features(DataInfo((2, 2), (), 1, 1))
    assert [(each.name, each.kind) for each in bare] == [(f"Value {number}", "number") for number in range(1, 5)]


def test_a_run_is_ready_as_soon_as_it_has_a_best_checkpoint_and_stamped_anew_with_each(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    running, ended = (get(context, add_run(state=state)) for state in (RunState.RUNNING, RunState.FAILED))
    assert "as soon as there is a best checkpoint" in prediction.not_ready(context, running)
    assert "ended before its first epoch was measured" in prediction.not_ready(context, ended)
    assert prediction.stamp(context, running) is None
    path = _checkpoint(workspace, running)
    first = prediction.stamp(context, running)
    assert prediction.not_ready(context, running) == ""
    assert first is not None
    path.write_bytes(b"better weights")
    assert prediction.stamp(context, running) != first


def test_nothing_is_asked_of_a_run_without_a_checkpoint_or_of_nobody(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run = get(context, add_run())
    with pytest.raises(PredictionError, match="This run has no best checkpoint"):
        prediction.ask(context, run, ROW)
    _checkpoint(workspace, run)
    with pytest.raises(PredictionError, match="no supervisor is at work on this host"):
        prediction.ask(context, run, ROW)
    assert _open(workspace) == []


def test_a_question_is_stored_with_its_run_and_its_answer_taken_once(
    workspace: Workspace, context: Context, run: RunRecord
) -> None:
    key, other = (prediction.ask(context, run, ROW) for _ in range(2))
    assert key != other  # the same question, asked by two pages
    with workspace.read() as session:
        [_, stored] = db.jobs.unfinished(session)
    assert (stored.key, stored.host, stored.process) == (key, socket.gethostname(), str(run.id))
    assert prediction.take(context, key) is None
    prediction.withdraw(context, other)
    _answer(workspace, Prediction(number=2.5, task="regression"))
    answer = prediction.take(context, key)
    assert answer is not None
    assert answer.number == 2.5
    with pytest.raises(PredictionError, match="not answered and is forgotten"):
        prediction.take(context, key)


def test_a_problem_is_raised_as_it_was_told_and_forgotten(
    workspace: Workspace, context: Context, run: RunRecord
) -> None:
    key = prediction.ask(context, run, Picture(content=""))
    _answer(workspace, Prediction(problem="The picture cannot be read."))
    with pytest.raises(PredictionError, match=r"^The picture cannot be read\.$"):
        prediction.take(context, key)
    assert _open(workspace) == []


def test_whoever_waits_is_called_again_and_again_and_gets_the_answer(
    workspace: Workspace, context: Context, run: RunRecord
) -> None:
    calls = []

    def waiting() -> None:
        calls.append(1)
        if len(calls) == 3:
            _answer(workspace, Prediction(number=1.0))

    assert prediction.predict(context, run, ROW, waiting=waiting).number == 1.0
    assert len(calls) == 3


@pytest.mark.parametrize(
    ("standby", "told"),
    [("ready", "how busy this host is"), ("warming", "still importing TensorFlow"), ("off", r"standby\.log says why")],
)
def test_a_question_without_an_answer_ends_in_time_and_is_taken_back(
    workspace: Workspace, context: Context, run: RunRecord, standby: str, told: str
) -> None:
    _supervised(workspace, standby)
    with pytest.raises(PredictionError, match=rf"no answer within 0 s\. .*{told}"):
        prediction.predict(context, run, ROW, seconds=0)
    assert _open(workspace) == []


def test_a_question_is_taken_back_when_its_page_is_left(workspace: Workspace, context: Context, run: RunRecord) -> None:
    def leave() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prediction.predict(context, run, ROW, waiting=leave)
    assert _open(workspace) == []


def test_a_config_of_another_version_says_what_to_do(context: Context, add_run: AddRun) -> None:
    old = get(context, add_run(config={"data": {"source": "digits"}, "network": "mlp"}))
    with pytest.raises(SpecError, match=r"of another version of Traindeck: architecture: is missing; network: is not"):
        prediction.info(context, old)
