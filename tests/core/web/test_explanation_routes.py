"""Why a network answers so, over HTTP: of one input or test example, and over the test set."""

import json
import time
from typing import Any

import numpy as np
import pytest
from fastapi import FastAPI

import db.jobs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.config.presets import get_preset
from core.data.base import DataInfo, Dataset
from core.evaluation import classification, predictions, report_files
from core.evaluation.report import Report
from core.jobs import importance, prediction
from core.jobs.explanation import Explanation, Part
from core.jobs.importance import Importance, Shuffled
from core.jobs.job_kind import Progress
from core.jobs.prediction import Prediction, Share
from db.records import JobClaim, RunRecord
from tests import jobs
from tests.asgi import Answer, ask
from tests.conftest import AddRun
from tests.core.web.test_prediction_routes import api

__all__ = ["api"]

FOUND = Prediction(
    classes=(Share(name="setosa", probability=0.9),),
    explanation=Explanation(
        method="shapley", target="setosa", answer=0.9, sanity=0.8, parts=(Part(name="a", value=1),)
    ),
)


@pytest.fixture
def run(workspace: Workspace, context: Context, add_run: AddRun) -> RunRecord:
    """Of iris, with a best checkpoint that nobody reads."""
    found = runs.get(context, add_run(config=get_preset("iris-mlp").raw))
    path = workspace.settings.run_dir(found.id) / "checkpoints" / runs.BEST_CHECKPOINT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    return found


def _explain(api: FastAPI, run_id: int, **asked: Any) -> Answer:
    return ask(api, "POST", f"/runs/{run_id}/explanations", json.dumps(asked).encode())


def _asked(workspace: Workspace, context: Context) -> prediction.Question:
    [key] = jobs.open_jobs(workspace, "prediction")
    with workspace.read() as session:
        return prediction.Question.model_validate(db.jobs.asked(session, key))


def test_a_row_is_sent_and_its_explanation_fetched_with_what_it_is_worth(
    api: FastAPI, workspace: Workspace, context: Context, run: RunRecord
) -> None:
    values = {"petal length (cm)": 1.4}
    sent = _explain(api, run.id, input={"kind": "row", "values": values}, method="dependence", target="setosa")
    assert sent.status == 202
    location = sent.headers["location"]
    assert location == sent.json()["location"] == f"/runs/{run.id}/explanations/{sent.json()['key']}"
    asked = _asked(workspace, context)
    assert (asked.run, asked.explain.method, asked.explain.target) == (run.id, "dependence", "setosa")  # type: ignore[union-attr]
    assert asked.input == prediction.Row(values=values)
    assert ask(api, "GET", location).json() == {"state": "waiting"}
    jobs.answer(workspace, "prediction", FOUND)
    for _ in range(2):  # it is still there
        done = ask(api, "GET", location).json()
        assert (done["state"], done["classes"][0]["name"]) == ("done", "setosa")
        assert done["explanation"]["parts"] == [{"name": "a", "value": 1.0, "given": ""}]
        [check] = done["checks"]
        assert (check["is_good"], "rank correlation 0.80" in check["text"]) == (True, True), (
            "of one part nothing can be told"
        )
    assert ask(api, "GET", location.replace(f"/{run.id}/", f"/{run.id + 1}/")).status == 404, "it is of another run"


def test_a_test_example_is_named_by_its_position(
    api: FastAPI, workspace: Workspace, context: Context, run: RunRecord
) -> None:
    rows = np.arange(8.0).reshape(2, 4)
    labels, none = np.array([0, 1], np.int32), np.empty(0, np.int32)
    info = DataInfo((4,), ("setosa", "versicolor", "virginica"), 0, 2, kind="rows")
    data = Dataset(none, none, none, none, rows, labels, info, "stamp")
    path = report_files.file(workspace.settings, run.id, report_files.PREDICTIONS)
    path.parent.mkdir(parents=True, exist_ok=True)
    predictions.of_classes(np.eye(3)[:2], data, info.class_names).to_parquet(path, index=False)
    assert _explain(api, run.id, input={"kind": "example", "position": 1}).status == 202
    asked = _asked(workspace, context).input
    assert isinstance(asked, prediction.Row)
    assert list(asked.values.values()) == [4, 5, 6, 7]
    missing = _explain(api, run.id, input={"kind": "example", "position": 2})
    assert (missing.status, "kept no test example 2" in missing.json()["error"]) == (404, True)


def test_what_was_not_explained_says_why(api: FastAPI, workspace: Workspace, run: RunRecord) -> None:
    location = _explain(api, run.id, input={"kind": "row", "values": {}}).json()["location"]
    problem = Explanation(method="shapley", problem="It takes too long.")
    jobs.answer(workspace, "prediction", FOUND.model_copy(update={"explanation": problem}))
    assert ask(api, "GET", location).json() == {"state": "failed", "error": "It takes too long."}


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"input": {"kind": "row", "values": {}}, "method": "occlusion"}, 422, "shapley, dependence do"),
        ({"input": {"kind": "row", "values": {}}, "method": "guess"}, 422, "method"),
        ({"input": {"kind": "wish"}}, 422, "input"),
        ({"input": {"kind": "example", "position": -1}}, 422, "position"),
        ({}, 422, "input"),
        ({"input": {"kind": "row", "values": {}}, "more": 1}, 422, "more"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    api: FastAPI, workspace: Workspace, run: RunRecord, asked: dict[str, Any], status: int, said: str
) -> None:
    answer = _explain(api, run.id, **asked)
    assert answer.status == status
    assert said in answer.json()["error"]
    assert jobs.open_jobs(workspace, "prediction") == []


def test_a_run_without_a_network_is_told_so(api: FastAPI, add_run: AddRun) -> None:
    run_id = add_run()
    for answer in (
        _explain(api, run_id, input={"kind": "row", "values": {}}),
        ask(api, "POST", f"/runs/{run_id}/importance"),
    ):
        assert (answer.status, "no best checkpoint" in answer.json()["error"]) == (409, True)
    assert ask(api, "POST", "/runs/99/importance").status == 404


def test_what_a_network_goes_by_is_asked_for_followed_and_stopped(
    api: FastAPI, workspace: Workspace, context: Context, run: RunRecord
) -> None:
    address = f"/runs/{run.id}/importance"
    assert ask(api, "GET", address).status == 404, "nobody asked"
    assert ask(api, "POST", address).headers["location"] == address
    assert ask(api, "POST", address).status == 202, "once for all who ask"
    assert ask(api, "GET", address).json() == {"state": "waiting"}
    [key] = jobs.open_jobs(workspace, "importance")
    with workspace.write() as session:
        claim = JobClaim(key, "supervisor", time.time())
        assert db.jobs.claim(session, claim)
        assert db.jobs.tell(session, claim, Progress(text="shuffling a", share=0.5).model_dump())
    assert ask(api, "GET", address).json() == {"state": "running", "progress": {"text": "shuffling a", "share": 0.5}}
    assert ask(api, "DELETE", address).status == 204
    assert jobs.open_jobs(workspace, "importance") == []
    assert ask(api, "GET", address).status == 404

    ask(api, "POST", address)
    features = (Shuffled(name="a", fall=0.2, error=0.01),)
    jobs.answer(workspace, "importance", Importance(value=0.9, rows=30, features=features))
    done = ask(api, "GET", address).json()
    assert (done["state"], done["features"][0]["name"]) == ("done", "a")
    assert importance.found(context, runs.get(context, run.id)) is not None, "the page has it, too"


def test_where_a_network_errs_most_is_told_of_an_evaluated_run(
    api: FastAPI, workspace: Workspace, run: RunRecord
) -> None:
    assert ask(api, "GET", f"/runs/{run.id}/worst").status == 404, "it was not evaluated"
    labels = np.tile([0, 1], 100).astype(np.int32)
    town = np.repeat(["York", "Bath"], 100)
    probabilities = np.full((200, 2), 0.1)
    probabilities[np.arange(200), np.where((town == "York") | (np.arange(200) % 5 > 0), labels, 1 - labels)] = 0.9
    scores = classification.classification(probabilities, labels, ("a", "b"))
    report = Report(task="binary", kind="rows", examples=200, classification=scores)
    info, none = DataInfo((1,), ("a", "b"), 0, 200, task="binary", kind="rows"), np.empty(0, np.int32)
    data = Dataset(none, none, none, none, np.zeros((200, 1)), labels, info, "stamp")
    path = report_files.file(workspace.settings, run.id, report_files.PREDICTIONS)
    path.parent.mkdir(parents=True, exist_ok=True)
    predictions.of_classes(probabilities, data, ("a", "b")).assign(x_town=town).to_parquet(path, index=False)
    path.with_name(report_files.REPORT).write_text(report.model_dump_json())
    found = ask(api, "GET", f"/runs/{run.id}/worst").json()
    assert [(each["what"], each["wrong"]) for each in found["rows"]] == [("town = Bath", 20)]
    assert found["share"] == 0.1
