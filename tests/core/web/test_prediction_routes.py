"""A whole file predicted over HTTP: sent, asked about until it is answered, and the answers fetched."""

import io
import socket
import time
from collections.abc import Callable
from typing import Any

import pandas as pd
import psutil
import pytest
from fastapi import FastAPI

import db.hosts
import db.jobs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.jobs.batch_prediction import Predicted
from core.jobs.job_kind import Failure, Progress
from core.jobs.job_queue import Outcome
from core.runs import BEST_CHECKPOINT
from core.web.limits import MOST_BYTES
from db.records import HostRecord, JobClaim, RunRecord
from tests import jobs
from tests.asgi import Answer, Headers, ask
from tests.conftest import AddRun
from tests.core.conftest import Queue
from tests.core.warm import Warm
from tests.core.web.one_api import api_of
from tests.host import paths_in

FORM = [("content-type", "application/x-www-form-urlencoded")]  # what curl says of --data-binary
KIND = "batch_prediction"
FEATURES = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
ROWS = f"Id,{','.join(FEATURES)}\n7,5.1,3.5,1.4,0.2\n8,6.5,3,wide,1.8\n".encode()


@pytest.fixture
def api(workspace: Workspace) -> FastAPI:
    workspace.settings = workspace.settings.model_copy(update={"max_upload_mb": 2})
    own = psutil.Process()
    with workspace.write() as session:  # a supervisor that reports itself, this very process, and does nothing
        db.hosts.put(session, HostRecord(socket.gethostname(), own.pid, own.create_time(), time.time(), ("cpu:0",)))
    return api_of(workspace)


@pytest.fixture
def run(workspace: Workspace, context: Context, add_run: AddRun) -> RunRecord:
    """A finished run with a best checkpoint, which nobody reads."""
    found = runs.get(context, add_run())
    path = workspace.settings.run_dir(found.id) / "checkpoints" / BEST_CHECKPOINT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    return found


def _send(api: FastAPI, run_id: int, how: str, body: bytes = ROWS, headers: Headers = ()) -> Answer:
    return ask(api, "POST", f"/runs/{run_id}/predictions?{how}", body, headers, pieces=3)


def _left(workspace: Workspace) -> list[str]:
    return [path.name for path in paths_in(workspace.settings.cache_dir / "predictions") if path.is_file()]


def test_a_file_is_sent_asked_about_and_its_answers_fetched(
    api: FastAPI, workspace: Workspace, queue: Queue, train: Callable[[int], RunRecord], warm: Warm
) -> None:
    run = train(queue(training={"epochs": 1}))
    sent = _send(api, run.id, "name=test.csv&format=parquet", headers=FORM)
    assert sent.status == 202
    location = sent.json()["location"]
    assert location == sent.headers["location"] == f"/runs/{run.id}/predictions/{sent.json()['key']}"
    assert ask(api, "GET", location).json() == {"state": "waiting"}
    assert ask(api, "GET", f"{location}/file").status == 409

    [key] = jobs.open_jobs(workspace, KIND)
    claim = JobClaim(key, "supervisor", 1.0)
    with workspace.write() as session:
        raw = db.jobs.asked(session, key)
        assert db.jobs.claim(session, claim)
        assert db.jobs.tell(session, claim, Progress(text="reading test.csv", share=0.5).model_dump())
    running = ask(api, "GET", location).json()
    assert running == {"state": "running", "progress": {"text": "reading test.csv", "share": 0.5}}
    answer = warm.call("tests.core.inside:predict_file", workspace.settings.environment(), raw)
    with workspace.write() as session:
        assert db.jobs.finish(session, claim, Outcome(answer=answer).model_dump(mode="json"))

    done = ask(api, "GET", location).json()
    assert (done["state"], done["rows"], done["wrong"], done["epoch"]) == ("done", 2, 1, 1.0)
    assert any(note.startswith("Row 2: petal length (cm) must be a number") for note in done["notes"])
    fetched = ask(api, "GET", done["file"])
    assert f'filename="predictions-run-{run.id}.parquet"' in fetched.headers["content-disposition"]
    frame = pd.read_parquet(io.BytesIO(fetched.body))
    assert frame.columns.tolist() == done["columns"]
    assert frame["Id"].tolist() == ["7", "8"], "as the file has them"
    assert frame["prediction"].isna().tolist() == [False, True]
    assert ask(api, "GET", location.replace(f"/{run.id}/", f"/{run.id + 1}/")).status == 404, "it is of another run"


def test_what_cannot_be_answered_says_why(api: FastAPI, workspace: Workspace, run: RunRecord) -> None:
    location = _send(api, run.id, "name=test.csv").json()["location"]
    jobs.answer(workspace, KIND, Predicted(problem="test.csv has no column 'a'."))
    assert ask(api, "GET", location).json() == {"state": "failed", "error": "test.csv has no column 'a'."}
    answer = ask(api, "GET", f"{location}/file")
    assert (answer.status, answer.json()["error"]) == (422, "test.csv has no column 'a'.")


def test_a_question_that_is_lost_is_told_once_and_then_forgotten(
    api: FastAPI, workspace: Workspace, run: RunRecord
) -> None:
    location = _send(api, run.id, "name=test.csv").json()["location"]
    [key] = jobs.open_jobs(workspace, KIND)
    with workspace.write() as session:
        db.jobs.expire(session, key, Outcome(failure=Failure(cause="lost", text="nobody did it")).model_dump())
    assert "nobody did it" in ask(api, "GET", location).json()["error"]
    assert ask(api, "GET", location).status == 404


@pytest.mark.parametrize(
    ("how", "headers", "status", "said"),
    [
        ("name=test.csv", [("content-type", "multipart/form-data; boundary=x")], 415, "--data-binary @test.csv"),
        ("name=test.csv", [("content-length", str(3 * 2**20))], 413, "TRAINDECK_MAX_UPLOAD_MB"),
        ("name=test.csv", [("content-length", "7000")], 422, "test.csv was cut off"),
        ("format=csv", (), 422, "name"),
        ("name=test.csv&format=xlsx", (), 422, "format"),
        ("name=a%00.csv", (), 422, "NUL"),
    ],
)
def test_what_is_refused_leaves_nothing(
    api: FastAPI, workspace: Workspace, run: RunRecord, how: str, headers: Headers, status: int, said: str
) -> None:
    answer = _send(api, run.id, how, headers=headers)
    assert answer.status == status
    assert said in answer.json()["error"]
    assert (_left(workspace), jobs.open_jobs(workspace, KIND)) == ([], [])


def test_a_file_may_be_longer_than_other_bodies_but_not_endless(
    api: FastAPI, workspace: Workspace, run: RunRecord
) -> None:
    assert _send(api, run.id, "name=..%2F..%2Ftest.csv", b"a,b\n" * (MOST_BYTES // 3)).status == 202
    assert _left(workspace) == ["input.csv"]
    assert _send(api, run.id, "name=test.csv", b"a,b\n" * MOST_BYTES).status == 413
    assert _left(workspace) == ["input.csv"]


def test_a_run_that_has_no_network_here_is_told_before_the_file_is_read(
    api: FastAPI, workspace: Workspace, run: RunRecord, add_run: AddRun
) -> None:
    def refused(run_id: int) -> tuple[int, Any]:
        answer = _send(api, run_id, "name=test.csv")
        return answer.status, answer.json()["error"]

    status, error = refused(add_run())
    assert (status, "no best checkpoint" in error) == (409, True)
    assert refused(99)[0] == 404
    with workspace.write() as session:
        db.hosts.remove(session, socket.gethostname())
    status, error = refused(run.id)
    assert (status, "no supervisor" in error) == (409, True)
    assert _left(workspace) == []
