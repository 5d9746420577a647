"""/reports: what people wrote about runs, with its panels; as Markdown and as a file."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from core.common.context import Context
from core.reports import authoring
from core.reports.authoring import ReportRecord
from core.reports.report_html import as_file
from core.reports.report_text import MAX_SOURCE
from core.runs.organising import ChangedError
from core.web.rest.etags import IfMatch, answered, expected_versions
from core.web.rest.run_reference import Label

Key = Annotated[int, Path(ge=1, lt=2**31)]
Version = Annotated[int | None, Query(ge=1, lt=2**31, description="The newest, if left out.")]


class ReportLine(BaseModel):
    id: int
    title: str
    version: int = Field(description="Of the newest.")
    created_by: str
    created_at: float
    changed_by: str
    changed_at: float


class Reports(BaseModel):
    reports: list[ReportLine]


class WrittenReport(ReportLine):
    """With the Markdown of its newest version, or of the one that was asked for."""

    source: str


class ReportText(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"title": "Wider", "source": "```panel curves\nruns: [1, 2]\n```"}]},
    )

    title: Annotated[Label, Field(min_length=1)]
    source: Annotated[str, Field(max_length=MAX_SOURCE)] = ""


def written_report_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Reports"])

    @router.get("/reports", response_model=Reports)
    def list_reports() -> Response:
        """All of them, those that were changed last first."""
        return answered(Reports(reports=[ReportLine(**vars(each)) for each in authoring.listing(context())]))

    @router.post("/reports", status_code=201, response_model=WrittenReport)
    def create_report(new: ReportText) -> Response:
        """Panels that say `frozen: true` keep what they show now."""
        acting = context()
        return _answer(acting, authoring.create(acting, new.title, new.source), 201)

    @router.get("/reports/{key}", response_model=WrittenReport)
    def read_report(key: Key, version: Version = None) -> Response:
        """One of them, by its number."""
        acting = context()
        return _answer(acting, authoring.get(acting, key), version=version)

    @router.put("/reports/{key}", response_model=WrittenReport)
    def save_report(key: Key, text: ReportText, if_match: IfMatch = None) -> Response:
        """A new version; 412 where it is no longer as the ETag of `If-Match` says, without one over the newest."""
        acting = context()
        newest = authoring.get(acting, key).version
        expected = expected_versions(if_match)
        if expected and str(newest) not in expected:
            raise ChangedError(f"Report {key} is at version {newest} by now. Read it again, and repeat your change.")
        return _answer(acting, authoring.save(acting, key, text.title, text.source, newest))

    @router.get("/reports/{key}/file", response_class=HTMLResponse)
    async def export_report(key: Key, version: Version = None) -> Response:
        """One HTML file that works without a network, as its panels are now."""
        text = await run_in_threadpool(as_file, context(), key, version)
        headers = {"Content-Disposition": f'attachment; filename="report-{key}.html"', "Cache-Control": "no-cache"}
        return HTMLResponse(text, headers=headers)

    return router


def _answer(context: Context, found: ReportRecord, status: int = 200, version: int | None = None) -> Response:
    shown = authoring.version(context, found.id, version)
    told = {**vars(found), "title": shown.title}
    return answered(WrittenReport(**told, source=shown.source), status, version=str(found.version))
