"""GET /runs: the search of the Runs page, page by page; and what there is to search for."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from core import runs
from core.common.context import Context
from core.common.errors import DataError
from core.common.text import quoted, suggestion
from core.runs.records import RunQuery, RunRecord, RunState
from core.web.bounds import Name
from core.web.rest.etags import answered
from core.web.rest.run_shapes import FIELDS, HEAVY, Run, run_shape

_LIGHT = tuple(name for name in FIELDS if name not in HEAVY)
Names = Annotated[str, Query(max_length=5000)]


class RunPage(BaseModel):
    """Runs that match, how many there are in all, and the cursor of the page that follows, null at the end."""

    runs: list[Run]
    total: int
    next: str | None = None


class Columns(BaseModel):
    """Every param, metric and tag that some run has: what can be searched, sorted by and shown."""

    params: list[str]
    metrics: list[str]
    tags: list[str]


def listing_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Runs"])

    @router.get("/runs", response_model=RunPage)
    def search_runs(
        search: Annotated[
            Name, Query(max_length=2000, description='As on the Runs page: "digits val_accuracy.best > 0.9".')
        ] = "",
        state: Annotated[list[RunState], Query(description="Only runs in these states.")] = [],  # noqa: B006 - FastAPI copies
        experiment: Annotated[list[Name], Query(max_length=100, description="Only runs of these.")] = [],  # noqa: B006
        tag: Annotated[list[Name], Query(max_length=100, description="Only runs with any of these.")] = [],  # noqa: B006
        trashed: Annotated[bool, Query(description="Those in the trash in place of the others.")] = False,
        sort: Annotated[
            Name,
            Query(description='A field, "duration", "dataset", "param:<key>" or "metric:<name>.<last|best|min|max>".'),
        ] = "created_at",
        order: Annotated[Literal["desc", "asc"], Query()] = "desc",
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
        cursor: Annotated[Name, Query(max_length=4000, description="`next` of the page before.")] = "",
        fields: Annotated[
            Names, Query(description="Fields to tell, separated by commas; all but the long ones when empty.")
        ] = "",
        metrics: Annotated[Names, Query(description="Metrics to tell in `summary`, separated by commas.")] = "",
        params: Annotated[Names, Query(description="Params to tell, separated by commas.")] = "",
        zone: Annotated[Name, Query(description='Of the reader, for days in the search: "Europe/Berlin".')] = "",
    ) -> Response:
        """The runs that a search finds, a page at a time."""
        acting, told = context(), _fields(fields, metrics, params)
        states, groups, tags = tuple(state), tuple(experiment), tuple(tag)
        query = RunQuery(None, states, groups, tags, trashed, sort, descending=order == "desc", limit=limit)
        asked = _fingerprint(query, search)
        query = replace(query, after=_after(cursor, asked))
        try:
            found = runs.listing(acting, query, search, _zone(zone))
        except ValueError as error:
            raise DataError(str(error)) from error
        shown = _shapes(acting, found.runs, told, _split(metrics), _split(params))
        following = _cursor(asked, found.end) if len(found.runs) == limit else None
        return answered(RunPage(runs=shown, total=found.total, next=following))

    @router.get("/find-run", response_model=Run)
    def find_run(
        reference: Annotated[Name, Query(min_length=1, description="Number, uid, its start, or name.")],
    ) -> Response:
        """The newest run of this name, number or uid, as the command line finds it."""
        return answered(run_shape(runs.find(context(), reference), _LIGHT))

    @router.get("/columns", response_model=Columns)
    def columns() -> Response:
        """What runs have, and can be searched and sorted by."""
        acting = context()
        params, metrics = runs.column_names(acting)
        return answered(Columns(params=params, metrics=metrics, tags=runs.all_tags(acting)))

    return router


def _fields(fields: str, metrics: str, params: str) -> tuple[str, ...]:
    """Raises DataError: a field that no run has."""
    chosen = _split(fields) or list(_LIGHT)
    for name in chosen:
        if name not in FIELDS:
            raise DataError(
                f"{quoted(name)} is no field of a run{suggestion(name, FIELDS)}; there are {', '.join(FIELDS)}."
            )
    more = [name for name, asked in (("summary", metrics), ("params", params)) if asked]
    return tuple(dict.fromkeys([*chosen, *more]))


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _shapes(
    context: Context, found: Iterable[RunRecord], fields: tuple[str, ...], metrics: list[str], params: list[str]
) -> list[Run]:
    ids = [run.id for run in found]
    summaries = runs.summaries(context, ids, metrics or None) if "summary" in fields else {}
    texts = runs.params(context, ids, params or None) if "params" in fields else {}
    return [run_shape(run, fields, summaries.get(run.id), texts.get(run.id)) for run in found]


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        raise DataError(f"{quoted(name)} is no time zone; accepted are names such as Europe/Berlin.") from None


def _fingerprint(query: RunQuery, search: str) -> str:
    """Of what is listed in which order: a cursor holds for nothing else."""
    told = [search, query.states, query.experiments, query.tags, query.trashed, query.sort, query.descending]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def _cursor(fingerprint: str, end: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps([fingerprint, *end]).encode()).decode().rstrip("=")


def _after(cursor: str, fingerprint: str) -> tuple[Any, ...]:
    if not cursor:
        return ()
    try:
        found = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) < 2 or found[0] != fingerprint:
        raise DataError("The cursor is none of this search and order. Take `next` of the page before, or begin anew.")
    return tuple(found[1:])
