"""A clock that is set while a host trains: forward by hours, back by days, and by a second."""

import signal
from collections.abc import Iterator

import numpy as np
import pytest

from core import runs
from core.runs.attempts import elapsed
from core.runs.progress import phases
from core.system.hosts import living_supervisor
from db.records import RunRecord, RunState
from tests.faketime import HostClock, needs_faketime
from tests.host import ENDLESS, Host, host_of, trainer, wait_until

pytestmark = needs_faketime

HOUR, DAY = 3600.0, 86400.0


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> HostClock:
    return HostClock(tmp_path_factory.mktemp("clock"))


@pytest.fixture(scope="module")
def shared_host(tmp_path_factory: pytest.TempPathFactory, clock: HostClock) -> Iterator[Host]:
    """One whose clock the test sets; that of the test itself is right."""
    with host_of(tmp_path_factory.mktemp("host") / "workspace", clock.environment) as host:
        host.start()
        yield host


@pytest.fixture
def host(shared_host: Host, clock: HostClock) -> Host:
    """Whose clock is right, as is that of the test, which launches the runs."""
    _set_host(shared_host, clock, 0.0)
    return shared_host


def _set_host(host: Host, clock: HostClock, ahead: float) -> None:
    """And wait until the supervisor has reported by the new time."""
    clock.set(ahead)

    def supervised() -> bool:
        found = living_supervisor(host.workspace)
        return found is not None and clock.shows(found.heartbeat_at)

    wait_until(supervised, "the supervisor reports by the new time")


def _set(host: Host, clock: HostClock, run_id: int, ahead: float) -> None:
    """And wait until the trainer has reported by the new time, too."""
    _set_host(host, clock, ahead)
    wait_until(lambda: clock.shows(host.run(run_id).heartbeat_at or 0.0), "the trainer reports by the new time")


def _makes_sense(host: Host, run: RunRecord) -> None:
    assert 0 < run.trained_seconds < HOUR
    assert all(0 <= phase.seconds < HOUR for phase in phases(run, run.finished_at or 0.0))
    points = runs.history(host.context, run.id, "loss")
    axis = elapsed(run.stretches, points.wall_time)
    assert (np.diff(axis) >= 0).all(), "the elapsed axis only ever rises"
    assert axis[0] >= 0
    assert axis[-1] < HOUR


@pytest.mark.parametrize("ahead", [5 * HOUR, -3 * DAY], ids=["forward by hours", "back by days"])
def test_a_training_goes_on_is_adopted_and_is_stopped_at_once_when_asked_to(
    host: Host, clock: HostClock, ahead: float
) -> None:
    run_id = host.launch(**ENDLESS)
    process = trainer(host.learning(run_id))
    _set(host, clock, run_id, 1.0)
    _set(host, clock, run_id, ahead)
    host.end(signal.SIGKILL)
    host.start()
    count = len(runs.history(host.context, run_id, "loss"))
    wait_until(lambda: len(runs.history(host.context, run_id, "loss")) > count + 3, "it trains on")
    assert host.run(run_id).state is RunState.RUNNING
    assert trainer(host.run(run_id)) == process
    assert process.is_alive()
    runs.stop(host.context, [run_id], now=True)
    run = host.ended(run_id)
    assert run.state is RunState.STOPPED
    assert not process.is_alive()
    _makes_sense(host, run)


def test_a_run_that_is_resumed_after_the_clock_was_set_back_is_told_as_it_was(host: Host, clock: HostClock) -> None:
    run_id = host.launch(**ENDLESS)
    host.learning(run_id)
    runs.stop(host.context, [run_id])
    first = host.ended(run_id)
    _makes_sense(host, first)
    _set_host(host, clock, -2 * DAY)
    runs.resume(host.context, run_id)
    count = len(runs.history(host.context, run_id, "loss"))
    host.learning(run_id, count + 3)
    runs.stop(host.context, [run_id])
    run = host.ended(run_id)
    assert run.state is RunState.STOPPED
    assert run.trained_seconds > first.trained_seconds
    _makes_sense(host, run)
