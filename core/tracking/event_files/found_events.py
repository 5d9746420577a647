"""What event files say."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.tracking.pending import Columns
from db.records import Series

SESSION_STATES = {0: "", 1: "finished", 2: "failed", 3: "running"}  # of hparams' plugin_data.proto


@dataclass(frozen=True)
class Media:
    """Something to look at or to listen to."""

    kind: str  # image, audio, text, histogram, model
    tag: str
    step: int
    wall_time: float  # UTC seconds
    number: int  # of several at one step, from 0
    suffix: str  # of a file with it: .png, .wav, .md, .json
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)


@dataclass
class FoundEvents:
    """Of one or several reads, in the order of the file."""

    scalars: dict[str, Columns] = field(default_factory=dict)  # by tag, as they were written
    media: list[Media] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)  # hparams: numbers, texts, true and false
    state: str = ""  # finished, failed or running, where hparams say so
    began_at: float | None = None  # UTC seconds
    ended_at: float | None = None
    first_at: float | None = None  # the wall times of the first and the last event
    last_at: float | None = None
    restarted_at: int | None = None  # the lowest step at which a writer began anew: what was read from there on is void
    events: int = 0
    left_out: Counter[str] = field(default_factory=Counter)  # how many, by what and why
    problems: list[str] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(map(len, self.scalars.values()))

    def restart(self, step: int) -> None:
        """Forget what had been written from this step on, as TensorBoard does (purge_orphaned_data)."""
        self.restarted_at = step if self.restarted_at is None else min(step, self.restarted_at)
        for tag, columns in self.scalars.items():
            self.scalars[tag] = before(columns, step)
        self.media = [item for item in self.media if item.step < step]

    def add(self, later: "FoundEvents") -> None:
        """What a later read of the same folder gave."""
        if later.restarted_at is not None:
            self.restart(later.restarted_at)
        for tag, columns in later.scalars.items():
            self.scalars.setdefault(tag, Columns()).extend(columns.copied(len(columns)))
        self.media += later.media
        self.params |= later.params
        self.state = later.state or self.state
        self.began_at = later.began_at or self.began_at
        self.ended_at = later.ended_at or self.ended_at
        self.first_at = later.first_at if self.first_at is None else self.first_at
        self.last_at = self.last_at if later.last_at is None else later.last_at
        self.events += later.events
        self.left_out += later.left_out
        self.problems += later.problems

    def __bool__(self) -> bool:
        return bool(self.events or self.problems)

    def told(self) -> Mapping[str, int]:
        """What was left out, most first."""
        return dict(self.left_out.most_common())


def before(columns: Columns, step: int) -> Columns:
    """Those of its points that have a lower step."""
    series = columns.copied(len(columns))
    kept = series.step < step
    if kept.all():
        return columns
    left = Columns()
    left.extend(Series(series.step[kept], series.value[kept], series.wall_time[kept]))
    return left
