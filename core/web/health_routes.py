"""GET /health: what lives."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from core.common.context import Context
from core.common.errors import StoreError
from core.system.hosts import living_supervisor


def health_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.get("/health")
    def health() -> JSONResponse:
        """Whether server, database and supervisor are alive; status 503 when one is not."""
        report = health_report(context)
        alive = report["database"]["alive"] and report["supervisor"]["alive"]
        return JSONResponse({"alive": alive, **report}, status_code=200 if alive else 503)

    return router


def health_report(context: Callable[[], Context]) -> dict[str, Any]:
    """Each part with `alive`, and for a dead one what is wrong."""
    report: dict[str, Any] = {"server": {"alive": True}, "supervisor": {"alive": False}}
    try:
        workspace = context().workspace
        host = living_supervisor(workspace)
        report["database"] = {"alive": True, **({"notice": workspace.notice} if workspace.notice else {})}
    except StoreError as error:
        return report | {"database": {"alive": False, "error": str(error)}}
    if host is not None:
        report["supervisor"] = {"alive": True, "pid": host.pid, "heartbeat": host.heartbeat_at, "slots": host.slots}
        report["standby"] = host.standby.get("state", "off")
    return report
