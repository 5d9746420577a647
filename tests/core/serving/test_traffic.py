"""What is counted and kept of served models, without a process that answers."""

import json
from typing import Any

import pytest

import db.serving
from core.common.context import Context
from core.serving.feedback import Given, give
from core.serving.options import hashed, is_password
from core.serving.traffic import BUCKETS, Traffic, percentile, predicted
from core.serving.version_usage import compared
from tests.core.serving.conftest import AddVersion

BODY = json.dumps({"instances": [[1, 2]]}).encode()


def test_passwords_are_kept_as_hashes() -> None:
    kept = hashed("secret")

    assert "secret" not in kept
    assert is_password("secret", kept)
    assert not is_password("Secret", kept)
    assert not is_password("secret", "damaged")


def test_percentiles_are_read_from_buckets() -> None:
    latencies = {"0": 90, "10": 10}

    assert percentile(latencies, 0.5) == BUCKETS[0]
    assert percentile(latencies, 0.95) == BUCKETS[10]
    assert percentile({}, 0.5) is None


@pytest.mark.parametrize(
    ("answers", "counted"),
    [
        ([{"prediction": "left"}, {"prediction": "right"}], ["left", "right"]),
        ([{"prediction": ["a", "b"]}, {"prediction": []}], ["a", "b"]),
        ([{"prediction": 3.5}, {"prediction": [1.0, 2.0]}, {"problem": "not a number"}], []),
    ],
)
def test_classes_and_labels_are_counted_and_numbers_are_not(answers: list[Any], counted: list[str]) -> None:
    assert predicted(json.dumps({"answers": answers}).encode()) == counted


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"answers": 3}', b'{"answers": [1]}', b'{"error": "no"}'])
def test_an_odd_answer_counts_nothing(body: bytes) -> None:
    assert predicted(body) == []


def test_traffic_of_a_model_that_was_deleted_holds_nothing_up(context: Context, add_version: AddVersion) -> None:
    version = add_version("sides")
    traffic = Traffic()
    for model_id in (version.model_id, version.model_id + 1000):
        for _ in range(2):
            traffic.note(model_id, version.id, "main", 1.0, 200, ["left"])
            traffic.keep(model_id, version.id, "main", 1.0, 200, BODY, b"{}")
            traffic.store(context.workspace)  # the second time, to what is there

    with context.workspace.read() as session:
        (minute, *later) = db.serving.minutes(session, version.model_id, 0)
        assert len(db.serving.requests(session, version.model_id, 10)) == 2
    if not later:  # the clock stayed within one minute
        assert (minute.requests, minute.counts["answers"]) == (2, {"left": 2})
    assert minute.requests + sum(each.requests for each in later) == 2


def test_a_verdict_is_about_what_the_two_said_in_the_roles_they_have_now(
    context: Context, add_version: AddVersion
) -> None:
    first, second = add_version("sides"), add_version("sides")
    traffic = Traffic()
    for version, role, right in ((second, "main", False), (first, "main", True), (second, "challenger", True)):
        for _ in range(15):
            kept = traffic.keep(first.model_id, version.id, role, 1.0, 200, BODY, b"{}")
            traffic.store(context.workspace)
            give(context, first.model_id, Given(id=kept, correct=right))

    split = compared(context, first.model_id, first.id, second.id)
    assert split is not None
    assert (split.main, split.challenger, split.is_decided) == (1.0, 1.0, False)
    assert compared(context, first.model_id, second.id, first.id) is None
