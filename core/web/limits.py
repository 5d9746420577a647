"""How much a request may bring."""

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.web.answers import refusal

MOST_BYTES = 1024**2  # of a body; a question about a thousand curves has a tenth


class BodyLimit:
    """Middleware: counts a body as it is read, and refuses one that is too long; uploads have a limit of their own."""

    def __init__(self, app: ASGIApp, unlimited: str) -> None:
        """`unlimited`: the beginning of the paths, within the application, that are left alone."""
        self._app = app
        self._unlimited = unlimited

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", "")).removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or path.startswith(self._unlimited):
            await self._app(scope, receive, send)
            return
        promised = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not promised.isdigit() or len(promised) > 18 or int(promised) > MOST_BYTES:
            await refusal(413, _TOO_LONG)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                raise HTTPException(413, _TOO_LONG)
            return message

        await self._app(scope, counted, send)


_TOO_LONG = f"The request's body is too long: at most {MOST_BYTES:,} bytes are read. Ask for less at a time."
