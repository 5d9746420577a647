"""How much a request may bring."""

import re

from fastapi import HTTPException, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.web.answers import refusal

MOST_BYTES = 1024**2  # of a body; a question about a thousand curves has a tenth


def promised_bytes(request: Request) -> int:
    """Bytes of the body by its header, 0 where nobody knows."""
    size = request.headers.get("content-length", "")
    return int(size) if size.isdecimal() and len(size) < 19 else 0


class BodyLimit:
    """Middleware: counts a body as it is read, and refuses one that is too long; files have a limit of their own."""

    def __init__(self, app: ASGIApp, unlimited: re.Pattern[str] | None = None, most: int = MOST_BYTES) -> None:
        """`unlimited`: the paths, within the application, that are left alone."""
        self._app = app
        self._unlimited = unlimited
        self._most = most
        self._too_long = f"The request's body is too long: at most {most:,} bytes are read. Ask for less at a time."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or (self._unlimited and self._unlimited.fullmatch(path)):
            await self._app(scope, receive, send)
            return
        promised = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not promised.isdigit() or len(promised) > 18 or int(promised) > self._most:
            await refusal(413, self._too_long)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                raise HTTPException(413, self._too_long)
            return message

        await self._app(scope, counted, send)
