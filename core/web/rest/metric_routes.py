"""Metrics of runs: what there are, their points in ranges, thinned, as JSON, CSV or Parquet."""

import csv
import io
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from core import runs
from core.common.context import Context
from core.common.errors import DataError, NotFoundError
from core.common.text import quoted, suggestion
from core.runs.records import Series
from core.runs.results import EVERY_STEP, between
from core.tracking.downsampling import LEAST
from core.web.bounds import Name, RunNumber, Step
from core.web.rest.etags import answered
from core.web.rest.run_reference import Reference, run_named
from core.web.rest.run_shapes import MetricSummary, Number, finite, summary_shape

MOST_POINTS = 200_000  # of an answer in JSON
_MOST_IN_FILES = 20_000_000
_MOST_CURVES = 1000
Thinned = Annotated[
    int | None,
    Query(ge=LEAST, le=MOST_POINTS, description="At most so many points: ends, peaks, dips and gaps are kept."),
]


class Summaries(BaseModel):
    metrics: dict[str, MetricSummary]


class Points(BaseModel):
    """Columns of one length; wall times are seconds since 1970 in UTC."""

    run: int
    metric: str
    step: list[int]
    value: list[Number]
    wall_time: list[float]


class Curves(BaseModel):
    curves: list[Points]


def metric_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Metrics"])

    @router.get("/runs/{run}/metrics", response_model=Summaries)
    def read_metrics(run: Reference) -> Response:
        """Its metrics by name, each in short."""
        acting = context()
        found = run_named(acting, run)
        summaries = runs.summaries(acting, [found.id]).get(found.id, {})
        return answered(Summaries(metrics={name: summary_shape(each) for name, each in summaries.items()}))

    @router.get(
        "/runs/{run}/metrics/{name:path}",
        response_model=Points,
        responses={200: {"content": {"text/csv": {}, "application/vnd.apache.parquet": {}}}},
    )
    def read_points(
        run: Reference,
        name: Name,
        first: Annotated[Step, Query(alias="from", description="The first step.")] = EVERY_STEP[0],
        last: Annotated[Step, Query(alias="to", description="The last step.")] = EVERY_STEP[1],
        points: Thinned = None,
        form: Annotated[Literal["json", "csv", "parquet"], Query(alias="format")] = "json",
    ) -> Response:
        """The points of a metric; several at one step are all told. A name may have slashes in it."""
        acting = context()
        found = run_named(acting, run)
        known = runs.summaries(acting, [found.id]).get(found.id, {})
        if name not in known:
            there = ", ".join(list(known)[:50]) or "none yet"
            raise NotFoundError(
                f"Run {found.id} has no metric {quoted(name)}{suggestion(name, known)}. It has {there}."
            )
        most = MOST_POINTS + 1 if form == "json" and points is None else _MOST_IN_FILES
        series = between(acting, found.id, name, first, last, most, points)
        if form == "json":
            if len(series) > MOST_POINTS:
                raise DataError(
                    f"There are more than {MOST_POINTS:,} points. Ask for less by from= and to=, for a thinned curve "
                    "by points=, or for all of them as format=csv or format=parquet."
                )
            return answered(_shape(found.id, name, series))
        title = f'attachment; filename="run-{found.id}.{form}"'
        body = _as_csv(series) if form == "csv" else _as_parquet(series)
        kind = "text/csv; charset=utf-8" if form == "csv" else "application/vnd.apache.parquet"
        return Response(body, headers={"Content-Disposition": title}, media_type=kind)

    @router.get("/metrics", response_model=Curves)
    def read_curves(
        of: Annotated[list[RunNumber], Query(alias="run", min_length=1, max_length=100, description="Their numbers.")],
        names: Annotated[list[Name], Query(alias="name", min_length=1, max_length=50)],
        points: Annotated[int, Query(ge=LEAST, le=1000)] = 500,
    ) -> Response:
        """Curves to draw, of several runs and metrics, thinned; those that have no points are left out."""
        if len(of) * len(names) > _MOST_CURVES:
            raise DataError(
                f"{len(of) * len(names):,} curves were asked for; at most {_MOST_CURVES:,} are told at once."
            )
        found = runs.histories(context(), of, names, points)
        return answered(Curves(curves=[_shape(run, name, series) for (run, name), series in found.items()]))

    return router


def _shape(run: int, metric: str, series: Series) -> Points:
    values = {"step": series.step.tolist(), "value": list(map(finite, series.value.tolist()))}
    return Points.model_construct(run=run, metric=metric, **values, wall_time=series.wall_time.tolist())


def _columns(series: Series) -> dict[str, list[float]]:
    return {"step": series.step.tolist(), "value": series.value.tolist(), "wall_time": series.wall_time.tolist()}


def _as_csv(series: Series) -> bytes:
    columns, text = _columns(series), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode()


def _as_parquet(series: Series) -> bytes:
    import pyarrow as pa  # takes a while, and few ask for it
    from pyarrow import parquet

    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table({"step": series.step, "value": series.value, "wall_time": series.wall_time}), sink)
    return bytes(sink.getvalue())
