"""/runs/{run}: one run, what is known of it, and changes of what people wrote about it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from core import runs
from core.common.context import Context
from core.runs.events import SHOWN
from core.runs.organising import edit
from core.web.rest.etags import IfMatch, answered, expected_versions
from core.web.rest.run_reference import Label, Notes, Reference, run_named
from core.web.rest.run_shapes import (
    Attempts,
    History,
    Run,
    attempt_shape,
    event_shape,
    labels_version,
    run_shape,
)


class RunChange(BaseModel):
    """What people write about a run; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"tags": ["paper"], "notes": "Best."}]})

    name: Label | None = None
    notes: Notes | None = None
    tags: list[Label] | None = Field(None, max_length=1000, description="In place of those it has.")
    experiment: Label | None = Field(None, description="It is moved there; made if there is none of that name.")


class Params(BaseModel):
    params: dict[str, str]


def run_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Runs"])

    @router.get("/runs/{run}", response_model=Run)
    def read_run(run: Reference) -> Response:
        """All that is known of a run; its ETag is for If-Match as well."""
        acting = context()
        return _whole(acting, run_named(acting, run).id)

    @router.patch("/runs/{run}", response_model=Run)
    def change_run(run: Reference, change: RunChange, if_match: IfMatch = None) -> Response:
        """Change name, notes, tags or experiment: all of it or nothing."""
        acting = context()
        found = run_named(acting, run)
        expected = expected_versions(if_match)
        edit(acting, found.id, **change.model_dump(), expected=expected)
        return _whole(acting, found.id)

    @router.get("/runs/{run}/params", response_model=Params)
    def read_params(run: Reference) -> Response:
        """Leaves of its config by dotted path, as people would write them."""
        acting = context()
        found = run_named(acting, run)
        return answered(Params(params=runs.params(acting, [found.id]).get(found.id, {})))

    @router.get("/runs/{run}/history", response_model=History)
    def read_history(run: Reference, limit: Annotated[int, Query(ge=1, le=1000)] = SHOWN) -> Response:
        """Who changed what of it, and when; the newest at the end."""
        acting = context()
        found = run_named(acting, run)
        return answered(History(events=[event_shape(each) for each in runs.events(acting, found.id, limit)]))

    @router.get("/runs/{run}/attempts", response_model=Attempts)
    def read_attempts(run: Reference) -> Response:
        """The processes that worked on it, the first one first."""
        acting = context()
        found = run_named(acting, run)
        return answered(Attempts(attempts=[attempt_shape(each) for each in runs.attempts(acting, found.id)]))

    return router


def _whole(context: Context, run_id: int) -> Response:
    run = runs.get(context, run_id)
    summary = runs.summaries(context, [run_id]).get(run_id)
    params = runs.params(context, [run_id]).get(run_id)
    return answered(run_shape(run, summary=summary, params=params), version=labels_version(run))
