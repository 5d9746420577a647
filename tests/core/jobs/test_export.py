"""Exports that are asked for: what failed is told until it is put away, and tried again with all that may be small."""

import time
from typing import Any

import pytest

import db.jobs
from core import models
from core.common.context import Context
from core.jobs import export, job_queue
from core.jobs.job_kind import Failure
from core.jobs.job_queue import Outcome
from db.records import JobClaim
from tests.core.models.conftest import Leave, leave

__all__ = ["leave"]


@pytest.mark.parametrize("cause", ["lost", "crash"])
def test_a_failure_is_told_to_all_who_look_and_tried_again_when_all_are_asked_for(
    context: Context, leave: Leave, cause: Any
) -> None:
    version = models.register(context, leave(), "digits")
    export.ask(context, version, "litert")
    claim = JobClaim(export.key(version, "litert"), "supervisor", time.time())
    outcome = Outcome(failure=Failure(cause=cause, text="nobody was left to do it"))
    with context.workspace.write() as session:
        assert db.jobs.claim(session, claim)
        assert db.jobs.finish(session, claim, outcome.model_dump(mode="json"))
    for _ in range(2):
        [told] = export.asked(context, version)
        assert "could not be done: nobody was left to do it" in told.problem
    export.ask_compact(context, version, made=["onnx"], minutes=10)
    asked = job_queue.payload(context, export.KIND, export.key(version, "litert"))
    assert asked is not None
    assert asked.until == pytest.approx(time.time() + 600, abs=300)
    found = {each.form: each.problem for each in export.asked(context, version)}
    assert found["litert"] == ""
    assert "onnx" not in found
