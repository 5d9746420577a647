"""MLflow's interface: the queries of GraphQL that its own pages make."""

from typing import Any

import pytest

from tests.core.mlflow.mlflow_client import FILES, Client, content, point


def _asked(client: Client, query: str, **more: Any) -> Any:
    return content(client.send("POST", "/graphql", "", query=query, **more))


def test_pages_read_runs_experiments_files_and_histories(client: Client) -> None:
    experiment = client.experiment("mine")
    run = client.run(experiment, run_name="first", tags=[{"key": "a", "value": "NaN"}])
    client.post("/runs/log-batch", run_id=run, metrics=[point("loss", "NaN", 3, 4), point("seconds", 1.5, 2, 5)])
    client.raw("PUT", f"{FILES}/{experiment}/{run}/artifacts/sub/a.txt", b"hello")
    client.post("/registered-models/create", name="net")
    client.post("/model-versions/create", name="net", source=f"runs:/{run}/sub", run_id=run)

    query = """
      query One($run: String!, $with: Boolean = false) @component(name: "Page") {  # a comment, with "quotes"
        mlflowGetRun(input: {runId: $run}) {
          run { ...Told, experiment { name, creationTime @skip(if: true) } modelVersions { name version } }
        }
        files: mlflowListArtifacts(input: {runId: $run}) { files { path isDir fileSize } }
        mlflowGetMetricHistoryBulkInterval(input: {runIds: [$run], metricKey: "seconds"}) { metrics { value step } }
        mlflowGetExperiment(input: {experimentId: "999"}) { experiment { name } }
      }
      fragment Told on MlflowRun { info { runId status startTime endTime } ... @include(if: $with) { inputs { a } }
        data { metrics { key value timestamp step } tags { key value } } ...Told }
    """
    answer = _asked(client, query, variables={"run": run}, operationName="One")
    told = answer["data"]["mlflowGetRun"]["run"]
    assert told["info"] == {"runId": run, "status": "RUNNING", "startTime": "456", "endTime": None}
    assert told["data"]["metrics"] == [
        {"key": "loss", "value": None, "timestamp": "4", "step": "3"},
        {"key": "seconds", "value": 1.5, "timestamp": "5", "step": "2"},
    ]
    assert {"key": "a", "value": "NaN"} in told["data"]["tags"]
    assert (told["experiment"], told["modelVersions"]) == ({"name": "mine"}, [{"name": "net", "version": "1"}])
    assert "inputs" not in told
    assert answer["data"]["files"] == {"files": [{"path": "sub", "isDir": True, "fileSize": "0"}]}
    assert answer["data"]["mlflowGetMetricHistoryBulkInterval"] == {"metrics": [{"value": 1.5, "step": "2"}]}
    assert answer["data"]["mlflowGetExperiment"] is None
    assert answer["errors"] == ["No Experiment with id=999 exists"]

    search = f'mlflowSearchRuns(input: {{experimentIds: ["{experiment}"]}}) {{ runs {{ info {{ runId }} }} }}'
    found = _asked(client, f"mutation {{ {search} }}")
    assert found == {"data": {"mlflowSearchRuns": {"runs": [{"info": {"runId": run}}]}}, "errors": None}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ a { b }", "Unexpected '<EOF>'"),
        ("{}", "Expected a field"),
        ("#" * 10_000 + "\n~", "Unexpected '~'"),
        ('{ test(inputString: "\\q") { output } }', "Unexpected"),
        ("query A { test } query B { test }", "Which operation is meant"),
        ("subscription { test }", "accepted are query, mutation and fragment"),
        ("{" + " ".join(f"k{number}: test" for number in range(11)) + "}", "at most 10 root fields, got 11"),
        ("{ test {" + " ".join(f"k{number}: output" for number in range(11)) + "} }", "at most 10 aliases, got 11"),
        ("{ test {" + " ".join(f"f{number}" for number in range(1001)) + "} }", "total selections of 1000"),
        ("{ a" * 11 + "}" * 11, "maximum depth of 10"),
        ("{ a" * 3000, "maximum depth of 10"),
        ("{ test { ...A } } fragment A on T { a { ...A } }", "maximum depth of 10"),
        ("{ unknown }", "Cannot query field 'unknown'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_or_asks_too_much_is_refused(client: Client, query: str, message: str) -> None:
    answer = _asked(client, query)
    assert message in answer["errors"][0]
    assert answer["data"] in (None, {"unknown": None})
