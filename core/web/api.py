"""The HTTP interface under /api: what lives, how curves grow, files that runs leave and files that browsers send."""

import math
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse
from starlette.requests import ClientDisconnect

from core import runs
from core.common.context import Context
from core.common.errors import DataError, NotFoundError, StoreError, TraindeckError
from core.common.workspace import Workspace
from core.data.library import receive
from core.system.hosts import living_supervisor


def build_api(workspace: Callable[[], Workspace]) -> FastAPI:
    """`workspace` gives the open workspace, or raises StoreError while there is none."""
    api = FastAPI(title="Traindeck", docs_url="/docs", openapi_url="/openapi.json")

    def context() -> Context:
        """What every use case takes; made here alone. Who sends a request acts as the server's user."""
        return Context.of_shell(workspace())

    @api.exception_handler(TraindeckError)
    def say(_request: Request, error: TraindeckError) -> JSONResponse:
        statuses = {NotFoundError: 404, DataError: 422}
        return JSONResponse({"error": str(error)}, status_code=statuses.get(type(error), 503))

    @api.get("/health")
    def health() -> JSONResponse:
        """Whether server, database and supervisor are alive; status 503 when one is not."""
        report = health_report(workspace)
        alive = report["database"]["alive"] and report["supervisor"]["alive"]
        return JSONResponse({"alive": alive, **report}, status_code=200 if alive else 503)

    @api.post("/growth", include_in_schema=False)
    def growth(cursors: list[tuple[int, str, int, int, int]]) -> list[dict[str, Any] | None]:
        """For each (run, metric, step, count, sequence) that a chart has the points since, null where none came."""
        grown = runs.growth(context(), [runs.Cursor(*cursor) for cursor in cursors])
        return [None if each is None else _growth_json(each) for each in grown]

    @api.get("/runs/{run_id}/artifacts/{name:path}")
    def artifact(run_id: int, name: str) -> FileResponse:
        path = runs.artifact_file(context(), run_id, name)
        return FileResponse(path, filename=f"run-{run_id}-{path.name}")

    @api.get("/runs/{run_id}/log")
    def log(run_id: int) -> FileResponse:
        path = runs.log_file(context(), run_id)
        return FileResponse(path, filename=f"run-{run_id}-log.txt", media_type="text/plain; charset=utf-8")

    @api.put("/uploads/{inbox}", include_in_schema=False)
    async def upload(inbox: str, name: str, request: Request) -> JSONResponse:
        """The body is the file; what a page has no inbox for is refused, so that no other site can send anything."""
        size = request.headers.get("content-length", "")
        try:
            pieces = request.stream()
            sent = await receive(workspace().settings, inbox, name, int(size) if size.isdecimal() else 0, pieces)
        except ClientDisconnect:  # nobody is there to read an answer
            return JSONResponse({"error": "The browser ended the upload."}, status_code=400)
        return JSONResponse(asdict(sent))

    return api


def _growth_json(grown: runs.Growth) -> dict[str, Any]:
    points = grown.points
    return {
        "x": {"step": points.step.tolist(), "wall_time": points.wall_time.tolist()},
        "value": [value if math.isfinite(value) else None for value in points.value.tolist()],
        "step": grown.step,
        "count": grown.count,
        "sequence": grown.sequence,
        "rewritten": grown.rewritten,
    }


def health_report(workspace: Callable[[], Workspace]) -> dict[str, Any]:
    """Each part with `alive`, and for a dead one what is wrong."""
    report: dict[str, Any] = {"server": {"alive": True}, "supervisor": {"alive": False}}
    try:
        host = living_supervisor(workspace())
        report["database"] = {"alive": True}
    except StoreError as error:
        return report | {"database": {"alive": False, "error": str(error)}}
    if host is not None:
        report["supervisor"] = {"alive": True, "pid": host.pid, "heartbeat": host.heartbeat_at, "slots": host.slots}
        report["standby"] = host.standby.get("state", "off")
    return report
