"""MLflow's interface: filters, orders and what they find."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.mlflow.filter_grammar import ordered, parsed
from core.mlflow.mlflow_error import MlflowError
from db.run_filters import Either, Every, Order, Term
from tests.core.mlflow.mlflow_client import Client, point
from tests.postgres import each_database as database_url  # noqa: F401 - a fixture


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
        points = [] if loss is None else [point("loss", loss)]
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


def test_a_search_tells_all_of_a_run(client: Client) -> None:
    experiment = client.experiment()
    bare = client.run(experiment, run_name="bare")
    label = 'a "b" \\ ü 漢'
    text = f"{label}\n\t\x01"
    run = client.run(experiment, run_name=label, tags=[{"key": "mlflow.note.content", "value": label}])
    points = [point("b", 1e-300, 2, 7), point("a", "NaN", 1, 1999), point("c", "-Infinity", -3, 0), point("d", 3, 0, 5)]
    client.post("/runs/log-batch", run_id=run, metrics=points, params=[{"key": "p", "value": text}])
    client.post("/runs/log-batch", run_id=run, metrics=[point("b", 5, 1, 9), point("d", 2, 0, 4)])
    data = {"name": "iris", "digest": "1", "source_type": "local", "source": text}
    client.post("/runs/log-inputs", run_id=run, datasets=[{"dataset": data, "tags": []}])
    found = client.post("/runs/search", experiment_ids=[experiment])["runs"]
    by_id = {each["info"]["run_id"]: each for each in found}
    assert by_id == {each: client.get("/runs/get", run_id=each)["run"] for each in (run, bare)}
    assert by_id[run]["info"]["run_name"] == label
    told = by_id[run]["data"]
    assert told["params"] == [{"key": "p", "value": text}]
    assert {each["key"]: each["value"] for each in told["tags"]} == {
        "mlflow.note.content": label,
        "mlflow.runName": label,
    }
    assert sorted(told["metrics"], key=lambda each: str(each["key"])) == [
        point("a", "NaN", 1, 1999),
        point("b", 1e-300, 2, 7),
        point("c", "-Infinity", -3, 0),
        point("d", 3.0, 0, 5),
    ]
    assert by_id[run]["inputs"]["dataset_inputs"][0]["dataset"]["source"] == text
    assert by_id[bare]["data"] == {"metrics": [], "params": [], "tags": [{"key": "mlflow.runName", "value": "bare"}]}
    assert by_id[bare]["inputs"] == {"dataset_inputs": [], "model_inputs": []}
    assert by_id[bare]["outputs"] == {"model_outputs": []}


def test_few_of_many_are_the_newest_however_they_are_found(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment, other = client.experiment(), client.experiment("other")
    for number in range(12):
        run = client.run(other if number == 5 else experiment, run_name=f"{number}", start_time=1000 + number // 2)
        client.post("/runs/log-batch", run_id=run, params=[{"key": "p", "value": "abc"[number % 3]}])
        if number == 9:
            client.post("/runs/delete", run_id=run)
    asked = {"experiment_ids": [experiment, other], "filter": "params.p != 'b' OR params.q IS NOT NULL"}
    answers = []
    for passed in (0, 1, 20):  # looked at one by one: none, too few, enough
        monkeypatch.setattr("db.run_matching._PASSED", passed)
        pages = [client.post("/runs/search", **asked, max_results=3)]
        while "next_page_token" in pages[-1]:
            token = pages[-1]["next_page_token"]
            pages.append(client.post("/runs/search", **asked, max_results=3, page_token=token))
        answers.append([each["info"]["run_name"] for page in pages for each in page["runs"]])
    assert answers[0] == answers[1] == answers[2]
    assert sorted(answers[0], key=int) == ["0", "2", "3", "5", "6", "8", "11"]
    assert [int(name) // 2 for name in answers[0]] == sorted((int(name) // 2 for name in answers[0]), reverse=True)
