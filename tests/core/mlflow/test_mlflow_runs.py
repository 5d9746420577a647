"""MLflow's interface: runs, experiments, histories."""

from typing import Any

from core import runs
from core.common.context import Context
from core.mlflow import logging_calls
from core.runs import logged
from db.listing import RunQuery
from db.records import RunState
from tests.core.mlflow.mlflow_client import Client, point


def test_a_run_is_logged_from_its_beginning_to_its_end(client: Client, context: Context) -> None:
    experiment = client.experiment()
    tags = {"mlflow.user": "ada", "mlflow.source.name": "train.py", "mlflow.source.git.commit": "abc", "team": "a"}
    parent = client.run(experiment, run_name="first", tags=[{"key": key, "value": tags[key]} for key in tags])
    child = client.run(experiment, tags=[{"key": "mlflow.parentRunId", "value": parent}])
    points = [point("loss", 1.5), point("loss", "NaN", 0, 2), point("loss", "-Infinity", "3", "4")]
    params = [{"key": "lr", "value": "0.01"}, {"key": "deep", "value": "True"}]
    batch = {"run_id": parent, "run_uuid": parent, "metrics": points, "params": params}
    client.post("/runs/log-batch", **batch, tags=[{"key": "mlflow.note.content", "value": "Good"}])
    client.post("/runs/log-batch", **batch)  # once more, as a client does whose answer was lost
    client.post("/runs/log-metric", run_uuid=parent, **point("loss", 7, 3, 5))
    client.post("/runs/update", run_id=parent, status="FINISHED", end_time="60456")

    run = client.get("/runs/get", run_id=parent)["run"]
    uri = f"mlflow-artifacts:/{experiment}/{parent}/artifacts"
    assert run["info"] == {
        **{"run_id": parent, "run_uuid": parent, "run_name": "first", "experiment_id": experiment, "user_id": "ada"},
        **{
            "status": "FINISHED",
            "start_time": 456,
            "end_time": 60456,
            "artifact_uri": uri,
            "lifecycle_stage": "active",
        },
    }
    assert run["data"]["metrics"] == [{"key": "loss", "value": 7.0, "timestamp": 5, "step": 3}]
    assert sorted(each["value"] for each in run["data"]["params"]) == ["0.01", "True"]
    history = client.get("/metrics/get-history", run_id=parent, metric_key="loss")["metrics"]
    assert [(each["value"], each["step"], each["timestamp"]) for each in history] == [
        (1.5, 0, 1), ("NaN", 0, 2), ("-Infinity", 3, 4), (7.0, 3, 5),
    ]  # fmt: skip

    ours, nested = runs.find(context, parent), runs.find(context, child)
    assert (ours.name, ours.created_by, ours.notes, ours.state) == ("first", "ada", "Good", RunState.FINISHED)
    assert (ours.config, ours.trained_seconds) == ({"lr": 0.01, "deep": "True"}, 60.0)
    assert (ours.facts["source"], ours.facts["commit"]) == ("train.py", "abc")
    assert (nested.parent_id, nested.state) == (ours.id, RunState.RUNNING)
    assert runs.matching_ids(context, RunQuery(), "lr<0.02") == [ours.id]


def test_experiments_are_made_thrown_away_with_their_runs_and_taken_back(client: Client, context: Context) -> None:
    first, second = client.experiment("Abc"), client.experiment("ab")
    kept, before = client.run(first), client.run(first)
    client.post("/runs/delete", run_id=before)
    client.post("/experiments/set-experiment-tag", experiment_id=first, key="a", value="1")
    client.post("/experiments/delete", experiment_id=first)
    assert client.get("/experiments/get", experiment_id=first)["experiment"]["lifecycle_stage"] == "deleted"
    assert client.get("/runs/get", run_id=kept)["run"]["info"]["lifecycle_stage"] == "deleted"
    assert "must be in the 'active' state" in client.refused("/runs/create", experiment_id=first)[2]
    client.post("/experiments/restore", experiment_id=first)
    states = [client.get("/runs/get", run_id=run)["run"]["info"]["lifecycle_stage"] for run in (kept, before)]
    assert states == ["active", "deleted"]

    runs.empty_trash(context)
    client.post("/experiments/update", experiment_id=second, new_name="new")  # it is empty, and stays
    listed = client.post("/experiments/search", filter="name LIKE '%e%' OR tags.a = '1'", order_by=["name"])
    assert [each["name"] for each in listed["experiments"]] == ["Abc", "Default", "new"]
    page = client.post("/experiments/search", max_results=2)
    assert [each["name"] for each in page["experiments"]] == ["new", "Abc"]
    rest = client.post("/experiments/search", max_results=2, page_token=page["next_page_token"])
    assert ([each["name"] for each in rest["experiments"]], "next_page_token" in rest) == (["Default"], False)


def test_histories_come_in_pages_and_thinned(client: Client) -> None:
    run = client.run()
    points = [point("m", number, number // 2, 1000 + number) for number in range(10)]
    client.post("/runs/log-batch", run_id=run, metrics=points)
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        page = client.get("/metrics/get-history", run_id=run, metric_key="m", max_results=3, **token)
        found += page["metrics"]
        if "next_page_token" not in page:
            break
        token = {"page_token": page["next_page_token"]}
    assert found == [{**point, "value": float(point["value"])} for point in points]
    thinned = client.get("/metrics/get-history-bulk-interval", run_ids=[run], metric_key="m", max_results=2)["metrics"]
    assert [each["step"] for each in thinned] == [0, 0, 2, 2, 4, 4]
    bulk = client.get("/metrics/get-history-bulk", run_id=[run], metric_key="m", max_results=4)["metrics"]
    assert bulk == [{**each, "run_id": run} for each in found[:4]]


def test_the_last_value_is_that_of_the_highest_step_then_time_then_the_largest(client: Client) -> None:
    run = client.run()
    logged = [(0, 5, 1.0), (5, 3, 2.0), (-2, 9, 3.0), (5, 3, 1.5), (5, 2, 8.0), (5, 3, 2.5), (4, 9, 1.0), (5, 4, 0.5)]
    logged += [(6, 1, 3.0), (6, 1, -1.0), (6, 0, 9.0), (6, 2, -5.0), (7, 1, 0.0), (2, 2, 2.0)]
    for number, (step, at, value) in enumerate(logged, 1):
        client.post("/runs/log-metric", run_id=run, **point("a", value, step, at))
        client.post(
            "/runs/log-batch", run_id=run, metrics=[point("b", each[2], each[0], each[1]) for each in logged[:number]]
        )
        if number % 3 == 0:
            logging_calls._RECORDERS._kept.clear()  # as when the server is started anew
        highest = max(logged[:number])
        told = {each.pop("key"): each for each in client.get("/runs/get", run_id=run)["run"]["data"]["metrics"]}
        assert told["a"] == told["b"] == {"value": highest[2], "timestamp": highest[1], "step": highest[0]}
        assert client.found("0", f"metrics.a = {highest[2]}")
    history = client.get("/metrics/get-history", run_id=run, metric_key="b")["metrics"]
    assert sorted((each["step"], each["timestamp"], each["value"]) for each in history) == sorted(logged)


def test_a_client_that_was_lost_is_running_again_when_it_logs(client: Client, context: Context) -> None:
    run = client.run()
    key = runs.find(context, run).id
    logged.end(context, key, RunState.LOST)
    assert client.get("/runs/get", run_id=run)["run"]["info"]["status"] == "FAILED"
    client.post("/runs/log-metric", run_id=run, **point("loss", 1))
    assert runs.get(context, key).state is RunState.RUNNING
