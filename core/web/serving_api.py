"""What served models answer over HTTP: TensorFlow Serving's REST, the Open Inference Protocol, and demo pages."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from core.common.context import Context
from core.common.errors import DataError, NotFoundError, TraindeckError
from core.common.text import quoted, shortened
from core.inference.description import read
from core.serving import open_inference, tf_serving
from core.serving.chosen_export import PreparingError
from core.serving.door import ClosedDoorError
from core.serving.feedback import Given
from core.serving.frames import EXPLAIN
from core.serving.gateway import Gateway
from core.serving.questions import ANSWER, INFER, PREDICT
from core.serving.rate_limit import BusyError
from core.web import serving_documents as documents
from core.web.answers import Faults
from core.web.bodies import read_body
from core.web.bounds import Name
from core.web.demo_routes import demo_routes
from core.web.limits import BodyLimit
from core.web.served_requests import ServedRequests

MOST_BYTES = 16 * 1024**2  # of a request: a photograph as base64, or a thousand small pictures as numbers
_CALLS = {
    "predict": (PREDICT, documents.PREDICT),
    "answer": (ANSWER, documents.ANSWER),
    "explain": (EXPLAIN, documents.EXPLAIN),
}
_OF = {"": "/{name}", "_version": "/{name}/versions/{version}", "_label": "/{name}/labels/{version}"}  # a model
Key = Annotated[str, Header(alias="X-Routing-Key", max_length=200)]


def serving_mounts(gateway: Callable[[], Gateway], context: Callable[[], Context]) -> list[Mount | Route]:
    """To be routes of a server, beside its others."""
    requests = ServedRequests(gateway, context)
    routes = _Routes(requests)
    parts = {"/v1": routes.tensorflow(), "/v2": routes.open_inference(), "/demo": demo_routes(requests)}
    # The protocol's clients ask for it without a slash, and follow no redirection.
    whole = Route("/v2", lambda _: JSONResponse(open_inference.SERVER))
    return [whole, *(Mount(path, _api(router)) for path, router in parts.items())]


def _api(router: APIRouter) -> FastAPI:
    # Without pages of documentation: they would load their scripts from another host.
    api = FastAPI(title="Traindeck serving", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    api.add_middleware(BodyLimit, most=MOST_BYTES)
    _answer_errors(api)
    api.include_router(router)
    return api


def _documented(name: str, told: documents.Operation) -> dict[str, Any]:
    described = {"summary": told.summary, "description": told.description, "openapi_extra": told.document()}
    return described | {"operation_id": name}


class _Routes:
    def __init__(self, requests: ServedRequests) -> None:
        self._requests = requests

    def tensorflow(self) -> APIRouter:
        router = APIRouter(prefix="/models", tags=["TensorFlow Serving"])

        @router.get("/{name}")
        @router.get("/{name}/versions/{version}")
        @router.get("/{name}/labels/{version}")
        async def status(request: Request, name: Name, version: Name = "") -> dict[str, Any]:
            if ":" in (version or name):  # as no name has
                raise HTTPException(405, "A model is asked with POST, and a body. Use POST.", {"Allow": "POST"})
            endpoint = await self._requests.endpoint(request, name)
            if not version:
                return tf_serving.status(endpoint.versions())
            number = endpoint.named(version).number
            return tf_serving.status({number: endpoint.versions().get(number, "")})

        @router.get("/{name}/drift")
        async def drifted(request: Request, name: Name) -> dict[str, Any]:
            """Of each version whether what it is asked and what it answers is as in training, and since when not."""
            await self._requests.endpoint(request, name)
            return {"versions": await self._requests.drift(name)}

        @router.get("/{name}/metadata")
        @router.get("/{name}/versions/{version}/metadata")
        @router.get("/{name}/labels/{version}/metadata")
        async def metadata(request: Request, name: Name, version: Name = "") -> dict[str, Any]:
            chosen, folder = await self._requests.version(request, name, version)
            return tf_serving.metadata(name, chosen.number, await run_in_threadpool(read, folder))

        @router.post("/{name}:feedback", **_documented("feedback", documents.FEEDBACK))
        async def feedback(request: Request, name: Name) -> dict[str, Any]:
            endpoint = await self._requests.endpoint(request, name)
            return await self._requests.gateway().give_feedback(endpoint.model_id, await read_body(request, Given))

        for call, (code, document) in _CALLS.items():
            for which, path in _OF.items():
                how = _documented(f"{call}{which}", document)
                router.add_api_route(f"{path}:{call}", self._asked(code), methods=["POST"], **how)

        @router.post("/{name}:{call}", include_in_schema=False)
        @router.post("/{name}/versions/{version}:{call}", include_in_schema=False)
        @router.post("/{name}/labels/{version}:{call}", include_in_schema=False)
        async def unknown(call: Name) -> Response:
            accepted = ", ".join(f":{each}" for each in (*_CALLS, "feedback"))
            raise NotFoundError(f"There is no :{shortened(call)}; a model is asked with {accepted}.")

        return router

    def _asked(self, code: int) -> Callable[..., Any]:
        async def asked(request: Request, name: Name, version: Name = "", key: Key = "") -> Response:
            return await self._requests.answer(request, name, code, version, key)

        return asked

    def open_inference(self) -> APIRouter:
        router = APIRouter(tags=["Open Inference Protocol"])

        @router.get("/")
        def server() -> dict[str, Any]:
            return open_inference.SERVER

        @router.get("/health/live")
        def live() -> dict[str, bool]:
            return {"live": True}

        @router.get("/health/ready")
        async def ready() -> dict[str, bool]:
            for name in self._requests.gateway().names():
                await (await self._requests.gateway().endpoint(name)).ready()
            return {"ready": True}

        @router.get("/models/{name}/ready")
        @router.get("/models/{name}/versions/{version}/ready")
        async def is_ready(request: Request, name: Name, version: Name = "") -> dict[str, Any]:
            await self._requests.version(request, name, version)
            return {"name": name, "ready": True}

        @router.get("/models/{name}")
        @router.get("/models/{name}/versions/{version}")
        async def metadata(request: Request, name: Name, version: Name = "") -> dict[str, Any]:
            chosen, folder = await self._requests.version(request, name, version)
            return open_inference.metadata(name, [str(chosen.number)], await run_in_threadpool(read, folder))

        @router.post("/models/{name}/infer", **_documented("infer", documents.INFER))
        @router.post("/models/{name}/versions/{version}/infer", **_documented("infer_version", documents.INFER))
        async def infer(request: Request, name: Name, version: Name = "", key: Key = "") -> Response:
            return await self._requests.answer(request, name, INFER, version, key)

        return router


def _answer_errors(api: FastAPI) -> None:
    """As TensorFlow Serving says what is wrong: {"error": a sentence}."""
    api.add_middleware(Faults)

    @api.exception_handler(TraindeckError)
    def ours(_request: Request, error: TraindeckError) -> Response:
        match error:
            case NotFoundError():
                status = 404
            case DataError():
                status = 400
            case BusyError():
                status = 429
            case ClosedDoorError():
                status = 401
            case _:
                status = 503
        waits = {"Retry-After": "1"} if isinstance(error, BusyError | PreparingError) else {}
        return JSONResponse({"error": str(error)}, status, waits)

    @api.exception_handler(ClientDisconnect)
    def gone(_request: Request, _error: ClientDisconnect) -> Response:  # nobody is there to read it
        return Response(status_code=400)

    @api.exception_handler(RequestValidationError)
    def malformed(_request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"][1:]))
        received = quoted(first.get("input"), 60)
        return JSONResponse({"error": f"{shortened(where)}: {shortened(str(first['msg']))}; received {received}."}, 400)

    @api.exception_handler(HTTPException)
    def refused(_request: Request, error: HTTPException) -> Response:
        return JSONResponse({"error": shortened(str(error.detail))}, error.status_code, error.headers)
