"""Which export answers for a version, and what is told of one that could not be made."""

import time

import pytest

import db.jobs
from core import models
from core.common.context import Context
from core.jobs import export
from core.jobs.job_kind import Failure
from core.jobs.job_queue import Outcome
from core.serving.chosen_export import PreparingError, folder_to_serve
from core.serving.options import ServingError
from db.records import JobClaim
from tests.core.models.conftest import Leave, leave
from tests.core.system.test_hosts import report

__all__ = ["leave"]


def end(context: Context, key: str, failure: Failure) -> None:
    """As a supervisor does it."""
    claim = JobClaim(key, "supervisor", time.time())
    with context.workspace.write() as session:
        assert db.jobs.claim(session, claim)
        assert db.jobs.finish(session, claim, Outcome(failure=failure).model_dump(mode="json"))


@pytest.mark.parametrize("cause", ["lost", "crash"])
def test_why_no_export_could_be_made_is_told_again_and_to_all(context: Context, leave: Leave, cause: str) -> None:
    version = models.register(context, leave(), "digits")
    with pytest.raises(PreparingError, match="it waits its turn"):
        folder_to_serve(context, version)
    end(context, export.key(version, "onnx"), Failure.model_validate({"cause": cause, "text": "nobody is at work"}))
    for _ in range(2):
        with pytest.raises(ServingError, match=r"digits@1 cannot be served: .*nobody is at work"):
            folder_to_serve(context, version)
    [asked] = export.asked(context, version)
    assert "nobody is at work" in asked.problem
    report(context.workspace)  # from now on somebody is: what says nothing of the network is tried again, the other not
    with pytest.raises(PreparingError if cause == "lost" else ServingError):
        folder_to_serve(context, version)
    [asked] = export.asked(context, version)
    assert bool(asked.problem) is (cause == "crash")
