"""What answers for one version: a process, and another one in its place when that ends, without losing a question."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from core.common.text import first_line
from core.serving.frames import Frame
from core.serving.replica import Replica, ReplicaError

_TRIES = 3  # of one question: what ends three processes is not asked a fourth one
_SOON_SECONDS = 10.0  # a process that ends so soon after its start may do so again
_LONGEST_PAUSE = 30.0  # before one is started again that ended early time after time
DRAIN_SECONDS = 30.0  # for answers that are on their way when a version is replaced


class ClosedError(ReplicaError):
    """It answers no more, as another one does."""


class Answerer:
    """`prepare` starts the first process; it is started again for as long as nobody calls `close`."""

    def __init__(self, folder: Callable[[], Path], log: Path) -> None:
        """`folder` of the export, found anew for each process; it may raise TraindeckError."""
        self._folder, self._log = folder, log
        self._starting: asyncio.Task[Replica] | None = None
        self._replica: Replica | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._early = 0  # ends in a row soon after the start
        self._closed = False
        self.problem = ""  # why it cannot answer now
        self.restarts = 0
        self.format = ""
        self.pid = 0

    @property
    def is_ready(self) -> bool:
        return self._replica is not None and not self._replica.is_lost

    async def prepare(self) -> None:
        """Have it answer. Raises TraindeckError: it cannot."""
        await self._ready()

    async def ask(self, code: int, body: bytes) -> Frame:
        """Raises TraindeckError: no process can answer, or this question has ended each that was asked."""
        for _ in range(_TRIES):
            replica = await self._ready()
            try:
                return await replica.ask(code, body)
            except ReplicaError:
                continue
        raise ReplicaError(f"The process that answers ended {_TRIES} times at this question. {self._log} says more.")

    async def close(self) -> None:
        """What was asked is answered first."""
        self._closed = True
        tasks = [task for task in (self._keeping, self._starting) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        replica, self._replica = self._replica, None
        if replica is not None:
            await replica.end(DRAIN_SECONDS)

    async def _ready(self) -> Replica:
        if self._replica is not None and not self._replica.is_lost:
            return self._replica
        if self._closed:
            raise ClosedError("This process answers no more. Try again.")
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start())
        try:
            return await asyncio.shield(self._starting)  # whoever waits may go away; the process is for others, too
        except asyncio.CancelledError:
            if self._closed and self._starting.cancelled():
                raise ClosedError("This process answers no more. Try again.") from None
            raise

    async def _start(self) -> Replica:
        begun = time.monotonic()
        try:
            folder = await asyncio.to_thread(self._folder)
            replica = await Replica.started(folder, self._log)
        except Exception as error:
            self.problem = first_line(error)
            raise
        self.problem, self._replica = "", replica
        self.format, self.pid = str(replica.told["format"]), int(replica.told["pid"])
        self._keeping = asyncio.create_task(self._keep(replica, begun))
        return replica

    async def _keep(self, replica: Replica, begun: float) -> None:
        """When the process ends by itself, the next one is started at once, or later where that happens again."""
        how = await replica.lost()
        await replica.end(0.0)
        self.restarts += 1
        self._early = self._early + 1 if time.monotonic() - begun < _SOON_SECONDS else 0
        self.problem = f"its process ended: {how}"
        if self._early > 1:
            await asyncio.sleep(min(_LONGEST_PAUSE, 2.0**self._early))
        if not self.is_ready and (self._starting is None or self._starting.done()):
            self._starting = asyncio.create_task(self._start())
            self._starting.add_done_callback(lambda task: task.cancelled() or task.exception())
