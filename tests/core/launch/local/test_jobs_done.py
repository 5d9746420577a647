"""Jobs on their way through a real supervisor and standby to a process and back, and every way to fail on it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import db.jobs
from core.common.context import Context
from core.common.settings import PROJECT_ROOT, Settings
from core.common.workspace import Workspace
from core.jobs import claims, job_queue
from core.jobs.job_kind import Progress
from core.jobs.job_registry import JOB_KINDS
from core.launch.local import dispatcher
from core.launch.local.local_launcher import LocalLauncher
from core.launch.local.standby_client import StandbyClient
from core.launch.supervisor import Supervisor
from core.system.process import ProcessId
from db.records import JobClaim
from tests import leftovers
from tests.core.launch.local.small_job import HASTY, HELD, SMALL, Act, Sum, Total
from tests.core.launch.local.small_supervisor import MODULE
from tests.host import wait_until


class Jobs:
    """A supervisor in the test's own process, which goes round while something is waited for."""

    def __init__(self, workspace: Workspace) -> None:
        self.context = Context.of_shell(workspace)
        self.supervise()

    def supervise(self) -> None:
        launcher = LocalLauncher(self.context.workspace)
        self.standby_client = launcher._standby
        self.supervisor = Supervisor(self.context.workspace, launcher)

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        def checked() -> Any:
            self.supervisor.tick()
            return condition()

        return wait_until(checked, what)

    def put(self, key: str, *numbers: int, act: Act = "add", file: Path | str = "", held: str = "") -> str:
        asked = Sum(numbers=numbers, act=act, file=str(file))
        job_queue.put(self.context, HELD if held else SMALL, key, asked, process=held)
        return key

    def told(self, key: str, held: bool = False) -> Total:
        """The result, once it is there."""
        kind = HELD if held else SMALL
        told: Total = self.until(lambda: job_queue.look(self.context, kind, key), f"{key} is done")
        return told

    def at_work(self, key: str) -> None:
        self.until(lambda: job_queue.progress(self.context, key), f"{key} is being done")

    @property
    def standby(self) -> psutil.Process:
        self.until(lambda: self.standby_client.ready, "the standby is ready")
        return psutil.Process(self.standby_client.report()["pid"])

    def worker(self) -> psutil.Process:
        """The only child of the standby."""
        [child] = self.standby.children()
        return child


@contextmanager
def _jobs(workspace: Workspace) -> Iterator[Jobs]:
    with pytest.MonkeyPatch.context() as patch:
        for kind in (SMALL, HELD, HASTY):
            patch.setitem(JOB_KINDS, kind.name, kind)
        patch.setattr(StandbyClient, "MODULE", MODULE)
        made = Jobs(workspace)
        yield made
        made.supervisor.close()


@pytest.fixture(scope="module")
def shared_jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    """One standby for all: each takes a second of a core."""
    workspace = Workspace.open(Settings(home=tmp_path_factory.mktemp("jobs") / "workspace", user="ada"))
    with _jobs(workspace) as made:
        yield made
    workspace.close()


@pytest.fixture
def jobs(shared_jobs: Jobs) -> Jobs:
    """Without any job; warm processes of other tests may be there."""
    with shared_jobs.context.workspace.write() as session:
        session.execute(sa.text("DELETE FROM jobs"))
    return shared_jobs


@pytest.fixture
def own_jobs(workspace: Workspace) -> Iterator[Jobs]:
    """With a standby that has no process but that of the test's job."""
    with _jobs(workspace) as made:
        yield made


def test_a_kind_is_a_file_on_each_side_and_a_line(jobs: Jobs, tmp_path: Path) -> None:
    key = jobs.put("one", 1, 2, act="wait", file=tmp_path / "go")
    jobs.at_work(key)
    assert job_queue.progress(jobs.context, key) == Progress(text="waiting", share=0.5)
    assert job_queue.look(jobs.context, SMALL, key) is None
    (tmp_path / "go").touch()
    told = jobs.told(key)
    assert told.total == 3
    assert told.process != os.getpid()
    assert jobs.told(jobs.put("two", 3, 4)).process != told.process


def test_a_warm_process_is_kept_for_each_name_and_the_one_unused_for_longest_makes_room(jobs: Jobs) -> None:
    first, second, again = (jobs.told(jobs.put(name, 1, held=name[0]), True) for name in ("1", "2", "1 again"))
    assert (first.total, second.total, again.total) == (2, 3, 2)
    assert first.process == again.process != second.process
    third = jobs.told(jobs.put("3", 1, held="3"), True)
    jobs.until(lambda: not psutil.pid_exists(second.process), "the one that was not used for longest has ended")
    assert jobs.told(jobs.put("1 once more", 1, held="1"), True).process == first.process != third.process


def test_only_so_many_of_a_kind_are_done_at_once_and_others_pass_them(jobs: Jobs, tmp_path: Path) -> None:
    jobs.at_work(jobs.put("first", 1, act="wait", file=tmp_path / "go"))
    jobs.put("second", 2)
    assert jobs.told(jobs.put("held", 1, held="7"), True).total == 8
    assert job_queue.look(jobs.context, SMALL, "second") is None
    (tmp_path / "go").touch()
    assert jobs.told("second").total == 2


ENDS: dict[Act, str] = {
    "raise": "fault: a fault in Traindeck; ",
    "burn": "cpu: 1 s of this CPU's time",
    "kill itself": "crash: its process was ended by signal 9 (SIGKILL)",
    "kill the standby": "crash: the process that was to do it ended each of 3 times; ",
}


@pytest.mark.parametrize("act", ENDS)
def test_a_job_that_fails_says_why_and_the_next_is_done(jobs: Jobs, act: Act) -> None:
    failed = jobs.told(jobs.put("bad", 1, act=act))
    assert failed.problem.startswith(ENDS[act]), failed.problem
    assert jobs.told(jobs.put("good", 1)).total == 1


def test_a_job_that_takes_no_time_of_the_cpu_is_ended_by_the_clock(jobs: Jobs) -> None:
    job_queue.put(jobs.context, HASTY, "slow", Sum(numbers=(), act="sleep"))
    told = jobs.until(lambda: job_queue.look(jobs.context, HASTY, "slow"), "it is ended")
    assert told.problem == "wall: 0.2 s"


def test_a_warm_process_that_dies_is_made_anew(jobs: Jobs) -> None:
    assert "SIGKILL" in jobs.told(jobs.put("dying", 1, act="kill itself", held="1"), True).problem
    assert jobs.told(jobs.put("good", 1, held="1"), True).total == 2


def test_what_nobody_waits_for_any_more_is_ended(own_jobs: Jobs, tmp_path: Path) -> None:
    key = own_jobs.put("left", 1, act="wait", file=tmp_path / "never")
    own_jobs.at_work(key)
    worker = own_jobs.worker()
    job_queue.put(own_jobs.context, SMALL, "wanted", Sum(numbers=(2,)), instead_of=key)
    assert own_jobs.told("wanted").total == 2
    assert leftovers.has_ended(worker)


def test_a_question_asked_anew_while_it_is_answered_is_answered_anew(jobs: Jobs, tmp_path: Path) -> None:
    key = jobs.put("again", 1, act="wait", file=tmp_path / "never")
    jobs.at_work(key)
    job_queue.forget(jobs.context, key)
    jobs.put("again", 5)
    assert jobs.told(key).total == 5


def test_a_standby_killed_within_a_job_takes_its_worker_along_and_the_next_does_the_job(
    own_jobs: Jobs, tmp_path: Path
) -> None:
    key = own_jobs.put("one", 1, act="wait", file=tmp_path / "go")
    own_jobs.at_work(key)
    standby, worker = own_jobs.standby, own_jobs.worker()
    standby.kill()
    wait_until(lambda: leftovers.has_ended(worker), "the worker has ended")
    (tmp_path / "go").touch()
    assert own_jobs.told(key).total == 1


def test_a_standby_that_dies_between_the_look_at_it_and_its_next_use_is_told_to_be_dead(
    jobs: Jobs, tmp_path: Path
) -> None:
    key = jobs.put("one", 1, act="wait", file=tmp_path / "go")
    jobs.at_work(key)
    standby = jobs.standby
    standby.kill()
    wait_until(lambda: standby.status() == psutil.STATUS_ZOMBIE, "the standby has ended")
    jobs.supervisor.launcher.prepare(wanted=True)
    (tmp_path / "go").touch()
    assert jobs.told(key).total == 1


def test_a_supervisor_that_ends_gives_its_jobs_back_uncounted(jobs: Jobs, tmp_path: Path) -> None:
    jobs.at_work(jobs.put("one", 1, act="wait", file=tmp_path / "go"))
    jobs.supervisor.close()
    with jobs.context.workspace.read() as session:
        [job] = db.jobs.unfinished(session)
    assert (job.claim, job.claims) == (None, 0)
    (tmp_path / "go").touch()
    jobs.supervise()
    assert jobs.told("one").total == 1


def test_claims_of_the_dead_are_taken_over_and_those_of_the_living_are_not(jobs: Jobs) -> None:
    another, host, now = ProcessId.of(os.getppid()), jobs.supervisor.host, time.time()
    made = {
        "dead here": (claims.claimant(host, replace(another, started=1.0)), now),
        "living here": (claims.claimant(host, another), now),
        "silent elsewhere": ("elsewhere 7 1.0", now - 600),
        "new elsewhere": ("elsewhere 7 1.0", now),
        "of nobody": ("nonsense", now),
    }
    for key, (by, at) in made.items():
        jobs.put(key, 1)
        with jobs.context.workspace.write() as session:
            assert db.jobs.claim(session, JobClaim(key, by, at))
    for key in ("dead here", "silent elsewhere", "of nobody"):
        assert jobs.told(key).total == 1
    for key in ("living here", "new elsewhere"):
        assert job_queue.look(jobs.context, SMALL, key) is None


def _backdate(workspace: Workspace, seconds: float) -> None:
    with workspace.write() as session:
        session.execute(sa.text("UPDATE jobs SET created_at = created_at - :seconds"), {"seconds": seconds})


def test_a_job_that_nobody_will_do_expires_with_the_reason(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = jobs.context.workspace
    _ = jobs.standby
    monkeypatch.setattr(dispatcher, "TIDY_SECONDS", 0.0)
    monkeypatch.setattr(jobs.standby_client, "ensure", lambda: None)
    with workspace.write() as session:
        db.jobs.put(session, "strange", "explain", {})
        db.jobs.put(session, "far", "small", {}, host="elsewhere")
    _backdate(workspace, 120)
    assert jobs.told("far").problem == (
        "lost: its host elsewhere has no supervisor at work; start one there and ask again"
    )
    told = jobs.told("strange").problem
    assert told.startswith("lost: no host knows jobs of the kind 'explain'; this one knows inspection, preflight")
    jobs.standby_client.close()  # and there is no other
    jobs.put("late", 1)
    _backdate(workspace, 7200)
    assert jobs.told("late").problem == "lost: nobody has done it within 60 minutes"


anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
payloads: st.SearchStrategy[Any] = anything | st.builds(dict, numbers=anything, act=anything)
BROKEN = ["", "{", "[" * 100_000, "12", "1e999", "\x00", '{"numbers": [1' + "0" * 5000 + "]}", "NaN", "💥"]


@given(payload=payloads, held=st.booleans())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_payload_that_is_anything_ends_with_a_problem(jobs: Jobs, payload: Any, held: bool) -> None:
    kind = HELD if held else SMALL
    try:
        kind.payload.model_validate(payload)
    except ValueError:
        with jobs.context.workspace.write() as session:
            db.jobs.remove(session, ["odd"])
            db.jobs.put(session, "odd", kind.name, payload, process="1")
        assert jobs.told("odd", held).problem.startswith("payload: what was asked cannot be read: ")
        assert jobs.standby_client.deaths == 0


@pytest.mark.parametrize("held", ["", "1"])
def test_a_row_that_holds_no_json_ends_with_a_problem(jobs: Jobs, held: str) -> None:
    standby = jobs.standby
    for number, text in enumerate(BROKEN):
        jobs.put(f"{number}", 1, held=held)
        with jobs.context.workspace.write() as session:
            row = {"text": text, "key": f"{number}"}
            session.execute(sa.text("UPDATE jobs SET payload = :text WHERE key = :key"), row)
        told = jobs.told(f"{number}", bool(held))
        assert told.problem.startswith("payload: what was asked cannot be read: ")
        assert len(told.problem) < 300
    assert standby.is_running()
    assert jobs.told(jobs.put("good", 1)).total == 1


def _supervise(home: Path, url: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, **Settings(home=home, db_url=url).environment(), "PYTHONPATH": str(PROJECT_ROOT)}
    home.mkdir(exist_ok=True)
    with (home / "supervisor.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.core.launch.local.small_supervisor"],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )


def test_two_supervisors_on_one_store_do_every_job_once_though_one_is_killed_and_comes_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Those that the killed one was at may be done again: they are at most as many as it may do at once."""
    context, done = Context.of_shell(workspace), tmp_path / "done"
    url = workspace.settings.database_url
    homes = [tmp_path / name for name in ("one", "other")]
    at_work = [_supervise(home, url) for home in homes]
    count = 20
    try:
        for number in range(count):
            job_queue.put(context, SMALL, f"{number}", Sum(numbers=(number,), file=str(done)))
        wait_until(lambda: done.exists() and len(done.read_text().split()) > 5, "some are done")
        at_work[0].send_signal(signal.SIGKILL)
        at_work[0].wait()
        at_work[0] = _supervise(homes[0], url)
        results = [
            wait_until(partial(job_queue.look, context, SMALL, key), f"{key} is done") for key in map(str, range(count))
        ]
    finally:
        for process in at_work:
            process.terminate()
        for process in at_work:
            process.wait(30)
    assert [each.total for each in results] == list(range(count))
    lines = done.read_text().split()
    assert set(lines) == set(map(str, range(count)))
    assert len(lines) <= count + 1
