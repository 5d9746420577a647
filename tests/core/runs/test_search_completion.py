"""What the search box offers while somebody types."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.common.context import Context
from core.runs.search import parse_search
from core.runs.search_completion import MOST, completions
from tests.conftest import AddRun


@pytest.fixture
def store(add_run: AddRun) -> None:
    table = {
        "data": {"source": "table", "dataset": "churn"},
        "training": {"optimizer": {"name": "adam", "learning_rate": 1}},
    }
    add_run(
        experiment="paper", tags=["best", "to check"], created_by="grace", metrics={"val_loss": [1.0]}, config=table
    )
    add_run(experiment="my own", created_by="ada", metrics={"val_accuracy": [0.5], "top 5": [0.1]}, host="gpu-3")


def offered(context: Context, text: str) -> list[str]:
    return [each.shown for each in completions(context, text)]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stat", ["state"]),
        ("-stat", ["state"]),
        ("adam (no", ["notes"]),
        ("learn", ["learning_rate"]),
        ("val_acc", ["val_accuracy", "val_accuracy.best", "val_accuracy.min", "val_accuracy.max"]),
        ("val_accuracy.b", ["val_accuracy.best"]),
        ("state ", ["=", "!=", "in"]),
        ("state = failed ", ["and", "or"]),
        ("tag is missing ", ["and", "or"]),
        ("id in 1, 2 ", ["and", "or"]),
        ("state in failed, runn", ["running"]),
        ("state not in [fa", ["failed"]),
        ("val_loss ", ["=", "!=", "<", "<=", ">", ">="]),
        ("state = fa", ["failed"]),
        ("state:fa", ["failed"]),
        ("status = runn", ["running"]),
        ("experiment = ", ["my own", "paper"]),
        ("experiment ~ OW", ["my own"]),
        ("tag = ", ["best", "to check"]),
        ("-tag:be", ["best"]),
        ("user:", ["ada", "grace"]),
        ("dataset = ", ["churn", "digits", "table"]),
        ("host = ", ["gpu-3"]),
        ("optimizer.name = a", ["adam"]),
        ("optimizer = ", ["adam"]),
        ("created > y", ["yesterday"]),
        ("val_loss > ", []),
        ("unknown = ", []),
        ("adam ", []),
        ('"two wo', []),
    ],
)
def test_what_may_come_next_is_offered(context: Context, text: str, expected: list[str]) -> None:
    assert sorted(offered(context, text)[: len(expected) or None]) == sorted(expected)


def test_an_empty_box_offers_the_fields_to_begin_with(context: Context) -> None:
    assert offered(context, "")[:3] == ["state", "experiment", "tag"]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("text", "shown", "whole"),
    [
        ("adam -tag:to", "to check", 'adam -tag:"to check" '),
        ('experiment = "my', "my own", 'experiment = "my own" '),
        ("(stat", "state", "(state "),
        ("state ", "!=", "state != "),
    ],
)
def test_what_is_taken_takes_the_place_of_what_was_begun(context: Context, text: str, shown: str, whole: str) -> None:
    assert [each.text for each in completions(context, text) if each.shown == shown] == [whole]


@pytest.mark.usefixtures("store")
def test_what_is_taken_can_be_read_once_it_is_whole(context: Context) -> None:
    for text in ("experiment = ", "tag = ", "state = ", "user:", "dataset:", "created > ", "duration > ", "host ~ "):
        found = completions(context, text)
        assert found
        for each in found:
            assert parse_search(each.text) is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40) | st.sampled_from(["tag = ", '"', "is ", "a:", "(", "\ud800 = ", "\0", "x" * 3000]))
def test_whatever_is_typed_at_most_a_few_are_offered(context: Context, text: str) -> None:
    found = completions(context, text)
    assert len(found) <= MOST
    assert all(each.text.strip() for each in found)
