"""What the use cases take and return, for pages, which import core and never db."""

from db.filters import Compare
from db.listing import RunQuery
from db.records import (
    ArtifactRecord,
    AttemptRecord,
    EventRecord,
    HostRecord,
    RunPage,
    RunRecord,
    RunState,
    Series,
    Summary,
)

__all__ = [
    "ArtifactRecord",
    "AttemptRecord",
    "Compare",
    "EventRecord",
    "HostRecord",
    "RunPage",
    "RunQuery",
    "RunRecord",
    "RunState",
    "Series",
    "Summary",
]
