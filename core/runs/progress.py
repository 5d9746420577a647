"""How far a run is, how long it will still take, and how long each of its phases took."""

from dataclasses import dataclass

from db.records import RunRecord, RunState

_EARLIEST = 3.0  # seconds of training: the first steps compile the graph and say nothing about those that follow
_HEARD = 5.0  # seconds after a heartbeat for which a run is taken to train on
_ENOUGH = 0.02  # share of the steps after which even a slow start has averaged out


def time_left(run: RunRecord, now: float) -> float | None:
    """Seconds until the last step at the pace so far, None when it is too early to say or nothing is training.

    Early stopping may end the run sooner.
    """
    if run.state is not RunState.RUNNING or run.training_at is None or run.evaluating_at is not None:
        return None
    present = run.stretches[-1]
    # As of the last heartbeat; since then time has passed, and steps unknown to us.
    elapsed, done = run.trained_seconds - present.before, run.step - present.first_step
    share = done / (run.total_steps - present.first_step) if run.total_steps > present.first_step else 0.0
    if done <= 0 or elapsed < _EARLIEST or (share < _ENOUGH and elapsed < 10 * _EARLIEST):
        return None
    left = (run.total_steps - run.step) * elapsed / done
    return max(0.0, left - max(0.0, now - (run.heartbeat_at or now)))


@dataclass(frozen=True)
class Phase:
    name: str
    began_at: float
    seconds: float
    ended: bool


def phases(run: RunRecord, now: float) -> list[Phase]:
    """What the run has been through, in order: queued, starting, training, evaluation. Those it never reached are out.

    A resumed run counts from the last time it was queued; `trained_seconds` are those of all its attempts.
    """
    marks = [
        ("queued", run.queued_at),
        ("starting", run.starting_at),
        ("training", run.stretches[-1].began_at if run.stretches else None),
        ("evaluation", run.evaluating_at),
    ]
    # A resumed run carries the marks of its first time until it reaches them again.
    begun = [(name, at) for name, at in marks if at is not None and at >= run.queued_at]
    ends = [at for _, at in begun[1:]] + [run.finished_at]
    return [
        Phase(name, at, _seconds(run, name, at, now if end is None else end), end is not None)
        for (name, at), end in zip(begun, ends, strict=True)
    ]


def _seconds(run: RunRecord, phase: str, at: float, end: float) -> float:
    """How long it trained the trainer has measured; its times are by a clock that may have been set since."""
    trained = run.trained_seconds - run.stretches[-1].before if phase == "training" else 0.0
    if trained > 0:
        is_open = run.evaluating_at is None and run.finished_at is None
        return trained + (max(0.0, min(end - (run.heartbeat_at or end), _HEARD)) if is_open else 0.0)
    return max(0.0, end - at)
