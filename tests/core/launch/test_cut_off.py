"""Two hosts on one PostgreSQL server, one of which is cut off from it and comes back."""

import contextlib
from collections.abc import Iterator

import pytest

from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from db.records import RunState
from tests import leftovers
from tests.calm import WITHOUT_TENSORFLOW
from tests.core.launch.campaign import Team, team
from tests.host import ENDLESS, wait_until
from tests.networked import NetworkedHost, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture(scope="module")
def each(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """Two hosts that give another up within seconds."""
    with team(tmp_path_factory.mktemp("team")) as made:
        for host in made.hosts:
            made.start(host, "tests.core.launch.hasty_supervisor", "10000")
        made.ready()
        yield made


def test_a_host_that_was_cut_off_goes_on_and_no_run_or_point_is_lost_or_there_twice(each: Team) -> None:
    lonely, other = each.hosts
    launched = each.launch(4, **{"training.epochs": 100})
    held = wait_until(lambda: each.training_on(lonely), "the host trains")
    lonely.cut()
    try:
        others = [run_id for run_id in launched if run_id != held.id]
        wait_until(lambda: _finished_on(each, other, others) >= 2, "the other host goes on with the queue")
        assert runs.get(each.context, held.id).state is RunState.RUNNING
    finally:
        lonely.connect()
    wait_until(lambda: not runs.active(each.context), "every run has ended")
    each.check(launched)


def test_a_run_of_a_host_that_was_given_up_writes_no_more_and_can_be_resumed_there(
    each: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    lonely, other = each.hosts
    [run_id] = each.launch(1, **ENDLESS)
    wait_until(lambda: each.training_on(lonely) or each.training_on(other), "a host trains")
    host = next(host for host in each.hosts if host.name == runs.get(each.context, run_id).host)
    survivor = next(one for one in each.hosts if one is not host)
    saved = host.home / "runs" / str(run_id) / "checkpoints" / runs.LAST_CHECKPOINT
    wait_until(saved.is_file, "a checkpoint")
    survivor.kill()
    for name, value in WITHOUT_TENSORFLOW.items():
        monkeypatch.setenv(name, value)  # from now on it looks on only
    host.cut()
    each.start(survivor, "tests.core.launch.hasty_supervisor", "3")
    wait_until(lambda: runs.get(each.context, run_id).state is RunState.LOST, "the other host gives the run up")
    reason = runs.get(each.context, run_id).reason
    assert f"Its host {host.name} has not been heard from" in reason
    known = len(runs.history(each.context, run_id, "loss"))
    host.connect()
    wait_until(lambda: not _trainers(host), "the trainer that has lost its lease ends")
    assert len(runs.history(each.context, run_id, "loss")) == known
    survivor.kill()
    each.start(survivor, "tests.core.launch.hasty_supervisor", "10000")
    settings = Settings(home=host.home, db_url=each.context.workspace.settings.db_url)
    with contextlib.closing(Workspace.open(settings)) as its:
        runs.resume(Context.of_shell(its), run_id)
    again = wait_until(lambda: each.training_on(host), "it goes on where its checkpoints are")
    assert (again.id, again.attempt) == (run_id, 2)
    runs.stop(each.context, [run_id])
    wait_until(lambda: runs.get(each.context, run_id).state is RunState.STOPPED, "it is stopped")


def _finished_on(each: Team, host: NetworkedHost, run_ids: list[int]) -> int:
    found = [runs.get(each.context, run_id) for run_id in run_ids]
    return sum(run.state is RunState.FINISHED and run.host == host.name for run in found)


def _trainers(host: NetworkedHost) -> set[str]:
    return {title for title in leftovers.titles(host.home) if title.startswith("traindeck: trainer")}
