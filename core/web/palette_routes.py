"""GET /palette: runs, models and data sets for what somebody types into the command palette."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from core import models, runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.data.library.known import known
from core.runs.search_error import SearchError
from core.web.bounds import Name
from db.listing import RunQuery
from db.records import RunRecord

_MOST = 8  # of each kind: what can be seen at a glance

Typed = Annotated[Name, Field(max_length=200)]


def palette_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.get("/palette", include_in_schema=False)
    def palette(query: Annotated[Typed, Query()] = "") -> dict[str, list[dict[str, Any]]]:
        """Runs that the Runs page's search finds, the one of this number first; models and data sets by their names."""
        acting = context()
        listed = known(acting.workspace.settings)
        sets = [each for each in listed if query.lower() in f"{each.name} {each.title}".lower()]
        named = [each for each in models.descriptions(acting).items() if query.lower() in each[0]]
        return {
            "runs": [
                {"id": run.id, "name": run.name, "state": run.state, "experiment": run.experiment}
                for run in _runs(acting, query.strip())
            ],
            "models": [{"name": name, "description": text} for name, text in named[:_MOST]],
            "datasets": [{"name": each.name, "title": each.title} for each in sets[:_MOST]],
        }

    return router


def _runs(context: Context, text: str) -> list[RunRecord]:
    try:
        found = list(runs.listing(context, RunQuery(limit=_MOST), text).runs)
    except SearchError:  # as long as it is being typed
        found = []
    number = text.removeprefix("#")
    if number.isdecimal() and number.isascii() and len(number) < 10:
        try:
            numbered = runs.get(context, int(number))
        except NotFoundError:
            return found
        found = [numbered, *(run for run in found if run.id != numbered.id)]
    return found
