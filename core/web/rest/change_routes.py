"""What changed: the history from some event on, and the same as it comes about, as server-sent events."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from core.common.context import Context
from core.common.errors import StateError, StoreError
from core.runs.events import PassedOver, newest_event, since
from core.web.bounds import Name
from core.web.rest.etags import answered
from core.web.rest.run_shapes import NumberedEvent, numbered_shape
from db.records import EventRecord

TICK_SECONDS = 0.5  # between two looks whether there is something new, all listeners together
HEARTBEAT_SECONDS = 15.0
MOST_LISTENERS = 100
_MOST = 500  # events that are sent at once
_STREAM = {"text/event-stream": {"schema": {"type": "string"}}}
Kind = Literal["run", "experiment", "data set", "model", "setting"]
Position = Annotated[int, Query(ge=0, lt=2**31, description="The id of an event; what came after it is told.")]


class Events(BaseModel):
    """In the order in which they came about; `next` is `since` of the page that follows."""

    events: list[NumberedEvent]
    next: int = Field(description="The id of the last one, or `since` where there is none.")


class Newest:
    """The number of the newest event, read once a tick however many ask."""

    def __init__(self, context: Callable[[], Context]) -> None:
        self._context = context
        self._read_at, self._number = -TICK_SECONDS, 0
        self.listeners = 0

    async def number(self) -> int:
        """Raises StoreError."""
        if time.monotonic() - self._read_at >= TICK_SECONDS:
            self._read_at = time.monotonic()
            self._number = await run_in_threadpool(lambda: newest_event(self._context()))
        return self._number


def change_routes(context: Callable[[], Context]) -> APIRouter:
    router = APIRouter(tags=["Changes"])
    newest = Newest(context)

    @router.get("/events", response_model=Events)
    def read_events(
        after: Annotated[Position, Query(alias="since")] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        kind: Kind | None = None,
        key: Annotated[Name | None, Query(description="A run's number, the name of any other.")] = None,
    ) -> Response:
        """The history: who changed what, from some event on."""
        found = since(context(), after, limit, kind, key)
        following = found[-1][0] if found else after
        return answered(Events(events=[numbered_shape(*each) for each in found], next=following))

    @router.get(
        "/changes",
        response_class=StreamingResponse,
        responses={200: {"description": "Without an end", "content": _STREAM}},
    )
    async def follow_changes(
        after: Annotated[Position | None, Query(alias="since")] = None,
        last: Annotated[
            str | None,
            Header(alias="Last-Event-ID", pattern=r"^[0-9]{1,9}$", description="As `since`, on coming back."),
        ] = None,
    ) -> Response:
        """What changes from now on, or from an event on: each as a server-sent event of its kind, with its id.

        A comment comes every 15 seconds when nothing does. The stream ends with the server; browsers come back.
        """
        begin = int(last) if last is not None else after
        if newest.listeners >= MOST_LISTENERS:
            raise StateError(f"{MOST_LISTENERS} listeners are here already. Ask /events now and then.")
        begin = await newest.number() if begin is None else begin
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(context, newest, begin), media_type="text/event-stream", headers=headers)

    return router


async def _stream(context: Callable[[], Context], newest: Newest, sent: int) -> AsyncIterator[str]:
    """Holds no connection to the database: each look is a short one of its own."""
    newest.listeners += 1
    try:
        yield "retry: 2000\n\n"
        spoke_at, passed_over = time.monotonic(), PassedOver()
        while not _server_ends():
            if passed_over.are_any:
                for number, event in await run_in_threadpool(lambda: passed_over.come(context())):
                    yield _told(number, event)  # without an id: who comes back goes on after the greatest
                    spoke_at = time.monotonic()
            if await newest.number() > sent:
                position = sent
                found = await run_in_threadpool(lambda: since(context(), position, _MOST))  # noqa: B023 - called at once
                if found:
                    passed_over.note(sent, [number for number, _ in found])
                for number, event in found:
                    yield f"id: {number}\n{_told(number, event)}"
                    sent = number
                spoke_at = time.monotonic()
            elif time.monotonic() - spoke_at >= HEARTBEAT_SECONDS:
                yield ": nothing new\n\n"
                spoke_at = time.monotonic()
            await asyncio.sleep(TICK_SECONDS)
    except StoreError:  # whoever comes back is told so by a status
        return
    finally:
        newest.listeners -= 1


def _told(number: int, event: EventRecord) -> str:
    data = json.dumps(numbered_shape(number, event).model_dump(mode="json"))
    return f"event: {event.kind.replace(' ', '-')}\ndata: {data}\n\n"


def _server_ends() -> bool:
    """Whether the server that runs this waits for its requests to end, which it tells nobody.

    uvicorn's handler of signals is a method of its server.
    """
    handler = signal.getsignal(signal.SIGTERM)
    return bool(getattr(getattr(handler, "__self__", None), "should_exit", False))
