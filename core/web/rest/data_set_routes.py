"""/data-sets: those that users added and the built-in ones; a file becomes one, and one goes."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from core.common.context import Context
from core.common.errors import DataError
from core.common.text import shortened
from core.data.library import Inbox, Options, check_name, known
from core.data.library.manifest import DatasetKind
from core.data.library.read_options import ArrayOptions, CorpusOptions, ImageOptions, TableOptions, TextOptions
from core.data.library.series_options import SeriesOptions
from core.runs import data_sets
from core.web.bounds import FileName
from core.web.limits import promised_bytes
from core.web.rest.etags import answered

_OPTIONS: dict[str, type[Options]] = {
    **{"table": TableOptions, "series": SeriesOptions, "images": ImageOptions},
    **{"text": TextOptions, "corpus": CorpusOptions, "arrays": ArrayOptions},
}
_MOST_CLASSES = 1000
Called = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", examples=["digits"])]


class DataSet(BaseModel):
    name: str
    title: str
    summary: str
    place: Literal["added", "bundled", "local", "missing"]
    kind: str = Field(description="image, rows, series, table, text or corpus.")
    task: str
    shape: list[int] = Field(description="Of one example, without the batch.")
    train_examples: int
    validation_examples: int
    test_examples: int
    bytes: int | None
    fingerprint: str
    how: str = Field("", description="Of a missing one: what to put where.")


class DataSets(BaseModel):
    data_sets: list[DataSet]


class DataSetFacts(DataSet):
    class_names: list[str]
    target: str
    features: list[dict[str, Any]]
    origin: str = Field(description="Of an added one: the file that it came of.")
    added_at: float | None
    added_by: str


def data_set_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Data sets"])

    @router.get("/data-sets", response_model=DataSets)
    def list_data_sets() -> Response:
        """Those that were added, the newest first, then those that Traindeck brings or can read."""
        found = known.known(context().workspace.settings)
        return answered(DataSets(data_sets=[DataSet(**_told(each)) for each in found]))

    @router.get("/data-sets/{name}", response_model=DataSetFacts)
    def read_data_set(name: Called) -> Response:
        """What is known of one."""
        return answered(_facts(known.find(context().workspace.settings, name)))

    @router.post(
        "/data-sets/{name}",
        status_code=201,
        response_model=DataSetFacts,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )
    async def add_data_set(
        name: Called,
        kind: Annotated[DatasetKind, Query()],
        file: Annotated[FileName, Query(description="What the file is called, with its ending.", examples=["a.csv"])],
        request: Request,
        options: Annotated[
            str, Query(max_length=20_000, description='As JSON: {"target": "price"} of a table, {"title": …} of any.')
        ] = "",
    ) -> Response:
        """Add the file that is the body: all of it or nothing. Answered once it is read, which may take a while."""
        acting = context()
        settings, read = acting.workspace.settings, _options(kind, options)
        await run_in_threadpool(check_name, settings, name)
        inbox = await run_in_threadpool(Inbox, settings)
        try:
            upload = await data_sets.receive(acting, inbox.key, file, promised_bytes(request), request.stream())
            path = inbox.file(upload)
            if path is None:
                raise DataError("The file is gone before it was read. Send it again.")
            await run_in_threadpool(data_sets.add, acting, kind, name, path, read)
        finally:
            await run_in_threadpool(inbox.empty)
        found = await run_in_threadpool(known.find, settings, name)
        return answered(_facts(found), 201, headers={"Location": f"/api/v1/data-sets/{name}"})

    @router.delete("/data-sets/{name}", status_code=204, response_class=Response)
    def remove_data_set(name: Called) -> Response:
        """Remove one that was added, for ever; runs that learned from it keep their results."""
        acting = context()
        known.find(acting.workspace.settings, name)
        data_sets.remove(acting, name)
        return Response(status_code=204)

    return router


def _options(kind: str, text: str) -> Options | None:
    """Raises DataError."""
    if not text and kind != "table":
        return None
    try:
        found: Options = TypeAdapter(_OPTIONS[kind]).validate_json(text or "{}")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise DataError(f"options: {shortened(f'{where}: ' if where else '')}{shortened(first['msg'])}.") from error
    return found


def _told(found: known.Known) -> dict[str, Any]:
    info = found.info
    return {
        **{name: getattr(found, name) for name in ("name", "title", "summary", "place", "bytes", "fingerprint", "how")},
        **{"kind": info.kind, "task": info.task, "shape": list(info.shape)},
        "train_examples": info.train_examples,
        "validation_examples": info.validation_examples,
        "test_examples": info.test_examples,
    }


def _facts(found: known.Known) -> DataSetFacts:
    manifest = found.manifest
    return DataSetFacts(
        **_told(found),
        class_names=list(found.info.class_names[:_MOST_CLASSES]),
        target=found.info.target,
        features=[asdict(each) for each in found.info.features],
        origin=manifest.origin if manifest else "",
        added_at=manifest.added_at if manifest else None,
        added_by=manifest.added_by if manifest else "",
    )
