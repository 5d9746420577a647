"""Drift of a served model: which columns are no longer as they were learned, since when, and who knows of it."""

import contextlib
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import db.events
import db.serving_windows
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import plural, quoted
from core.models.registered import get
from core.runs.events import model_event
from core.runs.permissions import Action, require
from core.serving import served
from core.serving.options import Options, ServingError, options_of
from core.serving.training_profile import Counts
from db.registry_records import VersionRecord
from db.serving_records import WindowRecord as WindowRecord

_MOST = 300  # windows that are looked at
QUIET = 5  # windows without it, after which an alarm is over


@dataclass(frozen=True)
class Alarm:
    """Of one column, over windows that come one after the other or nearly so."""

    column: str
    since: float  # when the first of them began
    first: float  # when that ended: somewhere between, what was asked began to be otherwise
    last: float  # when the last of them ended
    windows: int
    p: float  # of the last one
    moved: float  # share of its values that would have to lie elsewhere, 0 to 1
    known_by: str = ""  # who has acknowledged it
    is_over: bool = False


@dataclass(frozen=True)
class Drift:
    """Of one version."""

    version: VersionRecord
    options: Options
    alarms: tuple[Alarm, ...]  # the newest first
    windows: int
    examples: int  # in the window that is being filled
    ended: tuple[WindowRecord, ...]  # those that are full, the oldest first
    began: float = 0.0  # when the window that is being filled did; 0 where none is

    @property
    def newest(self) -> WindowRecord | None:
        return self.ended[-1] if self.ended else None

    def window_of(self, alarm: Alarm) -> WindowRecord:
        """The last one that it is of, which need not be the newest."""
        return next(each for each in reversed(self.ended) if each.ended_at == alarm.last)

    def is_back(self, alarm: Alarm) -> bool:
        """Whether the newest window is without it, which is not over before several are."""
        return self.newest is not None and self.newest.ended_at > alarm.last

    @property
    def needed(self) -> int:
        """Examples until the window that is being filled can be compared."""
        return max(0, self.options.drift_examples - self.examples)

    def seconds_needed(self, now: float | None = None) -> float:
        """Until the window that is being filled is old enough to be compared; one that has not begun has no age."""
        now = time.time() if now is None else now
        return max(0.0, (self.began or now) + 60 * self.options.drift_minutes - now)

    def awaited(self, now: float | None = None) -> str:
        """What the next comparison waits for, to go on "it comes" with: examples, time, or the next request."""
        seconds = self.seconds_needed(now)
        minutes = plural(math.ceil(seconds / 60), "minute")
        if self.needed:
            examples = plural(self.needed, "more example")
            return f"after {examples}, in {minutes} at the earliest" if seconds else f"after {examples}"
        return f"with the first request in {minutes} or later" if seconds else "with the next request"

    @property
    def unknown(self) -> tuple[Alarm, ...]:
        """Those that go on and that nobody has acknowledged."""
        return tuple(each for each in self.alarms if not each.is_over and not each.known_by)


def drift(context: Context, name: str) -> list[Drift]:
    """Of each version of which something was counted, the newest first. Raises NotFoundError: no such model."""
    model = get(context, name)
    record = served.record(context, name)
    options = Options()
    with contextlib.suppress(ServingError):
        options = options_of(record.options) if record else options
    with context.workspace.read() as session:
        ended = db.serving_windows.ended(session, model.id, _MOST)
        filling = {each.version_id: each for each in db.serving_windows.filling(session, model.id)}
    found = []
    for version in model.versions:
        windows = [each for each in ended if each.version_id == version.id]
        if windows or version.id in filling:
            alarms = tuple(alarms_of(windows))
            open_one = filling.get(version.id)
            counted = (open_one.examples, tuple(windows), open_one.started_at) if open_one else (0, tuple(windows))
            found.append(Drift(version, options, alarms, len(windows), *counted))
    return found


def counts(context: Context, window: WindowRecord) -> Counts:
    """By column of the profile, by bin."""
    with context.workspace.read() as session:
        return db.serving_windows.counts(session, window.id)


def drifting(context: Context) -> dict[str, int]:
    """How many alarms nobody has acknowledged, by the name of the served model; only of those that have any."""
    counted = {each.model: _unknown(drift(context, each.model)) for each in served.listing(context)}
    return {name: number for name, number in counted.items() if number}


def _unknown(found: Iterable[Drift]) -> int:
    return sum(len(each.unknown) for each in found)


def acknowledge(context: Context, name: str) -> int:
    """Of all alarms of a model say that one knows of them: they are told no more as long as they go on.

    Returns how many there were. Raises NotFoundError: there is none; ForbiddenError.
    """
    require(context, Action.SERVE)
    model = get(context, name)
    alarms = sum(len(each.unknown) for each in drift(context, name))
    if not alarms:
        raise NotFoundError(f"Model {quoted(name)} has no alarm that nobody has acknowledged.")
    with context.workspace.write() as session:
        windows = db.serving_windows.ended(session, model.id, _MOST)
        ids = [each.id for each in windows if not each.known_by and any(alarm for *_, alarm in each.shifts.values())]
        db.serving_windows.acknowledge(session, ids, context.actor.name)
        told = {"drift": f"{alarms} alarms"}, {"drift": "acknowledged"}
        db.events.add(session, [model_event(context, Action.SERVE, name, *told)])
    return alarms


def alarms_of(windows: Sequence[WindowRecord]) -> list[Alarm]:
    """Of full windows of one version, the oldest first; the newest alarm first."""
    going: dict[str, Alarm] = {}
    quiet: dict[str, int] = {}
    over: list[Alarm] = []
    for window in windows:
        for column in [column for column in going if not _is_alarm(window, column)]:
            quiet[column] = quiet.get(column, 0) + 1
            if quiet[column] >= QUIET:
                over.append(replace(going.pop(column), is_over=True))
        for column, (p, moved, alarm) in window.shifts.items():
            if alarm:
                quiet[column] = 0
                before = going.get(column) or Alarm(column, window.started_at, window.ended_at, 0.0, 0, p, moved)
                before = replace(before, windows=before.windows + 1, known_by=window.known_by or before.known_by)
                going[column] = replace(before, last=window.ended_at, p=p, moved=moved)
    return sorted([*over, *going.values()], key=lambda each: (each.is_over, -each.moved, -each.last))


def _is_alarm(window: WindowRecord, column: str) -> bool:
    return bool(window.shifts.get(column, (1.0, 0.0, 0.0))[2])


def told(found: Drift) -> dict[str, Any]:
    """As JSON data. Times are seconds since 1970."""
    newest = found.newest
    return {
        "version": found.version.number,
        "windows": found.windows,
        "examples_of_a_window": found.options.drift_examples,
        "minutes_of_a_window": found.options.drift_minutes,
        "examples_needed": found.needed,
        "seconds_needed": found.seconds_needed(),
        "false_alarms_a_window": found.options.false_alarms,
        "alarms": [vars(each) | {"is_back": found.is_back(each)} for each in found.alarms],
        "newest": None
        if newest is None
        else {
            "from": newest.started_at,
            "to": newest.ended_at,
            "examples": newest.examples,
            "columns": {name: {"p": p, "moved": moved} for name, (p, moved, _) in newest.shifts.items()},
        },
    }
