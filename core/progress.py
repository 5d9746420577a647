"""How far a run is, how long it will still take, and how long each of its phases took."""

from dataclasses import dataclass

from db.records import RunRecord, RunState

_EARLIEST = 3.0  # seconds of training: the first steps compile the graph and say nothing about those that follow
_ENOUGH = 0.02  # share of the steps after which even a slow start has averaged out


def time_left(run: RunRecord, now: float) -> float | None:
    """Seconds until the last step at the pace so far, None when it is too early to say or nothing is training.

    Early stopping may end the run sooner.
    """
    if run.state is not RunState.RUNNING or run.training_at is None or run.evaluating_at is not None:
        return None
    seen_at = run.heartbeat_at or now  # `step` was true then; since then time has passed, and steps unknown to us
    elapsed = seen_at - run.training_at
    done = run.step - first_step(run)
    if done <= 0 or elapsed < _EARLIEST or (run.progress < _ENOUGH and elapsed < 10 * _EARLIEST):
        return None
    left = (run.total_steps - run.step) * elapsed / done
    return max(0.0, left - (now - seen_at))


def first_step(run: RunRecord) -> int:
    """The step from which the present process went on: 0 unless the run was resumed."""
    value = run.facts.get("resumed_from_step", 0)
    return value if isinstance(value, int) else 0


@dataclass(frozen=True)
class Phase:
    name: str
    began_at: float
    seconds: float
    ended: bool


def phases(run: RunRecord, now: float) -> list[Phase]:
    """What the run has been through, in order: queued, starting, training, evaluation. Those it never reached are out.

    A run that was sent back to the queue counts from the last time it was queued.
    """
    marks = [
        ("queued", run.queued_at),
        ("starting", run.starting_at),
        ("training", run.training_at),
        ("evaluation", run.evaluating_at),
    ]
    # A resumed run still carries the marks of its first time until it reaches them again.
    begun = [(name, at) for name, at in marks if at is not None and at >= run.queued_at]
    ends = [at for _, at in begun[1:]] + [run.finished_at]
    return [
        Phase(name, at, max(0.0, (now if end is None else end) - at), end is not None)
        for (name, at), end in zip(begun, ends, strict=True)
    ]
