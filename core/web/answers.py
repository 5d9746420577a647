"""What a refused request is answered, whoever refuses it: a status and one shape of JSON.

`error` is a sentence for people; `problems` has each thing wrong with the request, as field and message; `number` is
where the log says more, null unless it was the server's fault.
"""

import json
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.common import faults
from core.common.errors import (
    ConfigError,
    DataError,
    ForbiddenError,
    NotFoundError,
    Problem,
    StateError,
    StoreError,
    TooLargeError,
    TraindeckError,
)
from core.common.text import quoted, shortened

# The first that fits, so that an error is answered as the class that it is derived from.
_STATUSES: tuple[tuple[type[TraindeckError], int], ...] = (
    (ForbiddenError, 403),
    (NotFoundError, 404),
    (StateError, 409),
    (ConfigError, 422),
    (TooLargeError, 413),
    (DataError, 422),
    (StoreError, 503),
    (TraindeckError, 400),
)
MOST_PROBLEMS = 20


def refusal(status: int, error: str, problems: Iterable[Problem] = (), number: str | None = None) -> Response:
    told = [{"field": problem.field, "message": problem.message} for problem in problems]
    text = json.dumps({"error": error, "problems": told, "number": number})  # in ASCII, whatever came in
    return Response(text, status, media_type="application/json")


def status_of(error: TraindeckError) -> int:
    return next(status for kind, status in _STATUSES if isinstance(error, kind))


def answer_errors(api: FastAPI) -> None:
    """Have all errors within this application answered."""
    api.add_middleware(Faults)

    @api.exception_handler(TraindeckError)
    def ours(_request: Request, error: TraindeckError) -> Response:
        return refusal(status_of(error), str(error), error.problems if isinstance(error, ConfigError) else ())

    @api.exception_handler(ClientDisconnect)
    def gone(_request: Request, _error: ClientDisconnect) -> Response:  # nobody is there to read it
        return refusal(400, "The client ended the upload.")

    @api.exception_handler(RequestValidationError)
    def malformed(_request: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        problems = [problem_of(details) for details in found[:MOST_PROBLEMS]]
        return refusal(422, f"The request has {len(found)} problems; the first is {problems[0]}.", problems)

    @api.exception_handler(HTTPException)
    def refused(_request: Request, error: HTTPException) -> Response:
        answer = refusal(error.status_code, shortened(str(error.detail)))
        answer.headers.update(error.headers or {})
        return answer


def problem_of(details: Any) -> Problem:
    """Of one of the details of a RequestValidationError."""
    field = ".".join(str(part) for part in details["loc"][1:])  # the first says whether path, query or body
    received = quoted(details.get("input"), 60)
    return Problem(shortened(field), f"{shortened(str(details['msg']))}; received {received}")


class Faults:
    """Middleware: what nobody foresaw is answered with a number, and its traceback goes to the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            number = faults.noted(error)
            if begun or scope["type"] != "http":
                raise
            await refusal(500, faults.told(number), number=number)(scope, receive, send)
