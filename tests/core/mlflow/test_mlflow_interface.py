"""MLflow's REST interface, by requests in the shapes that its client 3.17.2 sends."""

import contextlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from core import models, runs
from core.common.context import Context
from core.mlflow.artifact_paths import checked
from core.mlflow.calls import CALLS
from core.mlflow.filter_grammar import ordered, parsed
from core.mlflow.mlflow_error import MlflowError
from core.runs import logged
from core.web.mlflow_routes import mlflow_routes
from db.listing import RunQuery
from db.records import RunState
from db.run_filters import Either, Every, Order, Term
from tests.asgi import Answer, ask
from tests.conftest import AddRun

BELOW = "/api/2.0/mlflow"
FILES = "/api/2.0/mlflow-artifacts/artifacts"


class Client:
    """Sends what MLflow's client would."""

    def __init__(self, context: Context) -> None:
        self.app = Starlette(routes=mlflow_routes(lambda: context))

    def raw(self, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
        return ask(self.app, method, target, body, [(name.replace("_", "-"), value) for name, value in headers.items()])

    def send(self, method: str, path: str, /, **fields: Any) -> Answer:
        if method == "GET":
            return self.raw("GET", f"{BELOW}{path}?{urlencode(fields, doseq=True)}")
        return self.raw(method, f"{BELOW}{path}", json.dumps(fields).encode(), content_type="application/json")

    def post(self, path: str, /, **fields: Any) -> Any:
        return _content(self.send("POST", path, **fields))

    def get(self, path: str, /, **fields: Any) -> Any:
        return _content(self.send("GET", path, **fields))

    def refused(self, path: str, method: str = "POST", /, **fields: Any) -> tuple[int, str, str]:
        """Status, code and message."""
        answer = self.send(method, path, **fields)
        told = answer.json()
        return answer.status, told["error_code"], told["message"]

    def experiment(self, name: str = "mine") -> str:
        return str(self.post("/experiments/create", name=name)["experiment_id"])

    def run(self, experiment: str = "0", **fields: Any) -> str:
        made = self.post("/runs/create", experiment_id=experiment, user_id="grace", **{"start_time": 456, **fields})
        return str(made["run"]["info"]["run_id"])

    def found(self, experiment: str, text: str, *order: str) -> list[str]:
        """Names of the runs that a filter finds."""
        answer = self.post("/runs/search", experiment_ids=[experiment], filter=text, order_by=list(order))
        return [each["info"]["run_name"] for each in answer["runs"]]


def _content(answer: Answer) -> Any:
    assert answer.status == 200, answer.body
    return answer.json()


@pytest.fixture
def client(context: Context) -> Client:
    return Client(context)


def _point(key: str, value: Any, step: Any = 0, at: Any = 1) -> dict[str, Any]:
    return {"key": key, "value": value, "timestamp": at, "step": step}


def test_a_run_is_logged_from_its_beginning_to_its_end(client: Client, context: Context) -> None:
    experiment = client.experiment()
    tags = {"mlflow.user": "ada", "mlflow.source.name": "train.py", "mlflow.source.git.commit": "abc", "team": "a"}
    parent = client.run(experiment, run_name="first", tags=[{"key": key, "value": tags[key]} for key in tags])
    child = client.run(experiment, tags=[{"key": "mlflow.parentRunId", "value": parent}])
    points = [_point("loss", 1.5), _point("loss", "NaN", 0, 2), _point("loss", "-Infinity", "3", "4")]
    params = [{"key": "lr", "value": "0.01"}, {"key": "deep", "value": "True"}]
    batch = {"run_id": parent, "run_uuid": parent, "metrics": points, "params": params}
    client.post("/runs/log-batch", **batch, tags=[{"key": "mlflow.note.content", "value": "Good"}])
    client.post("/runs/log-batch", **batch)  # once more, as a client does whose answer was lost
    client.post("/runs/log-metric", run_uuid=parent, **_point("loss", 7, 3, 5))
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


def test_what_breaks_mlflows_rules_is_refused_in_its_words_and_never_as_the_servers_fault(client: Client) -> None:
    run = client.run()
    client.post("/runs/log-parameter", run_id=run, key="lr", value="1")
    client.post("/runs/log-parameter", run_id=run, key="lr", value="1")
    assert client.refused("/runs/log-parameter", run_id=run, key="lr", value="2")[:2] == (
        400,
        "INVALID_PARAMETER_VALUE",
    )
    wrong = [
        ("/runs/log-metric", {"run_id": 31, **_point("a", 1)}, "Invalid value 31 for parameter 'run_id' supplied"),
        ("/runs/log-metric", {"run_id": run, **_point("a", 1, "x")}, "Invalid value \"x\" for parameter 'step'"),
        ("/runs/log-metric", {"run_id": run, **_point("a", "x")}, "Invalid value \"x\" for parameter 'value'"),
        ("/runs/log-metric", {"run_id": run, **_point("a", 1, at=-1)}, "Timestamp must be a nonnegative long"),
        ("/runs/log-metric", {"run_id": run, "key": "a", "value": 1}, "Missing value for required parameter"),
        ("/runs/log-batch", {"run_id": run, "metrics": "foo"}, "Invalid value \"foo\" for parameter 'metrics'"),
        ("/runs/log-batch", {"run_id": run, "metrics": [{"key": "a", "value": 1}]}, "'metrics[0].timestamp'"),
        ("/runs/log-batch", {"run_id": run, "metrics": [_point("a", 1)] * 1001}, "at most 1000 metrics. Got 1001"),
        ("/runs/log-batch", {"run_id": run, "params": [{"key": "a", "value": "1"}] * 2}, "Duplicate parameter keys"),
        ("/runs/log-parameter", {"run_id": run, "key": "../a", "value": ""}, "must not resolve to other names"),
        ("/runs/log-parameter", {"run_id": run, "key": "a" * 251, "value": ""}, "exceeds the maximum length of 250"),
        ("/runs/set-tag", {"run_id": run, "key": "a!", "value": ""}, "Names may only contain alphanumerics"),
        ("/runs/set-tag", {"run_id": run, "key": "a", "value": "\ud800"}, "no valid Unicode"),
        ("/runs/delete-tag", {"run_id": run, "key": "none"}, "No tag with name: none"),
        ("/runs/update", {"run_id": run, "status": "DONE"}, "Accepted are RUNNING"),
        ("/experiments/create", {"name": 123}, "Invalid value 123 for parameter 'name'"),
        ("/experiments/create", {"name": "Default"}, "Experiment(name=Default) already exists"),
        ("/experiments/delete", {"experiment_id": "0"}, "Cannot delete the default experiment"),
        ("/runs/search", {"experiment_ids": ["0"], "max_results": 60_000}, "Invalid value 60000"),
        ("/runs/search", {"experiment_ids": ["0"], "page_token": "?"}, "Invalid page token"),
        ("/runs/log-inputs", {"datasets": []}, "Missing value for required parameter 'run_id'"),
    ]  # fmt: skip
    for path, fields, message in wrong:
        status, code, told = client.refused(path, **fields)
        assert (status, message in told) == (404 if code == "RESOURCE_DOES_NOT_EXIST" else 400, True), (path, told)
    assert client.refused("/runs/get", "GET", run_id="0" * 32)[:2] == (404, "RESOURCE_DOES_NOT_EXIST")
    assert client.refused("/experiments/get", "GET", experiment_id="99")[:2] == (404, "RESOURCE_DOES_NOT_EXIST")
    assert client.refused("/nothing")[:2] == (404, "ENDPOINT_NOT_FOUND")
    assert client.raw("POST", f"{BELOW}/runs/create", b"[" * 100_000).status == 400


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


def test_the_filter_grammar_is_mlflows_with_or_and_brackets() -> None:
    assert parsed("metrics.`a b` >= -1e3 AND params.\"c.d\" = 'it''s'") == Every(
        (Term("metric", "a b", ">=", -1000.0), Term("parameter", "c.d", "=", "it's"))
    )
    assert parsed("a.x = 'y'".replace("a.", "tags.") + " or (run_id IN ('1', '2') and attr.start_time > 5)") == Either(
        (
            Term("tag", "x", "=", "y"),
            Every((Term("attribute", "run_id", "IN", ("1", "2")), Term("attribute", "start_time", ">", 5.0))),
        )
    )
    assert parsed('param.a IS NOT NULL AND `Run name` ILIKE "%x"') == Every(
        (Term("parameter", "a", "IS NOT NULL"), Term("attribute", "run_name", "ILIKE", "%x"))
    )
    assert ordered(["metrics.`a b` DESC", "start_time"]) == [
        Order("metric", "a b", True),
        Order("attribute", "start_time"),
    ]
    for text, told in [
        ("metrics.a = 'x'", "Expected numeric value type for metric. Found 'x'"),
        ("params.a = 5", "Expected a quoted string value for parameter"),
        ("params.a < 'x'", "Invalid comparator '<' not one of"),
        ("foo.a = 'x'", "Invalid entity type 'foo'"),
        ("attributes.a = 'x'", "Invalid attribute key 'a' specified"),
        ("(params.a = 'x'", "Expected ')' found the end"),
        ("params.a = 'x' params.b = 'y'", "Invalid clause(s) in filter string: 'params.b = 'y''"),
        ("params.a IN ()", "non-empty list"),
    ]:
        with pytest.raises(MlflowError) as refused:
            parsed(text)
        assert told in str(refused.value)


_PARTS = ("metrics.a", "and", "or", "(", ")", "=", "'x'", "1", "IN", ",", "is", "not", "null", "`")


@given(st.text(max_size=60) | st.lists(st.sampled_from(_PARTS)).map(" ".join))
def test_no_filter_fails_otherwise(text: str) -> None:
    with contextlib.suppress(MlflowError):
        parsed(text)


def test_runs_are_found_by_all_that_they_have(client: Client) -> None:
    experiment = client.experiment()
    known: dict[str, tuple[float | str | None, str, str]] = {
        "a": (1, "x", "Blue"), "b": (2, "y", "blue"), "c": ("NaN", "x", "red*"), "d": (None, "10", "x")
    }  # fmt: skip
    for number, (name, (loss, param, tag)) in enumerate(known.items()):
        run = client.run(experiment, run_name=name, start_time=1000 + number, tags=[{"key": "hue", "value": tag}])
        points = [] if loss is None else [_point("loss", loss)]
        client.post("/runs/log-batch", run_id=run, metrics=points, params=[{"key": "p", "value": param}])
        if name == "b":
            data = {"name": "iris", "digest": "1", "source_type": "local", "source": "{}"}
            tags = [{"key": "mlflow.data.context", "value": "train"}]
            client.post("/runs/log-inputs", run_id=run, datasets=[{"dataset": data, "tags": tags}])
            client.post("/runs/update", run_id=run, status="KILLED", end_time=5000)
    for text, names in {
        "": "dcba",
        "metrics.loss >= 1": "ba",
        "metrics.loss != 1": "b",
        "metrics.loss < 2 OR params.p = '10'": "da",
        "params.p = 'x' AND (tags.hue LIKE '%blue%' OR tags.hue LIKE 'red*')": "c",
        "tags.hue ILIKE '%BLUE%'": "ba",
        "tags.hue LIKE 'b%'": "b",
        "params.p != 'x'": "db",
        "metrics.loss IS NULL": "d",
        "params.q IS NULL and params.p IS NOT NULL": "dcba",
        "status = 'KILLED' AND end_time = 5000": "b",
        "attributes.start_time >= 1002": "dc",
        "run_name IN ('a', 'd') and user_id = 'grace'": "da",
        "dataset.name = 'iris' AND datasets.context NOT IN ('test')": "b",
        "tags.mlflow.runName = 'c'": "c",
    }.items():
        assert "".join(client.found(experiment, text)) == names, text
    assert client.found(experiment, "", "metrics.loss DESC") == ["b", "a", "c", "d"]
    assert client.found(experiment, "", "params.p", "start_time ASC") == ["d", "a", "c", "b"]
    page = client.post("/runs/search", experiment_ids=[experiment], max_results=3)
    rest = client.post("/runs/search", experiment_ids=[experiment], max_results=3, page_token=page["next_page_token"])
    assert [each["info"]["run_name"] for each in page["runs"] + rest["runs"]] == ["d", "c", "b", "a"]
    assert "next_page_token" not in rest
    assert client.post("/experiments/search-datasets", experiment_ids=[experiment])["dataset_summaries"] == [
        {"experiment_id": experiment, "name": "iris", "digest": "1", "context": "train"}
    ]


def test_histories_come_in_pages_and_thinned(client: Client) -> None:
    run = client.run()
    points = [_point("m", number, number // 2, 1000 + number) for number in range(10)]
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


def test_files_of_runs_go_through_the_proxy_and_stay_in_the_runs_folder(
    client: Client, context: Context, add_run: AddRun
) -> None:
    experiment = client.experiment()
    run = client.run(experiment)
    ours = runs.find(context, run)
    root = f"{FILES}/{experiment}/{run}/artifacts"
    assert client.raw("PUT", f"{root}/a/b.txt", b"abcdef" * 1000).status == 200
    assert client.raw("PUT", f"{root}/MLmodel", b"x: 1").status == 200
    assert (context.workspace.settings.run_dir(ours.id) / "artifacts/a/b.txt").read_bytes() == b"abcdef" * 1000
    assert {each.path for each in runs.artifacts(context, ours.id)} == {"artifacts/a/b.txt", "artifacts/MLmodel"}
    listed = client.get("/artifacts/list", run_id=run)
    assert listed["files"] == [{"path": "MLmodel", "is_dir": False, "file_size": 4}, {"path": "a", "is_dir": True}]
    below = client.raw("GET", f"{FILES}?path={experiment}/{run}/artifacts/a").json()
    assert below == {"files": [{"path": "b.txt", "is_dir": False, "file_size": 6000}]}
    answer = client.raw("GET", f"{root}/a/b.txt", range="bytes=1-3")
    assert (answer.status, answer.body, answer.headers["content-type"]) == (206, b"bcd", "text/plain")
    assert (answer.headers["x-content-type-options"], answer.headers["content-disposition"][:10]) == (
        "nosniff",
        "attachment",
    )
    assert client.raw("GET", f"/get-artifact?run_id={run}&path=MLmodel").body == b"x: 1"

    assert client.raw("PUT", f"{root}/MLmodel/c", b"").status == 400
    trained = runs.get(context, add_run())
    assert client.raw("PUT", f"{FILES}/1/{trained.uid}/artifacts/report.json", b"{}").status == 400
    assert client.raw("POST", f"/api/2.0/mlflow-artifacts/mpu/create/{experiment}/x").status == 501
    assert client.raw("DELETE", f"{root}/a").status == 200
    assert client.raw("GET", f"{root}/a/b.txt").status == 404
    assert {each.path for each in runs.artifacts(context, ours.id)} == {"artifacts/MLmodel"}


def test_a_file_that_is_too_large_leaves_nothing(client: Client, context: Context) -> None:
    context.workspace.settings.__dict__["max_upload_mb"] = 1
    target = f"{FILES}/x/large.bin"
    answer = ask(client.app, "PUT", target, b"x" * (2 * 1024**2), pieces=8)
    assert (answer.status, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert client.raw("GET", f"{FILES}?path=x").json() == {"files": []}


def test_no_path_leads_out_of_its_folder(client: Client) -> None:
    with pytest.raises(MlflowError, match="Invalid path"):
        checked("\0")
    run = client.run()
    told = (400, "INVALID_PARAMETER_VALUE", "Invalid path")
    for path in (
        *("../a", "a/../../b", "/etc/passwd", "%2e%2e/a", "%252e%252e%252fa", "..%2fa", "C:/a", "c:\\a", "a\\..\\b"),
        *("a#b", "a\\b"),
    ):
        assert client.refused("/artifacts/list", "GET", run_id=run, path=path) == told, path
        assert client.raw("GET", f"/get-artifact?{urlencode({'run_id': run, 'path': path})}").status == 400, path


def test_models_that_are_logged_are_registered_with_their_files(client: Client, context: Context) -> None:
    experiment = client.experiment()
    run = client.run(experiment)
    made = client.post("/logged-models", experiment_id=experiment, name="net", source_run_id=run)["model"]["info"]
    key, uri = made["model_id"], made["artifact_uri"]
    assert (key[:2], len(key), made["status"]) == ("m-", 34, "LOGGED_MODEL_PENDING")
    path = uri.removeprefix("mlflow-artifacts:")
    assert client.raw("PUT", f"{FILES}{path}MLmodel", b"flavors: {}").status == 200
    assert client.send("PATCH", f"/logged-models/{key}", status="LOGGED_MODEL_READY").status == 200
    client.post("/runs/outputs", run_id=run, models=[{"model_id": key, "step": 3}])
    client.post(
        "/runs/log-metric", run_id=run, **_point("acc", 0.5), model_id=key, dataset_name="d", dataset_digest="1"
    )
    client.send("PATCH", f"/logged-models/{key}/tags", tags=[{"key": "a", "value": "1"}])
    search = {"experiment_ids": [experiment], "filter": "metrics.acc > 0.4 AND tags.a = '1' AND name = 'net'"}
    assert [each["info"]["model_id"] for each in client.post("/logged-models/search", **search)["models"]] == [key]
    assert client.post("/logged-models/search", **search, datasets=[{"dataset_name": "other"}])["models"] == []
    outputs = client.get("/runs/get", run_id=run)["run"]["outputs"]["model_outputs"]
    assert outputs == [{"model_id": key, "step": 3}]

    name = "My Model"
    client.post("/registered-models/create", name=name, description="d")
    assert client.refused("/registered-models/create", name=name)[1] == "RESOURCE_ALREADY_EXISTS"
    version = client.post("/model-versions/create", name=name, source=uri, model_id=key, run_id=run)["model_version"]
    assert (version["version"], version["name"], version["run_id"], version["status"]) == ("1", name, run, "READY")
    client.post("/registered-models/alias", name=name, alias="champion", version="1")
    client.post("/model-versions/set-tag", name=name, version="1", key="t", value="v")
    client.post("/model-versions/transition-stage", name=name, version="1", stage="Production")
    found = client.get("/registered-models/alias", name=name, alias="champion")["model_version"]
    assert (found["current_stage"], found["tags"]) == ("Production", [{"key": "t", "value": "v"}])
    ours = models.get(context, "my-model")
    assert (ours.aliases["champion"].number, ours.aliases["champion"].metrics) == (1, {"acc": 0.5})
    listed = client.get("/model-versions/search", filter=f"name = '{name}' and tags.t = 'v'")["model_versions"]
    assert [each["version"] for each in listed] == ["1"]
    assert [each["name"] for each in client.get("/registered-models/search")["registered_models"]] == [name]
    with pytest.raises(models.ModelError, match="only its clients read"):
        models.network_file(context.workspace.settings, ours.versions[0])

    client.raw("DELETE", f"{FILES}{path}MLmodel")  # the version keeps its own
    kept = client.get("/model-versions/get-download-uri", name=name, version="1")["artifact_uri"]
    assert client.raw("GET", f"{FILES}{kept.removeprefix('mlflow-artifacts:')}/MLmodel").body == b"flavors: {}"
    assert client.raw("PUT", f"{FILES}{kept.removeprefix('mlflow-artifacts:')}/MLmodel", b"").status == 400
    assert client.send("DELETE", "/registered-models/delete", name=name).status == 200


def test_a_client_that_was_lost_is_running_again_when_it_logs(client: Client, context: Context) -> None:
    run = client.run()
    key = runs.find(context, run).id
    logged.end(context, key, RunState.LOST)
    assert client.get("/runs/get", run_id=run)["run"]["info"]["status"] == "FAILED"
    client.post("/runs/log-metric", run_id=run, **_point("loss", 1))
    assert runs.get(context, key).state is RunState.RUNNING


ODD: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["0", "1", 2**63, "NaN"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "value", "timestamp", "step", "model_id", "dataset"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
NAMES = (
    *(
        "run_id",
        "experiment_id",
        "key",
        "value",
        "metrics",
        "params",
        "tags",
        "filter",
        "order_by",
        "max_results",
        "name",
    ),
    *(
        "timestamp",
        "experiment_ids",
        "page_token",
        "datasets",
        "models",
        "version",
        "source",
        "alias",
        "status",
        "path",
    ),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.sampled_from(CALLS), st.dictionaries(st.sampled_from(NAMES), ODD, max_size=6))
def test_no_request_makes_it_fail(
    client: Client, call: tuple[str, str, Callable[..., Any]], fields: dict[str, Any]
) -> None:
    method, path, _ = call
    path = path.format(model_id="m-1", tag_key="a")
    known = {**fields, **({"run_id": client.run()} if fields.get("run_id") is True else {})}
    if method == "GET":
        known = {name: str(value).encode("utf-8", "replace") for name, value in known.items()}
    assert client.send(method, path, **known).status < 500
