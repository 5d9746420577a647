"""GET /docs: what the interface can be asked, drawn from its OpenAPI by a page of our own, without another host."""

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from core.common.context import Context
from core.common.errors import NotFoundError

_FOLDER = Path(__file__).parent / "docs"
_FILES = {"docs.js": "text/javascript", "docs.css": "text/css"}
_FRESH = {"Cache-Control": "no-cache"}


def docs_routes(_context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def page() -> FileResponse:
        return FileResponse(_FOLDER / "page.html", media_type="text/html", headers=_FRESH)

    @router.get("/docs/{name}")
    def file(name: str) -> FileResponse:
        if name not in _FILES:
            raise NotFoundError("There is no such file. The page is /api/docs.")
        return FileResponse(_FOLDER / name, media_type=_FILES[name], headers=_FRESH)

    return router
