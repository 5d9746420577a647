"""What answers for one version: a process, and another one in its place when that ends, without losing a question."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from core.common.errors import StoreError
from core.common.text import first_line
from core.serving.frames import Frame
from core.serving.replica import ANSWERING, Counted, Replica, ReplicaError

_TRIES = 3  # of one question: what ends three processes is not asked a fourth one
_SOON_SECONDS = 10.0  # a process that ends so soon after its start may do so again
_LONGEST_PAUSE = 30.0  # before one is started again that ended early time after time
DRAIN_SECONDS = 30.0  # for answers that are on their way when a version is replaced


class ClosedError(ReplicaError):
    """It answers no more, as another one does."""


class Answerer:
    """`prepare` starts the first process; it is started again for as long as nobody calls `close`."""

    def __init__(self, folder: Callable[[], Path], log: Path, counted: Counted, program: str = ANSWERING) -> None:
        """`folder` of the export, found anew for each process; it may raise TraindeckError."""
        self._folder, self._log, self._counted, self._program = folder, log, counted, program
        self._starting: asyncio.Task[Replica] | None = None
        self._replica: Replica | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._early = 0  # ends in a row soon after the start
        self._failed: ReplicaError | None = None  # why the last process did not start
        self._not_before = 0.0  # when the next one is tried
        self._last: Path | None = None  # where the export lay
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
        raise ReplicaError(
            f"The process that answers ended {_TRIES} times at this question. {self._log.name} says more."
        )

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
            if self._failed and time.monotonic() < self._not_before:
                raise ReplicaError(str(self._failed))
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
            folder = await asyncio.to_thread(self._found)
            replica = await Replica.started(folder, self._log, self._counted, self._program)
        except Exception as error:
            self.problem = first_line(error)
            if isinstance(error, ReplicaError):  # it ended, or hung: not to be tried with each question
                self._failed = error
                self._early += 1
                self._not_before = time.monotonic() + self._pause()
            raise
        self.problem, self._replica, self._failed = "", replica, None
        self.format, self.pid = str(replica.told["format"]), int(replica.told["pid"])
        self._keeping = asyncio.create_task(self._keep(replica, begun))
        return replica

    def _found(self) -> Path:
        """Where the export lies; while the store is away, where it lay."""
        try:
            self._last = self._folder()
        except StoreError:
            if self._last is None or not self._last.is_dir():
                raise
        return self._last

    async def _keep(self, replica: Replica, begun: float) -> None:
        """When the process ends by itself, the next one is started at once, or later where that happens again."""
        how = await replica.lost()
        await replica.end(0.0)
        self.restarts += 1
        self._early = self._early + 1 if time.monotonic() - begun < _SOON_SECONDS else 0
        self.problem = f"its process ended: {how}"
        if self._early > 1:
            await asyncio.sleep(self._pause())
        while not self._closed and not self.is_ready:
            with contextlib.suppress(Exception):  # which is this answerer's problem by then
                await self._ready()
                return  # another one keeps that process
            await asyncio.sleep(max(1.0, self._pause()))

    def _pause(self) -> float:
        """Seconds, the longer the more processes ended early in a row."""
        return min(_LONGEST_PAUSE, 2.0**self._early)
