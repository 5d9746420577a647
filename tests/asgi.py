"""Requests to an ASGI application within this process, byte for byte as a test says."""

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    app: ASGIApp,
    method: str,
    target: str,
    body: bytes = b"",
    headers: Headers = (),
    pieces: int = 1,
    kind: str = "http",
) -> Answer:
    """`pieces`: in how many the body comes. A refused WebSocket has the status of its close code, an open one 101."""
    with ThreadPoolExecutor(1) as other:  # where browser tests ran before in this process, it has an event loop
        return other.submit(lambda: asyncio.run(_ask(app, method, target, body, headers, pieces, kind))).result()


async def _ask(app: ASGIApp, method: str, target: str, body: bytes, headers: Headers, pieces: int, kind: str) -> Answer:
    path, _, query = target.partition("?")
    size = -(-len(body) // pieces) or 1
    parts = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    coming: list[Message] = [
        {"type": "http.request", "body": part, "more_body": number < len(parts)}
        for number, part in enumerate(parts, start=1)
    ]
    coming = [{"type": "websocket.connect"}] if kind == "websocket" else coming
    sent: list[Message] = []
    answered = asyncio.Event()

    async def receive() -> Message:
        if not coming and kind == "http":
            await answered.wait()  # as a client does, before it goes
        return coming.pop(0) if coming else {"type": f"{kind}.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            answered.set()

    scope = {
        "type": kind, "method": method, "path": unquote(path), "raw_path": path.encode(), "root_path": "",
        "scheme": "http", "query_string": query.encode(), "http_version": "1.1",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "extensions": {}, "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    first = sent[0]
    if kind == "websocket":
        return Answer(101 if first["type"] == "websocket.accept" else first["code"], {}, b"")
    return Answer(
        first["status"],
        {name.decode("latin-1"): value.decode("latin-1") for name, value in first["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )
