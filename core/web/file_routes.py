"""GET /runs/…: files that runs leave."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import FileResponse

from core import runs
from core.common.context import Context
from core.web.bounds import FileName, RunNumber


def file_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.get("/runs/{run_id}/artifacts/{name:path}")
    def artifact(run_id: RunNumber, name: FileName) -> FileResponse:
        path = runs.artifact_file(context(), run_id, name)
        return FileResponse(path, filename=f"run-{run_id}-{path.name}")

    @router.get("/runs/{run_id}/log")
    def log(run_id: RunNumber) -> FileResponse:
        path = runs.log_file(context(), run_id)
        return FileResponse(path, filename=f"run-{run_id}-log.txt", media_type="text/plain; charset=utf-8")

    return router
