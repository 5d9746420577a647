"""Asking for jobs and reading what came of them, in the server: nobody does them here."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

import db.jobs
from core.common.context import Context
from core.common.workspace import Workspace
from core.jobs import job_queue
from core.jobs.job_kind import Failure, JobKind, Limits, Progress
from core.jobs.job_registry import JOB_KINDS
from db.records import JobClaim
from tests.jobs import answer, open_jobs


class Asked(BaseModel):
    a: int = 0


class Told(BaseModel):
    total: int = 0
    problem: str = ""


KIND = JobKind(
    name="small",
    payload=Asked,
    result=Told,
    worker="nobody:nothing",
    limits=Limits(wall_seconds=1.0),
    failed=lambda failure: Told(problem=failure.text),
)


def _store(workspace: Workspace, key: str, result: dict[str, Any]) -> None:
    claim = JobClaim(key, "one 7 1.0", time.time())
    with workspace.write() as session:
        assert db.jobs.claim(session, claim)
        assert db.jobs.finish(session, claim, result)


def test_a_job_is_asked_for_once_and_its_result_is_for_all_who_ask(context: Context, workspace: Workspace) -> None:
    for _ in range(2):
        assert job_queue.ask(context, KIND, "key", Asked(a=1)) is None
    answer(workspace, "small", Told(total=3))
    for _ in range(2):
        assert job_queue.ask(context, KIND, "key", Asked(a=1)) == Told(total=3)
    job_queue.forget(context, "key")
    with pytest.raises(LookupError):
        job_queue.look(context, KIND, "key")


def test_what_nobody_waits_for_is_taken_back_but_not_a_result(context: Context, workspace: Workspace) -> None:
    job_queue.ask(context, KIND, "first", Asked())
    job_queue.ask(context, KIND, "second", Asked(), instead_of="first")
    assert open_jobs(workspace, "small") == ["second"]
    answer(workspace, "small", Told())
    job_queue.ask(context, KIND, "third", Asked(), instead_of="second")
    assert job_queue.look(context, KIND, "second") == Told()
    job_queue.put(context, KIND, "third", Asked(), instead_of="third")
    assert open_jobs(workspace, "small") == ["third"]


def test_progress_is_what_was_told_last(context: Context, workspace: Workspace) -> None:
    assert job_queue.progress(context, "key") is None
    job_queue.ask(context, KIND, "key", Asked())
    assert job_queue.progress(context, "key") is None
    claim = JobClaim("key", "one 7 1.0", time.time())
    with workspace.write() as session:
        db.jobs.claim(session, claim)
        db.jobs.tell(session, claim, {"text": "reading", "share": 0.25})
    assert job_queue.progress(context, "key") == Progress(text="reading", share=0.25)
    with workspace.write() as session:
        db.jobs.tell(session, claim, {"share": "of another version"})
    assert job_queue.progress(context, "key") is None


@pytest.mark.parametrize(("cause", "kept"), [("crash", True), ("lost", False)])
def test_a_failure_is_told_in_the_words_of_the_kind_and_tried_again_where_it_says_nothing_of_the_question(
    context: Context, workspace: Workspace, cause: Any, kept: bool
) -> None:
    job_queue.ask(context, KIND, "key", Asked())
    outcome = job_queue.Outcome(failure=Failure(cause=cause, text="as told"))
    _store(workspace, "key", outcome.model_dump(mode="json"))
    assert job_queue.ask(context, KIND, "key", Asked()) == Told(problem="as told")
    again = job_queue.ask(context, KIND, "key", Asked())
    assert again == (Told(problem="as told") if kept else None)


@pytest.mark.parametrize("result", [{}, {"answer": {"total": "x"}}, {"failure": {"cause": "magic"}}, {"layers": []}])
def test_a_result_of_another_version_is_forgotten_and_found_anew(
    context: Context, workspace: Workspace, result: dict[str, Any]
) -> None:
    job_queue.ask(context, KIND, "key", Asked())
    _store(workspace, "key", result)
    assert job_queue.ask(context, KIND, "key", Asked()) is None
    assert open_jobs(workspace, "small") == ["key"]


@pytest.mark.parametrize("name", JOB_KINDS)
@given(cause=st.sampled_from(["cpu", "wall", "crash", "fault", "payload", "lost"]), text=st.text(), code=st.integers())
def test_every_kind_tells_every_failure(name: str, cause: Any, text: str, code: int) -> None:
    told = JOB_KINDS[name].failed(Failure(cause=cause, text=text, code=code))
    assert isinstance(told, JOB_KINDS[name].result)
    found = told.model_dump()
    assert found.get("problem") or found.get("problems") or found.get("warnings")
