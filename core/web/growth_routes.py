"""POST /growth: what the curves on a page have gained since it was drawn."""

import math
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field

from core import runs
from core.common.context import Context
from core.web.bounds import Count, Name, RunNumber, Sequence, Step

Cursors = Annotated[list[tuple[RunNumber, Name, Step, Count, Sequence]], Field(max_length=runs.MAX_CURSORS)]


def growth_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.post("/growth", include_in_schema=False)
    def growth(cursors: Cursors) -> list[dict[str, Any] | None]:
        """For each (run, metric, step, count, sequence) that a chart has the points since, null where none came."""
        grown = runs.growth(context(), [runs.Cursor(*cursor) for cursor in cursors])
        return [None if each is None else _json(each) for each in grown]

    return router


def _json(grown: runs.Growth) -> dict[str, Any]:
    points = grown.points
    return {
        "x": {"step": points.step.tolist(), "elapsed": _finite(grown.elapsed.tolist())},
        "value": _finite(points.value.tolist()),
        "step": grown.step,
        "count": grown.count,
        "sequence": grown.sequence,
        "rewritten": grown.rewritten,
    }


def _finite(values: list[float]) -> list[float | None]:
    return [value if math.isfinite(value) else None for value in values]
