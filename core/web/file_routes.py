"""GET /runs/…: files that runs leave."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response

from core import runs
from core.common.context import Context
from core.tracking.log_size import MOST_BYTES
from core.web.bounds import FileName, RunNumber


def file_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.get("/runs/{run_id}/artifacts/{name:path}")
    def artifact(run_id: RunNumber, name: FileName) -> FileResponse:
        path = runs.artifact_file(context(), run_id, name)
        return FileResponse(path, filename=f"run-{run_id}-{path.name}")

    @router.get("/runs/{run_id}/log")
    def log(run_id: RunNumber) -> Response:
        path = runs.log_file(context(), run_id)
        name, kind = f"run-{run_id}-log.txt", "text/plain; charset=utf-8"
        if path.stat().st_size > 2 * MOST_BYTES:  # of before logs were kept small
            return FileResponse(path, filename=name, media_type=kind)
        # Read at once: it grows, and may be cut, while it is sent, and then a promised length would be wrong.
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(path.read_bytes(), media_type=kind, headers=headers)

    return router
