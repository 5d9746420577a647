"""GET /models/…: what versions of trained models keep."""

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import FileResponse, StreamingResponse

from core import models
from core.common.context import Context
from core.models import exports
from core.models.zipped import zipped
from core.web.bounds import Name, RunNumber


def model_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.get("/models/{name}/versions/{number}/network")
    def network(name: Name, number: RunNumber) -> FileResponse:
        """The network as a file: of Keras, or as it was uploaded."""
        acting = context()
        version = models.named(models.get(acting, name), str(number))
        path = models.network_file(acting.workspace.settings, version)
        return FileResponse(path, filename=f"{name}-{number}{path.suffix}")

    @router.get("/models/{name}/versions/{number}/exports/{export}")
    def export(name: Name, number: RunNumber, export: Name) -> StreamingResponse:
        """An export as a zip, sent while it is made."""
        acting = context()
        version = models.named(models.get(acting, name), str(number))
        folder = exports.bundle(acting.workspace.settings, version, exports.get(acting, version, export))
        title = f"{name}-{number}-{export}"
        headers = {"content-disposition": f'attachment; filename="{title}.zip"'}
        return StreamingResponse(zipped(folder, title), media_type="application/zip", headers=headers)

    return router
