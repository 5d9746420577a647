"""The attempts at a run: the processes that worked on it, one after the other."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

import db.attempts
from core.common.context import Context
from db.records import AttemptRecord, Stretch


def attempts(context: Context, run_id: int) -> list[AttemptRecord]:
    """Every attempt at the run, the first one first."""
    with context.workspace.read() as session:
        return db.attempts.of_run(session, run_id)


def version_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """By library the old and the new version, where facts of both attempts name one and they differ."""
    old, new = before.get("versions") or {}, after.get("versions") or {}
    return {name: (str(old[name]), str(new[name])) for name in old if name in new and old[name] != new[name]}


def changed_versions(found: Sequence[AttemptRecord]) -> list[tuple[AttemptRecord, dict[str, tuple[str, str]]]]:
    """Attempts that ran with other versions than the one before, and which these are."""
    known = [attempt for attempt in found if attempt.facts.get("versions")]
    pairs = [(after, version_changes(before.facts, after.facts)) for before, after in pairwise(known)]
    return [(attempt, changes) for attempt, changes in pairs if changes]


def elapsed(stretches: Sequence[Stretch], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds of training at these times (UTC seconds): what lies between two attempts is left out.

    Of a run that has not trained, seconds since the first of the times.
    """
    if not stretches:
        return times - times[:1]
    began = np.array([stretch.began_at for stretch in stretches])
    before = np.array([stretch.before for stretch in stretches])
    place = np.maximum(np.searchsorted(began, times, side="right") - 1, 0)
    # Where an earlier version recorded by a clock that was set back, at least nothing lies before the start. What an
    # attempt only waited, as to be judged by its sweep, is in none of its times, but is left out of the next one's.
    until = np.append(before[1:], np.inf)
    seconds: NDArray[np.float64] = np.minimum(before[place] + np.maximum(0.0, times - began[place]), until[place])
    return seconds
