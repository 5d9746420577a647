"""GET /demo/NAME: a page on which anybody tries a served model, without the dashboard around it."""

import time
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from core.common.errors import NotFoundError
from core.inference.description import read
from core.serving.demo_page import described
from core.serving.door import COOKIE, ClosedDoorError
from core.serving.endpoint import Endpoint
from core.serving.feedback import Given
from core.serving.frames import EXPLAIN
from core.serving.options import Options
from core.serving.questions import ANSWER
from core.web.bodies import read_body
from core.web.bounds import Name
from core.web.served_requests import ServedRequests, address_of

_FOLDER = Path(__file__).parent / "demo"
_FILES = {"demo.js": "text/javascript", "draw.js": "text/javascript", "answers.js": "text/javascript"}
_FILES |= {"explanation.js": "text/javascript"}
_FILES |= {"inputs.js": "text/javascript", "demo.css": "text/css"}
# A demo may stand within any other page; beside that, it loads nothing but its own files.
DEMO_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors *",
    )
)


class Entered(BaseModel):
    password: Annotated[str, Field(max_length=200)]


def demo_routes(requests: ServedRequests) -> APIRouter:
    router = APIRouter(tags=["Demo"], include_in_schema=False)

    @router.get("/-/{name}")  # no model has such a name
    def file(name: str) -> Response:
        if name not in _FILES:
            raise NotFoundError("There is no such file.")
        return FileResponse(_FOLDER / name, media_type=_FILES[name], headers={"Cache-Control": "no-cache"})

    @router.get("/{name}")
    async def page(name: Name) -> Response:
        """The same document for each model; what it is about comes with `about`."""
        text = (_FOLDER / "page.html").read_text(encoding="utf-8")
        try:
            _require_valid((await requests.gateway().endpoint(name)).options)
        except NotFoundError as error:
            return HTMLResponse(text, 410 if isinstance(error, ExpiredError) else 404)
        return HTMLResponse(text, headers={"Cache-Control": "no-cache"})

    @router.get("/{name}/about")
    async def about(request: Request, name: Name) -> dict[str, Any]:
        endpoint = await _entered(request, name)
        version, folder = await requests.version(request, name)
        known = await run_in_threadpool(read, folder)
        return described(known, endpoint.options, folder, version.number)

    @router.post("/{name}/enter")
    async def enter(request: Request, name: Name) -> Response:
        given = await read_body(request, Entered)
        options = (await requests.gateway().endpoint(name)).options
        _require_valid(options)
        told = name, options, given.password, address_of(request)
        if options.password and not await run_in_threadpool(requests.door.is_password, *told):
            raise ClosedDoorError("This is not the password.")
        answer = JSONResponse({"status": "open"})
        secure = request.url.scheme == "https"  # without it, no browser sends it from within another site's page
        kind: Literal["none", "lax"] = "none" if secure else "lax"
        value = requests.door.cookie(name, options)
        answer.set_cookie(f"{COOKIE}{name}", value, httponly=True, secure=secure, samesite=kind, path="/")
        return answer

    @router.post("/{name}/answer")
    async def answer(request: Request, name: Name) -> Response:
        await _entered(request, name)
        return await requests.answer(request, name, ANSWER)

    @router.post("/{name}/explain")
    async def explain(request: Request, name: Name, version: Name = "") -> Response:
        """`version` is the number of the one that gave the answer, which may be a challenger."""
        await _entered(request, name)
        return await requests.answer(request, name, EXPLAIN, version)

    @router.post("/{name}/feedback")
    async def told(request: Request, name: Name) -> dict[str, Any]:
        endpoint = await _entered(request, name)
        return await requests.gateway().give_feedback(endpoint.model_id, await read_body(request, Given))

    async def _entered(request: Request, name: str) -> Endpoint:
        _require_valid((await requests.gateway().endpoint(name)).options)
        return await requests.endpoint(request, name)

    return router


class ExpiredError(NotFoundError):
    """The link was for a time that is over."""


def _require_valid(options: Options) -> None:
    if options.is_expired():
        assert options.expires_at is not None
        day = time.strftime("%Y-%m-%d %H:%M", time.gmtime(options.expires_at))
        raise ExpiredError(f"This demo ended on {day} UTC. Ask whoever sent you the link for a new one.")
