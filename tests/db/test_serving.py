"""Served models and their traffic, as rows."""

import time
import uuid

import pytest

import db.registry
import db.serving
from core.common.workspace import Workspace
from db.serving_records import MinuteRecord, RequestRecord

AT = 1_700_000_000.0


@pytest.fixture
def model_id(workspace: Workspace) -> int:
    values = {
        "run_id": 1, "run_uid": uuid.uuid4().hex, "run_name": "run", "experiment": "default", "checkpoint": "best",
        "sha256": "0" * 64, "size": 1, "host": "", "config": {}, "facts": {}, "metrics": {}, "card": "",
    }  # fmt: skip
    with workspace.write() as session:
        return db.registry.add_version(session, "digits", values, description="", created_by="ada").model_id


def minute(model_id: int, number: int = 7, **counts: int) -> MinuteRecord:
    return MinuteRecord(model_id, 1, "main", number, sum(counts.values()), 0, {"answers": counts})


def request(model_id: int, at: float = AT) -> RequestRecord:
    return RequestRecord(uuid.uuid4().hex, model_id, 1, "main", at, 1.5, 200, "{}", "{}")


def test_minutes_add_up_and_what_is_of_no_model_is_left_out(workspace: Workspace, model_id: int) -> None:
    with workspace.write() as session:
        db.serving.add_traffic(
            session, [minute(model_id, a=2, b=1), minute(model_id + 1, a=5)], [request(model_id + 1)]
        )
    with workspace.write() as session:
        db.serving.add_traffic(session, [minute(model_id, 8, a=1), minute(model_id, b=4)], [request(model_id)])

    with workspace.read() as session:
        found = db.serving.minutes(session, model_id, 0)
        assert [(each.minute, each.requests, each.counts) for each in found] == [
            (7, 7, {"answers": {"a": 2, "b": 5}}),
            (8, 1, {"answers": {"a": 1}}),
        ]
        assert db.serving.models_asked(session) == [model_id]
        assert len(db.serving.requests(session, model_id, 10)) == 1


def test_feedback_is_found_and_old_questions_go(workspace: Workspace, model_id: int) -> None:
    old, new = request(model_id), request(model_id, time.time())
    with workspace.write() as session:
        db.serving.add_traffic(session, [minute(model_id)], [old, new])
        assert db.serving.give_feedback(session, model_id, new.id, {"correct": True})
        assert not db.serving.give_feedback(session, model_id + 1, new.id, {"correct": False})
        db.serving.forget(session, model_id, AT + 1)

    with workspace.read() as session:
        assert [each.id for each in db.serving.requests(session, model_id, 10)] == [new.id]
        assert [each.feedback for each in db.serving.judged(session, model_id)] == [{"correct": True}]
        assert db.serving.minutes(session, model_id, 0) == []


def test_a_model_that_is_deleted_takes_all_of_it_along(workspace: Workspace, model_id: int) -> None:
    with workspace.write() as session:
        db.serving.put(session, model_id, {"reference": "1"}, "ada")
        db.serving.put(session, model_id, {"reference": "2"}, "eve")
        db.serving.add_traffic(session, [minute(model_id, a=1)], [request(model_id)])
    with workspace.read() as session:
        (served,) = db.serving.served(session)
    assert (served.model, served.options, served.created_by) == ("digits", {"reference": "2"}, "ada")
    with workspace.write() as session:
        db.registry.delete_model(session, model_id)
        assert db.serving.served(session) == []
        assert db.serving.models_asked(session) == []
