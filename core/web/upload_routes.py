"""PUT /uploads: files that browsers send."""

from collections.abc import Callable
from dataclasses import asdict

from fastapi import APIRouter, Request
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from core.common.context import Context
from core.runs import data_sets
from core.web.answers import refusal
from core.web.bounds import FileName, Name

UPLOADS = "/uploads/"


def upload_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.put(UPLOADS + "{inbox}", include_in_schema=False)
    async def upload(inbox: Name, name: FileName, request: Request) -> Response:
        """The body is the file; what a page has no inbox for is refused, so that no other site can send anything."""
        size = request.headers.get("content-length", "")
        promised = int(size) if size.isdecimal() and len(size) < 19 else 0
        try:
            sent = await data_sets.receive(context(), inbox, name, promised, request.stream())
        except ClientDisconnect:  # nobody is there to read an answer
            return refusal(400, "The browser ended the upload.")
        return JSONResponse(asdict(sent))

    return router
