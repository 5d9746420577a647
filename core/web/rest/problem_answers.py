"""What a refused request of /api/v1 is answered: application/problem+json, RFC 9457.

`error` repeats the sentence under the name that the other interfaces of this server give it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from core.common import errors, faults
from core.common.text import shortened
from core.runs.organising import ChangedError
from core.runs.search_error import SearchError
from core.runs.sent_files import OffsetError
from core.web.answers import MOST_PROBLEMS, problem_of, status_of

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/docs#Problems-"
_KINDS: tuple[tuple[type[errors.TraindeckError], str], ...] = (
    (ChangedError, "changed"),
    (OffsetError, "offset"),
    (SearchError, "search"),
    (errors.ForbiddenError, "forbidden"),
    (errors.NotFoundError, "not-found"),
    (errors.StateError, "state"),
    (errors.ConfigError, "config"),
    (errors.TooLargeError, "too-large"),
    (errors.DataError, "data"),
    (errors.StoreError, "store"),
)
TITLES = {
    "changed": "It was changed since you read it",
    "offset": "The part of the file does not begin where the last one ended",
    "search": "The search cannot be read",
    "forbidden": "You may not do this",
    "not-found": "There is no such thing",
    "state": "It is in a state in which this cannot be done",
    "config": "Something is wrong with what was sent, field by field",
    "too-large": "More was sent than is taken",
    "data": "What was sent cannot be used",
    "store": "The workspace cannot be used",
    "request": "The request is not as the interface has it",
    "key-reused": "The Idempotency-Key was used for another request",
    "in-progress": "The same request is just being carried out",
    "fault": "The server made a mistake",
    "refused": "The request was refused",
}


class ProblemField(BaseModel):
    """One thing wrong with what was sent."""

    field: str = Field(description='Its dotted place, such as "training.epochs"; "" for the whole.')
    message: str


class Problem(BaseModel):
    """Why a request was refused."""

    type: str = Field(description="What kind of problem; its text stands on the page of documentation.")
    title: str
    status: int
    detail: str = Field(description="For people: what was received, what is accepted, what to do next.")
    error: str = Field(description="The same as `detail`.")
    problems: list[ProblemField] = Field(description="Each thing that is wrong, at its field.")
    number: str | None = Field(None, description="Under which the server's log says more, of a mistake of its own.")
    offset: int | None = Field(None, description="Bytes of a file that are here, where a part begins elsewhere.")


def refusal(
    status: int,
    detail: str,
    kind: str = "refused",
    problems: Iterable[errors.Problem] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    told = [{"field": problem.field, "message": problem.message} for problem in problems]
    about = {"type": f"{TYPES}{kind}", "title": TITLES[kind], "status": status, "detail": detail, "error": detail}
    text = json.dumps({**about, "problems": told, **more})  # in ASCII, whatever came in
    return Response(text, status, dict(headers or {}), media_type=MEDIA_TYPE)


def refused_by(error: errors.TraindeckError) -> Response:
    """As an answer, by its class."""
    kind = next((name for each, name in _KINDS if isinstance(error, each)), "refused")
    problems = error.problems if isinstance(error, errors.ConfigError) else ()
    if isinstance(error, OffsetError):
        headers = {"Upload-Offset": str(error.offset)}
        return refusal(409, str(error), kind, headers=headers, offset=error.offset)
    return refusal(412 if isinstance(error, ChangedError) else status_of(error), str(error), kind, problems)


def answer_problems(api: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """Have all errors within this application answered so. `routes`: all that it has."""
    api.add_middleware(Mistakes)

    @api.exception_handler(errors.TraindeckError)
    def ours(_request: Request, error: errors.TraindeckError) -> Response:
        return refused_by(error)

    @api.exception_handler(ClientDisconnect)
    def gone(_request: Request, _error: ClientDisconnect) -> Response:  # nobody is there to read it
        return refusal(400, "The client ended the upload.")

    @api.exception_handler(RequestValidationError)
    def malformed(_request: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        problems = [problem_of(details) for details in found[:MOST_PROBLEMS]]
        detail = f"The request has {len(found)} problems; the first is {problems[0]}."
        return refusal(422, detail, "request", problems)

    @api.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        kind = {404: "not-found", 413: "too-large"}.get(error.status_code, "refused")
        if error.status_code != 405:
            return refusal(error.status_code, shortened(str(error.detail)), kind, headers=error.headers)
        allowed = ", ".join(_methods_at(routes, request))
        told = f"{shortened(request.method)} is nothing that this address takes; accepted are {allowed}."
        return refusal(405, told, kind, headers={"Allow": allowed})


def _methods_at(routes: Sequence[BaseRoute], request: Request) -> list[str]:
    """All that this path takes: Starlette tells those of the first route that fits only."""
    found = {
        method
        for route in routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in getattr(route, "methods", None) or ()
    }
    return sorted(found)


class Mistakes:
    """Middleware: what nobody foresaw is answered with a number, and its traceback goes to the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Any) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            number = faults.noted(error)
            if begun or scope["type"] != "http":
                raise
            await refusal(500, faults.told(number), "fault", number=number)(scope, receive, send)
