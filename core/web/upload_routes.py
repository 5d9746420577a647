"""PUT /uploads: files that browsers send."""

from collections.abc import Callable
from dataclasses import asdict

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from core.common.context import Context
from core.runs import data_sets
from core.web.bounds import FileName, Name
from core.web.limits import promised_bytes


def upload_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter()

    @router.put("/uploads/{inbox}", include_in_schema=False)
    async def upload(inbox: Name, name: FileName, request: Request) -> Response:
        """The body is the file; what a page has no inbox for is refused, so that no other site can send anything."""
        sent = await data_sets.receive(context(), inbox, name, promised_bytes(request), request.stream())
        return JSONResponse(asdict(sent))

    return router
