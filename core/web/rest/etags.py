"""Answers as JSON with an ETag, 304 for those who have it already, and If-Match for those who change what they read.

The ETag of a run has two halves: what people wrote about it, and all that is told of it. A change asks for the first
only, since of a run that trains the second is another one each second.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.runs.organising import ChangedError

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=2000, description="Change it only if it still has one of these ETags."),
]
_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def answered(
    model: BaseModel, status: int = 200, *, version: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """`version`: another one whenever people changed what the answer tells of."""
    body = model.model_dump_json(exclude_unset=True).encode()
    tag = hashlib.sha256(body).hexdigest()[:16]
    told = {"ETag": f'"{version}-{tag}"' if version else f'"{tag}"', "Cache-Control": "no-cache", **(headers or {})}
    return Response(body, status, told, media_type="application/json")


def expected_versions(if_match: str | None) -> tuple[str, ...]:
    """First halves of the ETags of an If-Match, () where any will do. Raises ChangedError: of no ETag of ours."""
    if if_match is None or if_match.strip() == "*":
        return ()
    found = tuple(tag.partition("-")[0] for tag in _TAG.findall(if_match))
    if not found:
        raise ChangedError("If-Match holds no ETag. Send the one that came with what you read, in quotes.")
    return found


def require_match(if_match: str | None, current: Response) -> None:
    """Raises ChangedError: what is there now has none of the ETags that were asked for."""
    if if_match is None or if_match.strip() == "*":
        return
    if current.headers["etag"].strip('"') not in _TAG.findall(if_match):
        raise ChangedError("It was changed since you read it. Read it again, and repeat your change.")


class NotModified:
    """Middleware: an answer that the client says it has, by If-None-Match, is not sent again."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope).get("if-none-match") if scope["type"] == "http" else None
        if asked is None or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        left_out = False

        async def sent(message: Message) -> None:
            nonlocal left_out
            if message["type"] == "http.response.start" and message["status"] in (200, 206):
                headers = [each for each in message["headers"] if each[0] != b"content-length"]
                tag = next((value.decode("latin-1") for name, value in headers if name == b"etag"), "")
                if tag and (asked.strip() == "*" or tag.strip('"') in _TAG.findall(asked)):
                    left_out = True
                    await send({**message, "status": 304, "headers": headers})
                    await send({"type": "http.response.body", "body": b""})
            if not left_out:
                await send(message)

        await self._app(scope, receive, sent)
