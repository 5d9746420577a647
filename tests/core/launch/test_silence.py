"""Whether a host has gone silent is told by this process's own clock, and by signs that change."""

import pytest

import db.runs
from core import runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.launch.silence import Silence
from core.launch.supervisor import LOST_SECONDS, Supervisor
from db.records import RunState
from tests.conftest import AddRun


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds of the monotonic clock, to change at will."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_silence_is_counted_from_the_last_sign_that_was_seen(clock: list[float]) -> None:
    heard = Silence()
    assert heard.seconds("other", 1.0) == 0.0
    clock[0] += 50
    assert heard.seconds("other", 1.0) == 50.0
    assert heard.seconds("other", 0.5) == 0.0, "a clock that was set back is a sign, too"
    clock[0] += 10
    heard.forget_others(["another"])
    assert heard.seconds("other", 0.5) == 0.0


@pytest.mark.parametrize("beats", [True, False], ids=["living", "dead"])
@pytest.mark.parametrize("ahead", [-3 * 86400.0, 0.0, 5 * 3600.0], ids=["back by days", "right", "forward by hours"])
def test_a_run_of_another_host_is_lost_when_it_gives_no_sign_whatever_the_clocks_say(
    workspace: Workspace, context: Context, add_run: AddRun, clock: list[float], beats: bool, ahead: float
) -> None:
    at = 1e9 - ahead
    gone = add_run(state=RunState.RUNNING, host="elsewhere", attempt=1, starting_at=at, training_at=at, heartbeat_at=at)
    supervisor = Supervisor(Workspace.open(workspace.settings.model_copy(update={"standby": False})))
    try:
        for second in range(0, int(LOST_SECONDS) + 30, 10):
            supervisor.tick()
            assert second <= LOST_SECONDS + 10 or beats or runs.get(context, gone).state is RunState.LOST
            assert second > LOST_SECONDS or runs.get(context, gone).state is RunState.RUNNING
            clock[0] += 10
            if beats:
                with workspace.write() as session:
                    db.runs.update(session, gone, heartbeat_at=at + second)
    finally:
        supervisor.close()
        supervisor.workspace.close()
    run = runs.get(context, gone)
    assert (run.state is RunState.RUNNING) == beats
    if not beats:
        assert "elsewhere has not been heard from for 5 minutes" in run.reason
        assert run.finished_at is not None
        assert run.finished_at >= at
