"""What queries of the registry return: frozen values. Times are seconds since 1970 in UTC."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    NONE = "none"
    STAGING = "staging"
    PRODUCTION = "production"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class VersionRecord:
    """One state of a model: a checkpoint of a run, and what was known of that run when it was registered."""

    id: int
    model_id: int
    model: str  # its name
    number: int
    run_id: int
    run_uid: str
    run_name: str
    experiment: str
    checkpoint: str  # best or last; ensemble, averaged or uploaded
    sha256: str  # of the network's file
    size: int  # of that file, in bytes
    host: str  # whose folder has the files
    config: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)  # of the run's evaluation, by name; empty without one
    stage: Stage = Stage.NONE
    note: str = ""
    card: str = ""  # Markdown, as written from the facts
    edited_card: str = ""  # by people, in its place; "" where nobody did
    aliases: tuple[str, ...] = ()
    created_by: str = ""
    created_at: float = 0.0
    tags: dict[str, Any] = field(default_factory=dict)  # with values, as clients of other tools set them

    @property
    def title(self) -> str:
        return f"{self.model}@{self.number}"

    @property
    def network_size(self) -> int:
        """Bytes of the file without the optimizer's state; of the whole file where it was registered before that."""
        told = self.facts.get("network_bytes")
        return told if isinstance(told, int) else self.size

    @property
    def member_runs(self) -> list[int]:
        """Of an ensemble, the numbers of its runs."""
        told = self.facts.get("members")
        members = told if isinstance(told, list) else []
        return [each["run"] for each in members if isinstance(each, dict) and isinstance(each.get("run"), int)]


@dataclass(frozen=True)
class ExportRecord:
    """A version as a folder that runs without Traindeck, in the folder of the version."""

    version_id: int
    name: str  # of the folder
    format: str
    host: str
    size: int  # of the network's file, in bytes
    sha256: str  # of that file
    measured: dict[str, Any] = field(default_factory=dict)  # core.models.exports.Measured
    created_by: str = ""
    created_at: float = 0.0


@dataclass(frozen=True)
class ModelRecord:
    """A named network and all of its versions, the newest first."""

    id: int
    name: str
    description: str = ""
    newest: int = 0  # number of the newest version there ever was
    created_by: str = ""
    created_at: float = 0.0
    versions: tuple[VersionRecord, ...] = ()
    gates: dict[str, dict[str, Any]] = field(default_factory=dict)  # by alias; core.models.gates reads them
    tags: dict[str, Any] = field(default_factory=dict)

    @property
    def aliases(self) -> dict[str, VersionRecord]:
        """Sorted by name, the champion first."""
        named = [(alias, version) for version in self.versions for alias in version.aliases]
        return dict(sorted(named, key=lambda each: (each[0] != "champion", each[0])))

    @property
    def leading(self) -> VersionRecord | None:
        """The champion, or else the newest version; None where all were deleted."""
        return self.aliases.get("champion") or next(iter(self.versions), None)
