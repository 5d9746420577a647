"""Streamlit's browser code, handed out from memory: a first visit asks for about a hundred small files.

Streamlit opens each in a thread (8 ms of the server's time, 0.3 ms here), and the page cannot begin before the last.
"""

import mimetypes
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

_FOLDER = Path(get_static_dir())
_KEPT = {"Cache-Control": "public, immutable, max-age=31536000"}  # their names change with their content


class Frontend:
    """Middleware: answers for files under /static, and leaves the rest to the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in _files()
        await (_response(scope["path"]) if known else self._app)(scope, receive, send)


@cache
def _files() -> frozenset[str]:
    """The addresses there are: nothing else is ever looked for on the disk."""
    found = (_FOLDER / "static").rglob("*")
    return frozenset(f"/{path.relative_to(_FOLDER).as_posix()}" for path in found if path.is_file())


@cache
def _response(address: str) -> Response:
    kind = mimetypes.guess_type(address)[0] or "application/octet-stream"
    return Response((_FOLDER / address.removeprefix("/")).read_bytes(), media_type=kind, headers=_KEPT)
