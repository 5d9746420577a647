"""What people do with runs: stop, resume, throw away, take back; one by one, or many at once."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from core import runs
from core.common.context import Context
from core.common.errors import StateError
from core.models import kept_told
from core.runs.organising import labels_version, require_version
from core.runs.records import RunRecord
from core.web.bounds import RunNumber
from core.web.rest.etags import IfMatch, answered, expected_versions
from core.web.rest.run_reference import Label, Reference, run_named
from core.web.rest.run_shapes import Run, run_shape

Runs = Annotated[list[RunNumber], Field(min_length=1, max_length=10_000)]


class Stop(BaseModel):
    """`now` ends the process at once; else it finishes its step, saves a checkpoint and keeps everything."""

    model_config = ConfigDict(extra="forbid")

    now: bool = False


class Acting(BaseModel):
    """The same for many runs; `experiment` is for move, `tags` are for tag, `now` is for stop."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"action": "tag", "runs": [1], "tags": ["a"]}]}
    )

    action: Literal["stop", "trash", "restore", "move", "tag"]
    runs: Runs
    experiment: Label = ""
    tags: list[Label] = Field([], max_length=100)
    now: bool = False


class Acted(BaseModel):
    """The runs that it concerned: not those that are not there, or for which there was nothing to do."""

    runs: list[int]
    told: str = Field("", description="Of runs in the trash: which versions of models keep what they need of them.")


class Purged(BaseModel):
    """How many runs went for good, how many bytes the disk got back, and which stayed, with the reason."""

    runs: int
    freed_bytes: int
    kept: dict[int, str]


def acting_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Runs"])

    @router.post("/runs/{run}/stop", response_model=Run)
    def stop_run(run: Reference, stop: Stop | None = None) -> Response:
        """Ask it to stop, or take it off the queue; one that is at rest stays as it is."""
        acting = context()
        found = run_named(acting, run)
        runs.stop(acting, [found.id], now=stop is not None and stop.now)
        return _now(acting, found)

    @router.post("/runs/{run}/resume", response_model=Run)
    def resume_run(run: Reference) -> Response:
        """Queue it again, to go on from its last checkpoint."""
        acting = context()
        found = run_named(acting, run)
        runs.resume(acting, found.id)
        return _now(acting, found)

    @router.delete("/runs/{run}", response_model=Run)
    def trash_run(run: Reference, if_match: IfMatch = None) -> Response:
        """Put it into the trash; 409 as long as it is active."""
        acting = context()
        found = run_named(acting, run)
        require_version(found, expected_versions(if_match))
        gone, _ = runs.trash(acting, [found.id])
        if not gone:
            raise StateError(f"Run {found.id} is {found.state.value}; stop it first.")
        return _now(acting, found)

    @router.post("/runs/{run}/restore", response_model=Run)
    def restore_run(run: Reference) -> Response:
        """Take it out of the trash."""
        acting = context()
        found = run_named(acting, run)
        if not runs.restore(acting, [found.id]):
            raise StateError(f"Run {found.id} is being deleted for good; its files are gone or going.")
        return _now(acting, found)

    @router.post("/runs/act", response_model=Acted)
    def act_on_runs(acting: Acting) -> Response:
        """The same with many runs, all or nothing as far as permission goes."""
        here = context()
        concerned = _act(here, acting)
        told = kept_told(here, concerned) if acting.action == "trash" else ""
        return answered(Acted(runs=concerned, told=told))

    @router.delete("/trash", response_model=Purged)
    def empty_trash(only: Annotated[list[RunNumber] | None, Query(max_length=1000)] = None) -> Response:
        """Delete what is in the trash for good, or of these runs those that are in it."""
        emptied = runs.empty_trash(context(), None if only is None else set(only))
        return answered(Purged(runs=emptied.count, freed_bytes=emptied.freed, kept=emptied.kept))

    return router


def _act(context: Context, acting: Acting) -> list[int]:
    chosen = list(dict.fromkeys(acting.runs))
    if acting.action == "stop":
        return runs.stop(context, chosen, now=acting.now)
    if acting.action == "trash":
        return runs.trash(context, chosen)[0]
    if acting.action == "restore":
        return runs.restore(context, chosen)
    if acting.action == "move":
        runs.move(context, chosen, acting.experiment)
    else:
        runs.add_tags(context, chosen, acting.tags)
    return [run.id for run in runs.get_many(context, chosen)]


def _now(context: Context, run: RunRecord) -> Response:
    found = runs.get(context, run.id)
    return answered(run_shape(found), version=labels_version(found))
