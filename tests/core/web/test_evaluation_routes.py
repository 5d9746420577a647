"""Judging over HTTP: asked for, waited for, told, and refused in the words of the use case."""

import time
from typing import Any

import pytest
from fastapi import FastAPI

import db.jobs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.evaluation import report_files
from core.evaluation.report import Report
from core.jobs import evaluation
from core.jobs.evaluation import Evaluated
from core.jobs.job_kind import Progress
from core.runs import logged
from core.runs.logged import Logged
from db.records import JobClaim, RunRecord, RunState
from tests import jobs
from tests.conftest import AddRun
from tests.core.web.test_explanation_routes import run
from tests.core.web.test_rest import api, go

__all__ = ["api", "run"]


def _evaluated(workspace: Workspace, run: RunRecord) -> None:
    """As the worker leaves it."""
    path = report_files.file(workspace.settings, run.id, report_files.REPORT)
    path.parent.mkdir(parents=True, exist_ok=True)
    report = Report(task="regression", kind="rows", examples=4, loss=0.5, notices=("Few.",))
    path.write_text(report.model_dump_json())
    jobs.answer(workspace, "evaluation", Evaluated(step=7, epoch=1.5, metrics=report.metrics()))


def test_a_run_is_evaluated_once_for_all_who_ask_and_again_when_asked_again(
    api: FastAPI, workspace: Workspace, context: Context, run: RunRecord
) -> None:
    address = f"/runs/{run.id}/evaluation"
    assert go(api, "GET", address).json() == {"run": run.id, "state": "none", "told": ""}
    for _ in range(2):
        sent = go(api, "POST", address)
        assert (sent.status, sent.headers["location"]) == (202, f"/api/v1{address}")
        assert sent.json()["state"] == "waiting"
        assert "The process that answers is not running" in sent.json()["told"]
    [key] = jobs.open_jobs(workspace, "evaluation")
    claim = JobClaim(key, "test 1 1.0", time.time())
    with workspace.write() as session:
        assert db.jobs.claim(session, claim)
        told = Progress(text="answers", share=0.5).model_dump(mode="json")
        assert db.jobs.tell(session, claim, told)
    found = go(api, "GET", f"/runs/{run.uid}/evaluation").json()
    assert (found["state"], found["told"], found["share"]) == ("running", "answers", 0.5)
    with workspace.write() as session:
        db.jobs.remove(session, [key])

    go(api, "POST", address)
    _evaluated(workspace, run)
    done = go(api, "GET", address).json()
    assert (done["state"], done["told"], done["step"], done["epoch"]) == ("done", "Few.", 7, 1.5)
    assert done["metrics"] == {"test_loss": 0.5}
    assert evaluation.take(context, run) is not None, "the page has it, too"
    assert go(api, "GET", address).json()["metrics"] == done["metrics"]

    go(api, "POST", address)
    jobs.answer(workspace, "evaluation", Evaluated(problem="It took too long."))
    assert go(api, "GET", address).json() == {"run": run.id, "state": "failed", "told": "It took too long."}
    assert go(api, "POST", address).json()["state"] == "waiting"


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"like": "data:digits"}, 409, "has a data set of its own"),
        ({"like": "data:nothing"}, 404, "nothing"),
        ({"like": "99"}, 404, "99"),
        ({"pixels": [0]}, 422, "pixels"),
        ({"pixels": ["a", 1]}, 422, "pixels"),
        ({"pixels": [0, 1e300]}, 422, "pixels"),
        ({"other": 1}, 422, "other"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_asked(
    api: FastAPI, workspace: Workspace, run: RunRecord, body: dict[str, Any], status: int, told: str
) -> None:
    answer = go(api, "POST", f"/runs/{run.id}/evaluation", body)
    assert (answer.status, told in answer.body.decode()) == (status, True), answer.body
    assert jobs.open_jobs(workspace, "evaluation") == []


def test_a_run_without_a_network_says_why(api: FastAPI, context: Context, add_run: AddRun) -> None:
    without = logged.begin(context, Logged("mine"))
    runs_told = go(api, "GET", f"/runs/{without.id}/evaluation").json()["told"]
    assert "is evaluated at its end" in runs_told
    logged.end(context, without.id, RunState.FINISHED)
    refused = go(api, "POST", f"/runs/{without.id}/evaluation", {"like": "data:digits"})
    assert (refused.status, "kept no network of Keras" in refused.json()["detail"]) == (409, True)
    assert go(api, "POST", "/runs/99/evaluation").status == 404
    assert runs.get(context, without.id).state is RunState.FINISHED
