"""Processes that explain answers of a served model's versions, each beside the one that answers."""

import time
from collections.abc import Coroutine
from functools import partial
from typing import Any

from core.common.context import Context
from core.serving.answerer import Answerer
from core.serving.chosen_export import need_folder
from core.serving.frames import EXPLAIN, Frame
from core.serving.rate_limit import BusyError
from core.serving.replica import EXPLAINING
from db.registry_records import VersionRecord

IDLE_SECONDS = 300.0  # after which one is ended
_MOST = 4  # explanations at a time; they take longer than answers


class Explainers:
    """Of one model. A process is started when something is to be explained."""

    def __init__(self, context: Context, name: str) -> None:
        self._context, self._name = context, name
        self._answerers: dict[int, Answerer] = {}  # by version id
        self._asked_at: dict[int, float] = {}
        self._going = 0

    async def ask(self, version: VersionRecord, body: bytes) -> Frame:
        """Raises BusyError; TraindeckError: it cannot be explained now."""
        if self._going >= _MOST:
            raise BusyError(f"{_MOST} explanations of {self._name} are being made. Try again in a moment.")
        self._going += 1
        try:
            self._asked_at[version.id] = time.monotonic()
            if version.id not in self._answerers:
                log = self._context.workspace.settings.home / "serving.log"
                folder = partial(need_folder, self._context, version)
                self._answerers[version.id] = Answerer(folder, log, lambda _: None, EXPLAINING)
            return await self._answerers[version.id].ask(EXPLAIN, body)
        finally:
            self._going -= 1

    def ending(self, *, all_of_them: bool = False) -> list[Coroutine[Any, Any, None]]:
        """The ends, to be awaited, of those that nobody has asked for a while."""
        now = time.monotonic()
        over = [key for key in self._answerers if all_of_them or now - self._asked_at[key] > IDLE_SECONDS]
        return [self._answerers.pop(key).close() for key in over]
