"""A request to a served model, by whichever route it came: whether it may ask, which version it means, the answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from core.common.context import Context
from core.common.errors import DataError
from core.common.text import quoted
from core.serving.chosen_export import need_folder
from core.serving.door import Door
from core.serving.drift import drift, told
from core.serving.endpoint import Endpoint
from core.serving.frames import EXPLAIN
from core.serving.gateway import Asking, Gateway
from core.serving.questions import BINARY, INFER, LENGTH
from db.registry_records import VersionRecord


class ServedRequests:
    """Of one server; what takes long is kept out of its event loop."""

    def __init__(self, gateway: Callable[[], Gateway], context: Callable[[], Context]) -> None:
        self.gateway, self._context = gateway, context
        self.door = Door()

    async def endpoint(self, request: Request, name: str) -> Endpoint:
        """Raises NotFoundError: no such model is served; ClosedDoorError: it has a password."""
        found = await self.gateway().endpoint(name)
        if found.options.password:
            brought = request.cookies, _as_meant(request.headers.get("authorization", "")), address_of(request)
            await run_in_threadpool(self.door.require_open, name, found.options, *brought)
        return found

    async def version(self, request: Request, name: str, version: str = "") -> tuple[VersionRecord, Path]:
        """By number or alias, "" for the one that answers; with the folder of its export. Raises TraindeckError."""
        endpoint = await self.endpoint(request, name)
        chosen = endpoint.named(version) if version else await endpoint.ready()
        return chosen, await run_in_threadpool(lambda: need_folder(self._context(), chosen))

    async def drift(self, name: str) -> list[dict[str, Any]]:
        """As JSON data, by version. Raises TraindeckError."""
        return await run_in_threadpool(lambda: [told(each) for each in drift(self._context(), name)])

    async def answer(self, request: Request, name: str, code: int, version: str = "", key: str = "") -> Response:
        """What the request's body asks. Raises TraindeckError."""
        (await self.endpoint(request, name)).require_room()
        asked = self.gateway().explain if code == EXPLAIN else self.gateway().ask
        body = await request.body()
        if code == INFER and (length := request.headers.get(LENGTH, "")):
            if not length.isdecimal() or len(length) > 18:
                raise DataError(f"{LENGTH} is how many bytes of the body are JSON; received {quoted(length)}.")
            # The data of tensors come after the JSON, as they are in memory.
            code, body = code + BINARY, int(length).to_bytes(8) + body
        found = await asked(name, Asking(code, body, version, key))
        headers = {"X-Model-Version": str(found.version)} | ({"X-Request-Id": found.id} if found.id else {})
        return Response(found.body, found.status, headers, "application/json")


def _as_meant(header: str) -> str:
    """As UTF-8, which curl and most others send, where it is that; as it was read, in Latin-1, where not."""
    try:
        return header.encode("latin-1").decode()
    except ValueError:
        return header


def address_of(request: Request) -> str:
    """Of whoever asks, or of the proxy between, where that is not told apart."""
    return request.client.host if request.client else ""
