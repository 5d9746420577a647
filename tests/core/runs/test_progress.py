"""Time left, and what a run has been through."""

from typing import Any

import numpy as np
import pytest

from core.runs.attempts import elapsed
from core.runs.progress import phases, time_left
from db.records import RunRecord, RunState, Stretch


def run(**values: Any) -> RunRecord:
    """A run that trains since second 1,000 at ten steps a second, seen after a quarter."""
    known: dict[str, Any] = {
        "id": 1,
        "uid": "",
        "name": "",
        "experiment": "",
        "state": RunState.RUNNING,
        "config": {},
        "queued_at": 990.0,
        "starting_at": 995.0,
        "training_at": 1000.0,
        "heartbeat_at": 1010.0,
        "trained_seconds": 10.0,
        "step": 100,
        "total_steps": 400,
    }
    return RunRecord(**(known | values))


def test_the_time_left_follows_from_the_pace_so_far() -> None:
    assert time_left(run(), now=1010.0) == pytest.approx(30.0)


def test_the_time_since_the_last_sign_is_taken_off() -> None:
    assert time_left(run(), now=1012.0) == pytest.approx(28.0)


def test_a_trainer_that_is_late_is_never_expected_in_the_past() -> None:
    assert time_left(run(), now=5000.0) == 0.0


@pytest.mark.parametrize(
    "values",
    [
        {"trained_seconds": 1.0},
        {"step": 0},
        {"step": 1},
        {"training_at": None},
        {"state": RunState.STARTING},
        {"state": RunState.FINISHED},
        {"evaluating_at": 1009.0},
        {"total_steps": 0},
    ],
)
def test_nothing_is_said_rather_than_nonsense(values: dict[str, Any]) -> None:
    assert time_left(run(**values), now=1010.0) is None


def test_a_resumed_run_is_judged_by_its_present_process() -> None:
    resumed = run(
        queued_at=5000.0,
        heartbeat_at=5020.0,
        trained_seconds=20.0,
        step=200,
        resumed=(Stretch(1000.0), Stretch(5010.0, before=10.0, first_step=100)),
        total_steps=400,
    )
    assert time_left(resumed, now=5020.0) == pytest.approx(20.0)


def test_phases_follow_each_other_without_a_gap() -> None:
    ended = run(state=RunState.FINISHED, evaluating_at=1040.0, finished_at=1042.0, trained_seconds=40.0)
    assert [(phase.name, phase.seconds, phase.ended) for phase in phases(ended, now=9999.0)] == [
        ("queued", 5.0, True),
        ("starting", 5.0, True),
        ("training", 40.0, True),
        ("evaluation", 2.0, True),
    ]


def test_the_last_phase_of_a_run_that_goes_on_ends_now() -> None:
    last = phases(run(), now=1015.0)[-1]
    assert (last.name, last.seconds, last.ended) == ("training", 15.0, False)


@pytest.mark.parametrize("jump", [5 * 3600.0, -3 * 86400.0], ids=["forward by hours", "back by days"])
def test_a_clock_that_was_set_while_it_trained_makes_no_nonsense(jump: float) -> None:
    now = 1010.5 + jump
    left = time_left(run(heartbeat_at=1010.0 + jump), now)
    assert left == pytest.approx(29.5)
    training = run(heartbeat_at=1010.0 + jump)
    assert [phase.seconds for phase in phases(training, now)] == [5.0, 5.0, pytest.approx(10.5)]
    ended = run(state=RunState.LOST, heartbeat_at=1010.0 + jump, finished_at=max(1000.0, now))
    assert [phase.seconds for phase in phases(ended, now)] == [5.0, 5.0, 10.0]


def test_a_run_that_waits_again_shows_no_phase_of_its_first_time() -> None:
    waiting = run(state=RunState.QUEUED, queued_at=2000.0, finished_at=None)
    assert [phase.name for phase in phases(waiting, now=2003.0)] == ["queued"]


def test_the_elapsed_axis_does_not_fall_behind_what_an_attempt_only_waited() -> None:
    """The first attempt trained for ten seconds of twelve, and was judged by its sweep in the others."""
    stretches = [Stretch(100.0), Stretch(500.0, before=10.0, first_step=50)]
    axis = elapsed(stretches, np.array([100.0, 105.0, 111.0, 112.0, 500.0, 503.0]))
    assert axis.tolist() == [0.0, 5.0, 10.0, 10.0, 10.0, 13.0]
