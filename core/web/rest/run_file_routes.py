"""Files of runs: the log, and artifacts down and up, in ranges and parts."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import FileResponse, PlainTextResponse, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from core import runs
from core.common.context import Context
from core.common.errors import NotFoundError
from core.runs import sent_files
from core.runs.records import ArtifactRecord
from core.web.bounds import FileName
from core.web.rest.byte_ranges import as_it_is, keep_sensible
from core.web.rest.etags import answered
from core.web.rest.file_parts import part_of
from core.web.rest.run_reference import Reference, run_named

_BYTES = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_MOST_LINES = 10_000
Range = Annotated[str | None, Header(alias="Range", max_length=1000, description="bytes=0-1023, or bytes=-1024.")]


class Artifact(BaseModel):
    path: str = Field(description="In the run's folder, and in the address of the file.")
    name: str
    kind: str
    size: int
    created_at: float
    url: str


class Artifacts(BaseModel):
    artifacts: list[Artifact]


class Upload(BaseModel):
    """How much of a file is here, in bytes; `artifact` once all of it is."""

    offset: int
    total: int | None = None
    artifact: Artifact | None = None


def run_file_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Files"])

    @router.get("/runs/{run}/log", response_class=PlainTextResponse, responses={206: {"description": "The range"}})
    def read_log(
        run: Reference,
        tail: Annotated[int | None, Query(ge=1, le=_MOST_LINES, description="Only so many of the last lines.")] = None,
        asked: Range = None,
    ) -> Response:
        """The log: all of it, its last lines, or a range of its bytes; a log that grows is read on so."""
        acting = context()
        found = run_named(acting, run)
        if tail is not None:
            return PlainTextResponse(runs.log_tail(acting, found.id, tail))
        return as_it_is(runs.log_file(acting, found.id), asked or "", f"run-{found.id}-log.txt")

    @router.get("/runs/{run}/artifacts", response_model=Artifacts)
    def list_artifacts(run: Reference) -> Response:
        """The files that it left, or that a client sent to it."""
        acting = context()
        found = run_named(acting, run)
        return answered(Artifacts(artifacts=[_shape(run, each) for each in runs.artifacts(acting, found.id)]))

    @router.head("/runs/{run}/artifacts/{path:path}", include_in_schema=False)
    @router.get(
        "/runs/{run}/artifacts/{path:path}",
        response_class=FileResponse,
        responses={200: _BYTES, 206: {**_BYTES, "description": "The range that was asked for"}},
    )
    def read_artifact(run: Reference, path: FileName, request: Request, asked: Range = None) -> FileResponse:  # noqa: ARG001 - Starlette reads the range
        """A file, or ranges of it; by its path in the run's folder, in that of what clients sent, or by its name."""
        acting = context()
        found = run_named(acting, run)
        file = _file(acting, found.id, path)
        keep_sensible(request, file.stat().st_size)
        return FileResponse(file, filename=file.name, headers={"Cache-Control": "no-cache"})

    @router.put(
        "/runs/{run}/artifacts/{path:path}",
        response_model=Upload,
        openapi_extra={"requestBody": {"required": True, **_BYTES}},
        responses={201: {"model": Upload}, 202: {"model": Upload, "description": "Parts are missing"}},
    )
    async def send_artifact(
        run: Reference,
        path: FileName,
        request: Request,
        content_range: Annotated[
            str | None, Header(alias="Content-Range", max_length=100, description="Of a part: bytes 0-1023/4096.")
        ] = None,
        sha256: Annotated[str, Query(pattern=r"^([0-9a-f]{64})?$", description="Of the whole file.")] = "",
    ) -> Response:
        """Send a file to a run that a client reports: whole, or in parts, in order.

        A part begins where the last one ended; where it does not, 409 tells by `offset` and Upload-Offset where that
        was. 202: parts are missing; 201: the file is complete; 200: it took the place of another.
        """
        acting = context()
        found = await run_in_threadpool(run_named, acting, run)
        length = request.headers.get("content-length", "")
        promised = int(length) if length.isdecimal() and len(length) < 16 else None
        part = part_of(content_range, promised)
        sent = await sent_files.receive_file(acting, found.id, path, part, request.stream(), sha256)
        shape = None if sent.artifact is None else _shape(run, sent.artifact)
        told = Upload(offset=sent.offset, total=sent.total, artifact=shape)
        status = 202 if shape is None else 201 if sent.is_new else 200
        headers = {"Upload-Offset": str(sent.offset)} | ({"Location": shape.url} if shape else {})
        return answered(told, status, headers=headers)

    @router.get("/runs/{run}/uploads/{path:path}", response_model=Upload)
    def read_upload(run: Reference, path: FileName, total: Annotated[int, Query(ge=0, lt=2**50)]) -> Response:
        """How much of a file of so many bytes has come in parts: where to go on."""
        acting = context()
        found = run_named(acting, run)
        offset = sent_files.received(acting, found.id, path, total)
        return answered(Upload(offset=offset, total=total, artifact=None), headers={"Upload-Offset": str(offset)})

    @router.delete("/runs/{run}/artifacts/{path:path}", status_code=204, response_class=Response)
    def remove_artifact(run: Reference, path: FileName) -> Response:
        """Remove a file that a client sent."""
        acting = context()
        found = run_named(acting, run)
        sent_files.remove_file(acting, found.id, path.removeprefix(f"{sent_files.FOLDER}/"))
        return Response(status_code=204)

    return router


def _file(context: Context, run_id: int, path: str) -> Path:
    try:
        return runs.artifact_file(context, run_id, path)
    except NotFoundError as error:
        try:
            return runs.artifact_file(context, run_id, f"{sent_files.FOLDER}/{path}")
        except NotFoundError:
            raise error from None


def _shape(run: str, artifact: ArtifactRecord) -> Artifact:
    known: dict[str, Any] = {name: getattr(artifact, name) for name in ("path", "name", "kind", "size", "created_at")}
    return Artifact(**known, url=f"/api/v1/runs/{run}/artifacts/{quote(artifact.path)}")
