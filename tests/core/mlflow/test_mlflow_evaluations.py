"""MLflow's interface: data sets for evaluations."""

import json
from typing import Any

from tests.core.mlflow.mlflow_client import LATER, Client


def test_records_are_known_by_their_inputs(client: Client) -> None:
    key = client.evaluation_set(tags=json.dumps({"mlflow.user": "ada"}))
    first = [
        {"inputs": {"q": "a"}, "expectations": {"answer": 1}, "tags": {"hard": "no"}},
        {"inputs": {"q": "b"}, "source": {"source_type": "HUMAN", "source_data": {}}},
    ]
    sent = client.later("POST", f"/datasets/{key}/records", records=json.dumps(first))
    assert sent == {"inserted_count": 2, "updated_count": 0}
    more = [
        {"inputs": {"q": "a"}, "expectations": {"why": "x"}, "tags": {"mlflow.user": "bob"}},
        {"inputs": {"q": "c"}},
    ]
    sent = client.later("POST", f"/datasets/{key}/records", records=json.dumps(more))
    assert sent == {"inserted_count": 1, "updated_count": 1}

    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        page = client.later("GET", f"/datasets/{key}/records", max_results=2, **token)
        found += json.loads(page["records"])
        if "next_page_token" not in page:
            break
        token = {"page_token": page["next_page_token"]}
    by_question = {each["inputs"]["q"]: each for each in found}
    assert len(found) == 3
    assert by_question["a"]["expectations"] == {"answer": 1, "why": "x"}
    assert by_question["a"]["tags"] == {"hard": "no", "mlflow.user": "bob"}
    assert by_question["b"]["source"]["source_type"] == "HUMAN"
    told = client.later("GET", f"/datasets/{key}")["dataset"]
    assert (told["created_by"], told["last_updated_by"]) == ("ada", "bob")
    assert json.loads(told["schema"])["expectations"] == {"answer": "int", "why": "str"}
    assert json.loads(told["profile"]) == {"num_records": 3}
    gone = [by_question["a"]["dataset_record_id"], "none"]
    assert client.later("DELETE", f"/datasets/{key}/records", dataset_record_ids=gone) == {"deleted_count": 1}
    assert client.later("DELETE", f"/datasets/{key}") == {}
    assert client.send("GET", f"/datasets/{key}", LATER).json()["error_code"] == "RESOURCE_DOES_NOT_EXIST"


def test_they_belong_to_experiments_and_are_found(client: Client) -> None:
    first, second = client.experiment("first"), client.experiment("second")
    a = client.evaluation_set(name="a", experiment_ids=[first], tags=json.dumps({"team": "ml"}))
    b = client.evaluation_set(name="b", experiment_ids=[first, second])
    client.later("POST", f"/datasets/{a}/add-experiments", experiment_ids=[second, first])
    client.later("POST", f"/datasets/{b}/remove-experiments", experiment_ids=[second])
    client.later("PATCH", f"/datasets/{b}/tags", tags=json.dumps({"team": "data", "n": 1}))
    client.later("DELETE", f"/datasets/{b}/tags/n")
    assert client.later("GET", f"/datasets/{a}/experiment-ids") == {"experiment_ids": [first, second]}
    for fields, names in (
        ({"experiment_ids": [second]}, ["a"]),
        ({"experiment_ids": [first], "order_by": ["name DESC"]}, ["b", "a"]),
        ({"filter_string": "tags.team = 'data' OR name = 'x'"}, ["b"]),
        ({"filter_string": "tags.n IS NOT NULL"}, []),
    ):
        found = client.later("POST", "/datasets/search", **fields)["datasets"]
        assert [each["name"] for each in found] == names, fields
    answer = client.send("POST", f"/datasets/{a}/add-experiments", LATER, experiment_ids=["99"])
    assert (answer.status, answer.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
