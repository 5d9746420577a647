"""All models that a server serves: which version answers a request, and processes started, switched and ended."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import db.serving
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted
from core.serving.endpoint import Answer, Endpoint
from core.serving.feedback import Given, give
from core.serving.options import Options
from core.serving.served import Served, everything
from core.serving.traffic import Traffic
from core.serving.traffic_windows import Windows
from core.tracking.trouble import Trouble

_LOOK_SECONDS = 1.0  # between two looks at what is to be served
_UNKNOWN_SECONDS = 0.25  # between two looks for names that are not served
_STORE_SECONDS = 2.0  # between two times that traffic and reports are stored
_TIDY_SECONDS = 3600.0  # between two times that old questions are removed
_LONGEST_PAUSE = 10.0


@dataclass(frozen=True)
class Asking:
    """A request, as it comes in."""

    code: int  # one of core.serving.questions.ASKED
    body: bytes
    version: str = ""  # number or alias; "" leaves it to how the model is served
    key: str = ""  # of whoever asks: the same key is answered by the same version


class Gateway:
    """In the event loop of one server. `run` keeps it at work."""

    def __init__(self, context: Callable[[], Context], only: Mapping[str, Options] | None = None) -> None:
        """`context` may raise StoreError; `only` serves these models so, None all that are to be served."""
        self._context = context
        self._only = only
        self._endpoints: dict[str, Endpoint] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._traffic, self._windows = Traffic(), Windows()
        self._stored_at = self._tidied_at = 0.0
        self._looking = asyncio.Lock()  # one look at a time, so that an old one takes nothing back
        self._looked_at = -_UNKNOWN_SECONDS  # when the last look began that is over

    async def run(self) -> None:
        """Until it is cancelled; processes end with it, after they have answered."""
        trouble = Trouble("What is to be served cannot be read, trying again", _LONGEST_PAUSE)
        try:
            while True:
                pause = _LOOK_SECONDS
                try:
                    await self._look()
                    trouble.over("What is to be served can be read again.")
                except Exception as error:  # noqa: BLE001 - a store that is away: what is served goes on meanwhile
                    pause = max(pause, trouble.tell(error))
                await asyncio.sleep(pause)
        finally:
            ending = [each.close() for each in self._endpoints.values()]
            await asyncio.gather(*ending, *self._ending, return_exceptions=True)
            with contextlib.suppress(Exception):  # whatever the store says, the server ends
                context = await asyncio.to_thread(self._context)
                await asyncio.to_thread(self._traffic.store, context.workspace)
                await asyncio.to_thread(self._windows.store, context, [])

    async def ask(self, name: str, asking: Asking) -> Answer:
        """Raises NotFoundError: no such model is served; TraindeckError: no version can answer now."""
        endpoint = await self.endpoint(name)
        return await endpoint.ask(asking.code, asking.body, asking.version, asking.key)

    async def explain(self, name: str, asking: Asking) -> Answer:
        """Raises as `ask` does."""
        return await (await self.endpoint(name)).explain(asking.body, asking.version, asking.key)

    async def endpoint(self, name: str) -> Endpoint:
        """Raises NotFoundError."""
        if name not in self._endpoints:  # it may be served since a moment
            await self._look(at_most=_UNKNOWN_SECONDS)
        found = self._endpoints.get(name)
        if found is None:
            raise NotFoundError(f"No model {quoted(name, 80)} is served here. Look at its name, or at the Models page.")
        return found

    async def give_feedback(self, model_id: int, given: Given) -> dict[str, Any]:
        """Of an answer that may have been given a moment ago. Raises NotFoundError, DataError, StoreError."""
        context = await asyncio.to_thread(self._context)
        await asyncio.to_thread(self._traffic.store, context.workspace)
        return await asyncio.to_thread(give, context, model_id, given)

    def names(self) -> list[str]:
        return list(self._endpoints)

    async def _look(self, at_most: float = 0.0) -> None:
        """`at_most`: seconds since the last look began in which there is none, whoever asks for unknown names."""
        async with self._looking:
            begun = time.monotonic()
            if begun - self._looked_at >= at_most:
                await self._follow()
                self._looked_at = begun

    async def _follow(self) -> None:
        context = await asyncio.to_thread(self._context)
        served = await asyncio.to_thread(everything, context, self._only)
        wanted = {each.record.model: each for each in served}
        for name in [name for name in self._endpoints if self._is_gone(name, wanted)]:
            task = asyncio.create_task(self._endpoints.pop(name).close())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)
        for name, each in wanted.items():
            endpoint = self._endpoints.get(name)
            if endpoint is None:
                noted = self._traffic, self._windows
                endpoint = self._endpoints[name] = Endpoint(context, each.record.model_id, name, *noted)
            endpoint.follow(each)
        now = time.monotonic()
        if now - self._stored_at > _STORE_SECONDS:
            self._stored_at = now
            await self._store(context, served)
        if self._only is None and now - self._tidied_at > _TIDY_SECONDS:
            self._tidied_at = now
            await asyncio.to_thread(_tidy, context, served)

    def _is_gone(self, name: str, wanted: dict[str, Served]) -> bool:
        """Served no more, or another model has its name now."""
        return name not in wanted or wanted[name].record.model_id != self._endpoints[name].model_id

    async def _store(self, context: Context, served: list[Served]) -> None:
        """Traffic; and reports, which are those of the server that has the dashboard and the files."""
        here = [each for each in self._endpoints.values() if self._only is None and each.is_here()]
        await asyncio.to_thread(_report, context, {each.model_id: each.report() for each in here})
        await asyncio.to_thread(self._traffic.store, context.workspace)
        await asyncio.to_thread(self._windows.store, context, served)


def _report(context: Context, reports: Mapping[int, dict[str, Any]]) -> None:
    with context.workspace.write() as session:
        for model_id, told in reports.items():
            db.serving.report(session, model_id, told)


def _tidy(context: Context, served: list[Served]) -> None:
    """Also of models that are served no more."""
    days = {each.record.model_id: each.options.kept_days for each in served}
    with context.workspace.write() as session:
        for model_id in db.serving.models_asked(session):
            kept = days.get(model_id, Options().kept_days)
            db.serving.forget(session, model_id, time.time() - 86400 * kept)
