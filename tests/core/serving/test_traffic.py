"""What is counted and kept of served models, without a process that answers."""

import contextlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import ValidationError

import db.serving
from core.common.context import Context
from core.common.errors import DataError
from core.serving.door import ClosedDoorError, Door
from core.serving.feedback import Given, give, shadow_of
from core.serving.options import Options, hashed, is_password
from core.serving.traffic import BUCKETS, Traffic, percentile, predicted
from core.serving.version_usage import compared
from db.registry_records import VersionRecord
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

    def said(version: VersionRecord, role: str, right: bool, number: str = "") -> str:
        kept = traffic.keep(first.model_id, version.id, role, 1.0, 200, BODY, b"{}", number)
        traffic.store(context.workspace)
        give(context, first.model_id, Given(id=kept, correct=right))
        return kept

    for _ in range(9):
        said(second, "main", False)
        said(first, "main", False)  # before there was a challenger
    said(second, "shadow", False, shadow_of(said(first, "main", False)))  # in the mode of that time
    for _ in range(15):
        said(second, "challenger", True)
        said(first, "main", True)
    split = compared(context, first.model_id, first.id, second.id)
    assert split is not None
    assert (split.main, split.challenger, split.is_decided) == (1.0, 1.0, False)
    assert compared(context, first.model_id, second.id, first.id) is None


def test_guesses_at_once_are_counted_and_keep_nobody_else_out() -> None:
    door, options = Door(), Options(password=hashed("secret"))

    def guess(each: tuple[str, str]) -> bool | None:
        with contextlib.suppress(ClosedDoorError):
            return door.is_password("sides", options, *each)
        return None

    began = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        wrong = [(str(number), f"2001:db8::{number}") for number in range(60)]
        found = list(pool.map(guess, [*wrong, ("secret", "192.0.2.1")]))
    seconds = int(time.monotonic()) - int(began) + 1
    assert found[-1] is True
    assert found.count(False) <= 5 * seconds
    others = [guess((str(number), f"198.51.100.{number}")) for number in range(60)]
    assert others.count(False) <= 25 * (int(time.monotonic()) - int(began) + 1)


SEVEN = (
    b'{"answers": [{"prediction": "7", "classes": [{"name": "7", "probability": 1.0}, '
    b'{"name": "1", "probability": 0.0}]}]}'
)
# What was answered, what is said of it, and what is kept or why it is refused.
JUDGED: list[tuple[bytes, dict[str, Any], bool | str | None]] = [
    (SEVEN, {"label": 7}, True),
    (SEVEN, {"label": "1"}, False),
    (SEVEN[:-60], {"label": 7}, True),  # cut where it was kept
    (SEVEN, {"label": "Seven"}, "no class of this answer. Its classes are 7, 1"),
    (SEVEN, {"correct": True, "label": 1}, "contradict"),
    (SEVEN, {"correct": False, "label": "7"}, "contradict"),
    (SEVEN, {}, "Nothing was said"),
    (b'{"answers": [{"prediction": 1.5, "target": "y"}]}', {"label": "good"}, "a number"),
    (b'{"answers": [{"prediction": 1.5, "target": "y"}]}', {"label": 2}, None),
    (b'{"predictions": [[0.5, 0.5]]}', {"label": 2}, None),
]  # fmt: skip


def test_feedback_is_checked_against_the_answer_it_is_about(context: Context, add_version: AddVersion) -> None:
    version, traffic = add_version("sides"), Traffic()
    for answered, said, wanted in JUDGED:
        kept = traffic.keep(version.model_id, version.id, "main", 1.0, 200, BODY, answered)
        traffic.store(context.workspace)
        if isinstance(wanted, str):
            with pytest.raises(DataError, match=wanted):
                give(context, version.model_id, Given(id=kept, **said))
            continue
        told = give(context, version.model_id, Given(id=kept, **said))
        assert ("note" in told) is (wanted is None)
        with context.workspace.read() as session:
            feedback = db.serving.kept(session, version.model_id, [kept])[kept].feedback
        assert feedback.get("correct") is wanted
        assert "replaced" not in give(context, version.model_id, Given(id=kept, **said))
        assert give(context, version.model_id, Given(id=kept, correct=False))["replaced"] is True or wanted is False


@pytest.mark.parametrize("label", ["NaN", "1e999", "true", "[1]", "-Infinity"])
def test_feedback_takes_a_text_or_a_finite_number(label: str) -> None:
    with pytest.raises(ValidationError, match="label is a class's name or a finite number"):
        Given.model_validate_json(f'{{"id": "{"0" * 32}", "label": {label}}}')
    with pytest.raises(ValidationError, match=r"received 'x'\. Take the answer's X-Request-Id"):
        Given.model_validate_json('{"id": "x"}')
