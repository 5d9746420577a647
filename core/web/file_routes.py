"""GET /runs/…: files that runs leave."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response

from core import runs
from core.common.context import Context
from core.runs.media import media_file, media_item
from core.tracking.log_size import MOST_BYTES
from core.web.bounds import FileName, RunNumber, Step

Kind = Literal["image", "figure", "text", "table", "histogram", "audio"]
Number = Annotated[int, Query(ge=0, lt=2**31)]
# None that a browser would run.
MEDIA_TYPES = {
    **{".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"},
    **{".bmp": "image/bmp", ".json": "application/json", ".txt": "text/plain", ".md": "text/plain"},
    **{".wav": "audio/wav", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".flac": "audio/flac", ".m4a": "audio/mp4"},
}


def file_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.get("/runs/{run_id}/artifacts/{name:path}")
    def artifact(run_id: RunNumber, name: FileName) -> FileResponse:
        path = runs.artifact_file(context(), run_id, name)
        return FileResponse(path, filename=f"run-{run_id}-{path.name}")

    @router.get("/runs/{run_id}/media")
    def shown(run_id: RunNumber, kind: Kind, name: FileName, step: Step, number: Number = 0) -> FileResponse:
        """What a run shows under a name at a step: a picture, a sound, a text, or JSON of the others."""
        item = media_item(context(), run_id, kind, name, step, number)
        path = media_file(context(), item)
        headers = {"x-content-type-options": "nosniff", "cache-control": "private, max-age=60"}
        return FileResponse(path, media_type=MEDIA_TYPES[path.suffix.lower()], headers=headers)

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
