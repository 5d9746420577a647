"""How long the process that searches is at work."""

import subprocess
import threading

import pytest

from core.common.context import Context
from core.launch import sweep_process
from core.launch.sweep_process import SweepProcess
from core.sweeps import field_importance, importance_told, managing, sweeping
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from tests.core.sweeps.conftest import Begin, End
from tests.host import PATIENCE_SECONDS, wait_until


def test_it_goes_on_as_long_as_a_sweep_needs_it_and_ends_after(
    context: Context, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its looks may lie further apart than it waits for work: to be made anew takes longer than a trial."""
    monkeypatch.setattr(sweeping, "IDLE_SECONDS", 0.2)
    sweep = begin(budget={"trials": 3})
    thread = threading.Thread(target=sweeping.search, args=(context.workspace,))
    thread.start()
    wait_until(lambda: view(context, sweep).active, "it has begun a trial")
    thread.join(timeout=1.0)
    assert thread.is_alive()
    managing.stop(context, sweep)
    thread.join(timeout=PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_the_end_of_a_trial_is_looked_at_at_once_however_long_it_rests_between_looks(
    context: Context, begin: Begin, end: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(sweeping, "_REST", 1e9)
    sweep = begin(budget={"trials": 2})
    thread = threading.Thread(target=sweeping.search, args=(context.workspace,))
    thread.start()
    for _ in range(2):
        wait_until(lambda: len(view(context, sweep).active) == 1, "a trial has begun")
        assert not sweeping.has_ended_one(context.workspace)
        end(view(context, sweep).active[0].kept.run_id or 0, [0.5])
        wait_until(lambda: not sweeping.has_ended_one(context.workspace), "its end is known")
    monkeypatch.setattr(sweeping, "_REST", 0.0)
    thread.join(timeout=PATIENCE_SECONDS)
    assert not thread.is_alive()
    assert [trial.state for trial in view(context, sweep).trials] == ["finished"] * 2


@pytest.mark.parametrize(("ends", "begun"), [("kill $$", 6), ("kill -9 $$", 6), ("exit 1", 1), ("kill -SEGV $$", 1)])
def test_kills_from_outside_are_no_failures_after_which_it_waits_ever_longer(
    context: Context, begin: Begin, monkeypatch: pytest.MonkeyPatch, ends: str, begun: int
) -> None:
    monkeypatch.setattr(sweep_process, "_AFTER_KILL", 0.0)
    begin()
    supervisor = SweepProcess(context.workspace)
    spawned: list[subprocess.Popen[bytes]] = []

    def spawn() -> "subprocess.Popen[bytes]":
        spawned.append(subprocess.Popen(["/bin/sh", "-c", ends]))
        spawned[-1].wait()
        return spawned[-1]

    monkeypatch.setattr(supervisor, "_spawn", spawn)
    monkeypatch.setattr(supervisor, "_early", 9)  # it has failed before, so that no test waits for the next
    for _ in range(6):
        supervisor.keep()
    assert len(spawned) == begun


def test_importance_is_made_up_for_where_the_process_was_killed_before_it_was_measured(
    context: Context, begin: Begin, end: End, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importance_told, "FEWEST", 2)
    monkeypatch.setattr(field_importance, "importance", lambda _view, _expected: {"trials": 2})
    over = [begin(budget={"trials": 2}) for _ in range(2)]
    for sweep in over:
        for value in (0.5, 0.3):
            Advancing(context).look(sweep)
            end(view(context, sweep).active[0].kept.run_id or 0, [value])
        Advancing(context).look(sweep)
    assert sweeping.wanted(context.workspace) == []
    assert sweeping.unmeasured(context.workspace) == {*over}
    supervisor = SweepProcess(context.workspace)
    monkeypatch.setattr(supervisor, "_spawn", lambda: spawned.append(1))
    spawned: list[int] = []
    supervisor.keep()
    supervisor.keep()
    assert spawned == [1]  # one look back at a supervisor's start

    monkeypatch.setattr(sweeping, "IDLE_SECONDS", 0.2)
    sweeping.search(context.workspace)
    assert sweeping.unmeasured(context.workspace) == set()
    for sweep in over:
        assert view(context, sweep).sweep.told[importance_told.KEY]["of"] == 2
