"""GET /models/…: what versions of trained models keep."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import FileResponse

from core import models
from core.common.context import Context
from core.web.bounds import Name, RunNumber


def model_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.get("/models/{name}/versions/{number}/network")
    def network(name: Name, number: RunNumber) -> FileResponse:
        """The network as a file of Keras."""
        acting = context()
        version = models.named(models.get(acting, name), str(number))
        path = models.network_file(acting.workspace.settings, version)
        return FileResponse(path, filename=f"{name}-{number}.keras")

    return router
