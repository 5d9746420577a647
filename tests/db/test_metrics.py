import math
from dataclasses import replace

import pytest

import db.metrics
from core.common.workspace import Workspace
from db.records import Summary
from tests.conftest import AddRun

HUGE = 2**62


@pytest.fixture
def run_id(add_run: AddRun) -> int:
    return add_run()


def test_a_summary_comes_back_as_it_went_in_and_can_be_replaced(workspace: Workspace, run_id: int) -> None:
    first = Summary(run_id, "loss", math.nan, 0.1, -math.inf, math.inf, HUGE, HUGE, 3, "[0.1, null, Infinity]")
    second = replace(first, last=0.2, count=4, spaced="[]")

    for summary in (first, second):
        with workspace.write() as session:
            db.metrics.put_summaries(session, {db.metrics.metric_ids(session, {"loss": "min"})["loss"]: summary})
        with workspace.read() as session:
            found = db.metrics.summaries(session, [run_id])[run_id]["loss"]
        assert repr(found) == repr(summary)  # NaN equals nothing but itself in writing


def test_summaries_are_found_by_run_and_by_metric(workspace: Workspace, add_run: AddRun) -> None:
    first, second = add_run(metrics={"loss": [0.5], "accuracy": [0.1]}), add_run(metrics={"loss": [0.4]})
    bare = add_run()

    with workspace.read() as session:
        every = db.metrics.summaries(session, [first, second, bare])
        some = db.metrics.summaries(session, [first, second], ["accuracy"])

    assert {run_id: list(found) for run_id, found in every.items()} == {first: ["accuracy", "loss"], second: ["loss"]}
    assert {run_id: list(found) for run_id, found in some.items()} == {first: ["accuracy"]}


def test_a_metric_keeps_its_key_and_is_listed_while_some_run_has_it(workspace: Workspace, run_id: int) -> None:
    with workspace.write() as session:
        first = db.metrics.metric_ids(session, {"loss": "min"})
        assert db.metrics.metric_ids(session, {"accuracy": "max", "loss": "min"})["loss"] == first["loss"] == 1
        assert db.metrics.names(session) == []
        db.metrics.put_summaries(session, {1: Summary(run_id, "loss", 1.0, 1.0, 1.0, 1.0, 1, 1, 1)})
        assert db.metrics.names(session) == ["loss"]
