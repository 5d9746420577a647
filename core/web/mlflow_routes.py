"""MLflow's REST interface: /api/2.0/mlflow, /api/3.0/mlflow, /api/2.0/mlflow-artifacts, some calls at the root."""

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from pydantic_core import PydanticSerializationError, to_json
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core.common import faults
from core.common.context import Context
from core.common.errors import TraindeckError
from core.mlflow import artifact_calls, artifact_files
from core.mlflow.artifact_paths import place_of
from core.mlflow.asked import Asked
from core.mlflow.calls import CALLS, LATER_CALLS, VERSION, Call
from core.mlflow.graph_calls import graph
from core.mlflow.mlflow_error import INTERNAL, INVALID, NO_SUCH_CALL, NOT_IMPLEMENTED, MlflowError, in_their_words
from core.mlflow.shapes import Written
from core.web.limits import BodyLimit, promised_bytes

MOST_BYTES = 32 * 1024**2  # of a request that is no file: schemas and profiles of data sets are long
_READ_BODIES = ("POST", "PATCH", "DELETE", "PUT")
Handler = Callable[[Request], Awaitable[Response]]
Get = Callable[[], Context]


def mlflow_routes(context: Get) -> list[BaseRoute]:
    """For the root of a server. `context` raises StoreError while there is no store."""
    calls, files = _application(_calls(context), limited=True), _application(_proxied(context), limited=False)
    sent = Route("/ajax-api/2.0/mlflow/upload-artifact", _receiving(context), methods=["POST"])
    later = _application([_server_info(), *_routes(context, LATER_CALLS)], limited=True)
    below = ("/api/2.0", "/ajax-api/2.0")  # clients ask the first, MLflow's own pages the second
    mounts = [
        Mount(f"{prefix}/{name}", app)
        for prefix in below
        for name, app in (("mlflow-artifacts", files), ("mlflow", calls))
    ]
    mounts += [Mount(f"{prefix}/mlflow", later) for prefix in ("/api/3.0", "/ajax-api/3.0")]
    return [sent, *mounts, *_at_root(context)]


class DirectCalls:
    """Middleware: answers calls of MLflow's clients, found by their address, past what Streamlit does for its pages.

    Their sessions, compression and lists of routes would take longer than most calls do. What is not known here, the
    application answers.
    """

    def __init__(self, app: ASGIApp, context: Get) -> None:
        self._app = app
        self._calls: dict[tuple[str, str], ASGIApp] = {}
        for version, calls in (("2.0", CALLS), ("3.0", LATER_CALLS)):
            for method, path, call in calls:
                if "{" not in path:
                    answer = BodyLimit(_alone(_answering(context, {method: call})), most=MOST_BYTES)
                    self._calls[method, f"/api/{version}/mlflow{path}"] = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = self._calls.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        await (known or self._app)(scope, receive, send)


def _alone(handler: Handler) -> ASGIApp:
    """The handler as an application of its own; it has no parts in its path."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handler(Request({**scope, "path_params": {}}, receive, send))
        await response(scope, receive, send)

    return answer


def _application(routes: list[BaseRoute], *, limited: bool) -> Starlette:
    middleware = [Middleware(BodyLimit, most=MOST_BYTES)] if limited else []
    return Starlette(
        routes=routes, middleware=middleware, exception_handlers={Exception: _fault, HTTPException: _refused}
    )


def _calls(context: Get) -> list[BaseRoute]:
    files = "/logged-models/{model_id}/artifacts/files"
    return [Route(files, _sending(context, artifact_calls.file_of_model)), *_routes(context, CALLS)]


def _routes(context: Get, calls: Iterable[tuple[str, str, Call]]) -> list[BaseRoute]:
    """One a path, since a path that fits with another method would be refused."""
    by_path: dict[str, dict[str, Call]] = {}
    for method, path, call in calls:
        by_path.setdefault(path, {})[method] = call
    return [Route(path, _answering(context, methods), methods=[*methods]) for path, methods in by_path.items()]


def _answering(context: Get, methods: dict[str, Call]) -> Handler:
    async def answer(request: Request) -> Response:
        if request.method in _READ_BODIES:
            asked = Asked.of_body(await request.body())
        else:
            asked = Asked.of_query(request.query_params.multi_items())
        asked = Asked({**asked.fields, **request.path_params}) if request.path_params else asked
        return await run_in_threadpool(_called, methods[request.method], context, asked)

    return _guarded(answer)


def _called(call: Call, context: Get, asked: Asked) -> Response:
    answer = call(context(), asked)
    if isinstance(answer, Written):
        return Response(answer.text, media_type="application/json")
    return _json(answer)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    try:
        body = to_json(content)  # a fifth of the time that json takes, which of a thousand runs is most of it
    except PydanticSerializationError:  # names of files may be no valid text
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    return Response(body, status, media_type="application/json")


def _guarded(handler: Handler) -> Handler:
    """Its errors are answered in MLflow's shape."""

    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except MlflowError as error:
            return _error(error)
        except TraindeckError as error:
            return _error(in_their_words(error))
        except ClientDisconnect:
            return _error(MlflowError("The client ended the upload."))
        except HTTPException as error:
            return await _refused(request, error)
        except Exception as error:  # noqa: BLE001 - told with a number, its traceback in the log
            return await _fault(request, error)

    return guarded


def _error(error: MlflowError) -> Response:
    content = {"error_code": error.code, "message": str(error)}
    return Response(json.dumps(content), error.status, media_type="application/json")  # in ASCII, whatever came in


async def _fault(_request: Request, error: Exception) -> Response:
    return _error(MlflowError(faults.told(faults.noted(error)), INTERNAL))


async def _refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: NO_SUCH_CALL, 405: NO_SUCH_CALL}.get(status, INVALID)
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    told = "Traindeck does not have this part of MLflow's interface." if code == NO_SUCH_CALL else detail
    return JSONResponse({"error_code": code, "message": told}, status)


def _proxied(context: Get) -> list[BaseRoute]:
    """PUT, GET, DELETE of files, and lists of folders."""

    async def put(request: Request) -> Response:
        now = context()
        place = await run_in_threadpool(place_of, now, request.path_params["path"])
        await artifact_files.receive(now, place, promised_bytes(request), request.stream())
        return _json({})

    def send(request: Request) -> Response:
        return _file(artifact_files.file_of(place_of(context(), request.path_params["path"])))

    def remove(request: Request) -> Response:
        now = context()
        artifact_files.remove(now, place_of(now, request.path_params["path"]))
        return _json({})

    def listed(request: Request) -> Response:
        return _json(artifact_calls.below_root(context(), request.query_params.get("path", "")))

    async def parts(_request: Request) -> Response:
        raise MlflowError("Uploads in parts are not supported: send the file with one PUT.", NOT_IMPLEMENTED)

    one = "/artifacts/{path:path}"
    return [
        Route("/artifacts", _threaded(listed)),
        Route(one, _guarded(put), methods=["PUT"]),
        Route(one, _threaded(send)),
        Route(one, _threaded(remove), methods=["DELETE"]),
        Route("/mpu/{step}/{path:path}", _guarded(parts), methods=["POST"]),
    ]


def _receiving(context: Get) -> Handler:
    """The body is the file."""

    async def receive(request: Request) -> Response:
        now, size = context(), promised_bytes(request)
        asked = Asked.of_query(request.query_params.multi_items())
        place = await run_in_threadpool(artifact_calls.new_file, now, asked)
        if not size:
            raise MlflowError("Request must specify data.")
        await artifact_files.receive(now, place, size, request.stream())
        return _json({})

    return _guarded(receive)


def _threaded(handler: Callable[[Request], Response]) -> Handler:
    async def answer(request: Request) -> Response:
        return await run_in_threadpool(handler, request)

    return _guarded(answer)


def _sending(context: Get, find: Callable[[Context, Asked], Any]) -> Handler:
    def send(request: Request) -> Response:
        asked = Asked.of_query(request.query_params.multi_items())
        return _file(find(context(), Asked({**asked.fields, **request.path_params})))

    return _threaded(send)


def _file(path: Any) -> Response:
    """Always to be saved: shown, a page among the files would act in this server's name."""
    answer = FileResponse(path, media_type=artifact_files.media_type(path), filename=path.name)
    if re.fullmatch(r"[\w.%+@-]+", path.name, re.ASCII):  # as MLflow writes it, whose names have a % of their own
        answer.headers["content-disposition"] = f"attachment; filename={path.name}"
    answer.headers["content-type"] = artifact_files.media_type(path)
    answer.headers["x-content-type-options"] = "nosniff"
    return answer


def _at_root(context: Get) -> list[BaseRoute]:
    def version(_request: Request) -> Response:
        return PlainTextResponse(VERSION)

    def health(_request: Request) -> Response:
        return PlainTextResponse("OK")

    limit = [Middleware(BodyLimit, most=MOST_BYTES)]
    return [
        Route("/graphql", _answering(context, {"POST": graph}), methods=["POST"], middleware=limit),
        Route("/version", _threaded(version)),
        Route("/health", _threaded(health)),
        Route("/get-artifact", _sending(context, artifact_calls.file_of_run)),
        Route("/model-versions/get-artifact", _sending(context, artifact_calls.file_of_version)),
    ]


def _server_info() -> BaseRoute:
    def server_info(_request: Request) -> Response:
        return _json({"store_type": "SqlStore", "workspaces_enabled": False})

    return Route("/server-info", _threaded(server_info))
