"""The queue of jobs: one claim at a time, and nothing written by whoever has lost it."""

import os
import time
from pathlib import Path

import pytest

import db.jobs
from core.common.settings import Settings
from core.common.workspace import Workspace
from db.engine import Session
from db.records import JobClaim
from tests.processes import together

ONE, OTHER = JobClaim("key", "one 7 1.0", 5.0), JobClaim("key", "other 8 1.0", 6.0)


@pytest.fixture
def job(workspace: Workspace) -> str:
    """The key of a job that nobody has claimed."""
    with workspace.write() as session:
        db.jobs.put(session, "key", "small", {"seed": 1}, host="box", process="12")
    return "key"


def test_a_job_is_asked_for_once_and_done_for_all(workspace: Workspace, job: str) -> None:
    with workspace.write() as session:
        db.jobs.put(session, job, "small", {"seed": 2})
        [found] = db.jobs.unfinished(session)
        assert (found.key, found.kind, found.host, found.process, found.claims) == (job, "small", "box", "12", 0)
        assert db.jobs.result(session, job) is None

        assert db.jobs.claim(session, ONE)
        assert db.jobs.payload(session, ONE) == {"seed": 1}
        assert db.jobs.tell(session, ONE, {"share": 0.5})
        assert db.jobs.progress(session, job) == {"share": 0.5}
        assert db.jobs.finish(session, ONE, {"sum": 3})

        assert db.jobs.unfinished(session) == []
        assert db.jobs.result(session, job) == {"sum": 3}
        with pytest.raises(LookupError):
            db.jobs.result(session, "another")


def test_what_is_claimed_is_claimed_by_one(workspace: Workspace, job: str) -> None:
    with workspace.write() as session:
        assert db.jobs.claim(session, ONE)
        assert not db.jobs.claim(session, OTHER)
        assert not db.jobs.expire(session, job, {})
        [found] = db.jobs.unfinished(session)
        assert (found.claim, found.claims) == (ONE, 1)


@pytest.mark.parametrize("lost", ["given back", "given to another", "asked for anew"])
def test_whoever_has_lost_a_claim_writes_and_reads_nothing(workspace: Workspace, job: str, lost: str) -> None:
    with workspace.write() as session:
        db.jobs.claim(session, ONE)
        if lost == "asked for anew":
            db.jobs.remove(session, [job])
            db.jobs.put(session, job, "small", {"seed": 3})
        else:
            assert db.jobs.release(session, ONE)
        if lost == "given to another":
            db.jobs.claim(session, OTHER)

        for write in (db.jobs.tell, db.jobs.finish):
            assert not write(session, ONE, {"sum": 3})
        assert not db.jobs.release(session, ONE)
        with pytest.raises(LookupError):
            db.jobs.payload(session, ONE)
        assert db.jobs.result(session, job) is None
        assert db.jobs.progress(session, job) is None


def test_the_same_supervisor_with_a_later_claim_is_another(workspace: Workspace, job: str) -> None:
    later = JobClaim(job, ONE.by, ONE.at + 1)
    with workspace.write() as session:
        db.jobs.claim(session, ONE)
        db.jobs.release(session, ONE)
        assert db.jobs.claim(session, later)
        assert not db.jobs.finish(session, ONE, {})
        assert db.jobs.unfinished(session)[0].claims == 2
        db.jobs.release(session, later, counts=False)
        assert db.jobs.unfinished(session)[0].claims == 1


def test_only_the_newest_results_are_kept_and_nothing_open_is_removed(workspace: Workspace) -> None:
    with workspace.write() as session:
        for number in range(6):
            db.jobs.put(session, f"{number}", "small", {})
            if number:
                claim = JobClaim(f"{number}", "one 7 1.0", 5.0)
                db.jobs.claim(session, claim)
                db.jobs.finish(session, claim, {"number": number})
    with workspace.write() as session:
        db.jobs.sweep(session, before=0.0, keep=3)
        assert _kept(workspace, session) == [0, 3, 4, 5]
        db.jobs.sweep(session, before=time.time() + 1, keep=3)
        assert _kept(workspace, session) == [0]
        db.jobs.remove(session, ["0"], if_open=True)
        assert _kept(workspace, session) == []


def _kept(workspace: Workspace, session: Session) -> list[int]:
    found = []
    for number in range(6):
        try:
            db.jobs.result(session, f"{number}")
        except LookupError:
            continue
        found.append(number)
    return found


JOBS = 60


def _claim_all(settings: Settings, folder: Path) -> None:
    """Claim whatever is open, again and again, and note what was got."""
    workspace = Workspace.open(settings)
    by = f"host {os.getpid()} 1.0"
    got = []
    while True:
        with workspace.read() as session:
            left = [job.key for job in db.jobs.unfinished(session) if job.claim is None]
        if not left:
            break
        for key in left:
            with workspace.write() as session:
                if db.jobs.claim(session, JobClaim(key, by, time.time())):
                    got.append(key)
    workspace.close()
    (folder / by).write_text("\n".join(got))


def test_no_job_is_claimed_by_two_processes_that_race_for_all_of_them(workspace: Workspace, tmp_path: Path) -> None:
    with workspace.write() as session:
        for number in range(JOBS):
            db.jobs.put(session, f"{number}", "small", {})
    folder = tmp_path / "got"
    folder.mkdir()
    together(_claim_all, [(workspace.settings, folder)] * 2)
    got = [key for file in folder.iterdir() for key in file.read_text().split()]
    assert sorted(got, key=int) == [f"{number}" for number in range(JOBS)]


def _put_all(settings: Settings, folder: Path) -> None:
    workspace, own = Workspace.open(settings), f"{os.getpid()}"
    got = []
    for number in range(JOBS):
        with workspace.write() as session:
            if db.jobs.put(session, f"{number}", "small", {"by": own}):
                got.append(f"{number}")
    workspace.close()
    (folder / own).write_text("\n".join(got))


def test_of_two_who_ask_for_the_same_at_once_one_is_told_that_nobody_had(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "got"
    folder.mkdir()
    together(_put_all, [(workspace.settings, folder)] * 2)
    got = {file.name: file.read_text().split() for file in folder.iterdir()}
    assert sorted((key for keys in got.values() for key in keys), key=int) == [f"{number}" for number in range(JOBS)]
    with workspace.read() as session:
        assert all(db.jobs.asked(session, key) == {"by": own} for own, keys in got.items() for key in keys)
