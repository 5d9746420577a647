"""A run as a source has it, before it is one of ours."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from core.runs.media_files import GivenMedia
from core.runs.shown_files import FoundMedia
from db.records import RunState, Series

MOST_POINTS = 20_000_000  # of a run; they are all in memory at once, 24 bytes each
MOST_FILES = 10_000  # of a run
MOST_BYTES = 10 * 2**30  # of a run's files


@dataclass(frozen=True)
class FetchedFile:
    """One that lies elsewhere: `fetch` writes it to a path, and raises DataError; only what is stored is fetched."""

    size: int  # bytes
    fetch: Callable[[Path], None]


@dataclass(frozen=True)
class FoundFile:
    """A file to keep with the run; `path` is where in its folder, parts joined by /."""

    path: str
    kind: str
    content: Path | bytes | FetchedFile


@dataclass(frozen=True)
class NamedData:
    """A data set that a run read, as its client described it; see db.logged_models.put_inputs."""

    name: str
    digest: str
    context: str
    told: dict[str, Any]


@dataclass(frozen=True)
class NamedModel:
    """A logged model that a run took ("input") or made ("output"), at a step; times are UTC seconds, 0 for unknown."""

    id: str
    role: str
    step: int
    name: str
    type: str
    status: str
    created_at: float
    updated_at: float
    tags: dict[str, str]
    params: dict[str, str]
    metrics: list[dict[str, Any]]
    made_by: str = ""  # uid of a run
    files: list[FoundFile] = field(default_factory=list)  # paths are below its own folder


@dataclass
class FoundRun:
    """`source` names the run within its tool for ever: imported again, it is the same run, and what is new is added.

    Times are UTC seconds. What cannot come over is counted in `left_out`, by what and why.
    """

    source: str
    name: str
    experiment: str = ""
    uid: str = ""  # 32 hexadecimal digits, where the source has one; made of `source` otherwise
    params: dict[str, Any] = field(default_factory=dict)  # flat
    config: dict[str, Any] | None = None  # of another Traindeck's run; the params otherwise
    columns: dict[str, Any] = field(default_factory=dict)  # of another Traindeck's run: what else its row has
    kind: str = ""  # of another Traindeck's run; logged otherwise
    tags: tuple[str, ...] = ()
    keyed_tags: dict[str, str] = field(default_factory=dict)
    notes: str = ""
    state: RunState = RunState.FINISHED
    reason: str = ""
    created_by: str = ""
    parent_uid: str = ""
    began_at: float | None = None
    ended_at: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Series] = field(default_factory=dict)  # in any order of steps
    has_times: bool = True  # else wall times are made up, and may be others the next time
    files: list[FoundFile] = field(default_factory=list)
    media: list[GivenMedia] = field(default_factory=list)
    shown: dict[str, FoundMedia] = field(default_factory=dict)  # of its files, by path, those to look at
    data_sets: list[NamedData] = field(default_factory=list)
    models: list[NamedModel] = field(default_factory=list)
    experiment_tags: dict[str, str] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    unreadable: str = ""  # why nothing of it can be read; others of its source can

    @classmethod
    def none(cls, path: Path, why: str) -> "FoundRun":
        """In place of a run that cannot be read, where others are read with it."""
        return cls("", path.name[:200], state=RunState.FAILED, left_out=Counter({why: 1}), unreadable=why)

    @property
    def points(self) -> int:
        return sum(map(len, self.metrics.values()))

    def own_uid(self) -> str:
        return self.uid or hashlib.sha256(self.source.encode("utf-8", "surrogatepass")).hexdigest()[:32]


# What reads a source. It is given a folder or file, and calls the second argument with 0 to 1 and what it is at.
Progress = Callable[[float, str], None]
Read = Callable[[Path, Progress], Iterator[FoundRun]]


def quiet(_done: float, _what: str) -> None:
    """Progress that nobody wants to see."""


def series(steps: Any, values: Any, wall_times: Any) -> Series:
    """Of lists; what is no number raises ValueError or TypeError."""
    return Series(np.array(steps, np.int64), np.array(values, np.float64), np.array(wall_times, np.float64))


def files_below(folder: Path, kind: str, prefix: str, left_out: "Counter[str]") -> list[FoundFile]:
    """All files below a folder, at most so many and so large together; links are left out."""
    found: list[FoundFile] = []
    total = 0
    if not folder.is_dir() or folder.is_symlink():
        return found
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            left_out["files that are links"] += 1
        elif path.is_file():
            total += path.stat().st_size
            if len(found) >= MOST_FILES or total > MOST_BYTES:
                left_out[f"files past the first {MOST_FILES:,}, or past {MOST_BYTES // 2**30} GiB"] += 1
            else:
                found.append(FoundFile(f"{prefix}{path.relative_to(folder).as_posix()}", kind, path))
    return found


def flat(values: Mapping[str, Any], depth: int = 8) -> dict[str, Any]:
    """Nested mappings as `a.b`; deeper ones stay as they are written."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, dict) and value and depth > 1:
            found |= {f"{key}.{inner}": each for inner, each in flat(value, depth - 1).items()}
        else:
            found[str(key)] = value
    return found


def safe(path: str) -> PurePosixPath:
    """Within the run's folder, without control characters; parts of at most 200 bytes."""
    parts = [part for part in PurePosixPath(path.replace("\\", "/")).parts if part not in ("/", ".", "..")]
    clean = ["".join(c if c.isprintable() else "_" for c in part) for part in parts]
    return PurePosixPath(*(part.encode()[:200].decode(errors="ignore") for part in clean))
