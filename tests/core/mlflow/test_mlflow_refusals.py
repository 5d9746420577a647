"""MLflow's interface: what is refused, and that nothing is the server's fault."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.mlflow.calls import CALLS, LATER_CALLS
from tests.core.mlflow.mlflow_client import BELOW, Client, point


def test_what_breaks_mlflows_rules_is_refused_in_its_words_and_never_as_the_servers_fault(client: Client) -> None:
    run = client.run()
    client.post("/runs/log-parameter", run_id=run, key="lr", value="1")
    client.post("/runs/log-parameter", run_id=run, key="lr", value="1")
    assert client.refused("/runs/log-parameter", run_id=run, key="lr", value="2")[:2] == (
        400,
        "INVALID_PARAMETER_VALUE",
    )
    wrong = [
        ("/runs/log-metric", {"run_id": 31, **point("a", 1)}, "Invalid value 31 for parameter 'run_id' supplied"),
        ("/runs/log-metric", {"run_id": run, **point("a", 1, "x")}, "Invalid value \"x\" for parameter 'step'"),
        ("/runs/log-metric", {"run_id": run, **point("a", "x")}, "Invalid value \"x\" for parameter 'value'"),
        ("/runs/log-metric", {"run_id": run, **point("a", 1, at=-1)}, "Timestamp must be a nonnegative long"),
        ("/runs/log-metric", {"run_id": run, "key": "a", "value": 1}, "Missing value for required parameter"),
        ("/runs/log-batch", {"run_id": run, "metrics": "foo"}, "Invalid value \"foo\" for parameter 'metrics'"),
        ("/runs/log-batch", {"run_id": run, "metrics": [{"key": "a", "value": 1}]}, "'metrics[0].timestamp'"),
        ("/runs/log-batch", {"run_id": run, "metrics": [point("a", 1)] * 1001}, "at most 1000 metrics. Got 1001"),
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


ODD: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["0", "1", 2**63, "NaN", '{"a": 1}', '[{"inputs": {"a": 1}}]', '[1, {"inputs": 2}]']),
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
        "records",
        "filter_string",
        "dataset_record_ids",
    ),
)


@settings(
    max_examples=3 * settings().max_examples,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.sampled_from(CALLS + LATER_CALLS), st.dictionaries(st.sampled_from(NAMES), ODD, max_size=6))
def test_no_request_makes_it_fail(
    client: Client, call: tuple[str, str, Callable[..., Any]], fields: dict[str, Any]
) -> None:
    method, path, _ = call
    below = BELOW if call in CALLS else "/api/3.0/mlflow"
    path = path.format(model_id="m-1", tag_key="a", key="a", dataset_id=client.evaluation_set())
    known = {**fields, **({"run_id": client.run()} if fields.get("run_id") is True else {})}
    if method == "GET":
        known = {name: str(value).encode("utf-8", "replace") for name, value in known.items()}
    assert client.send(method, path, below, **known).status < 500
