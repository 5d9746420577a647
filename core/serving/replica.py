"""A process that answers for one exported network, as the gateway has it: asked over a socket, several at a time."""

import asyncio
import contextlib
import itertools
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from core.common.errors import TraindeckError
from core.common.settings import PROJECT_ROOT
from core.serving.frames import COUNTED, HEAD, MOST_BYTES, READY, Frame
from core.system.process import describe_exit

Counted = Callable[[Mapping[str, Any]], None]  # is told what a process was asked, by the training profile's bins

OK = 200
ANSWERING, EXPLAINING = "core.serving.answering", "core.explain.explaining"  # programs that are asked
_START_SECONDS = 60.0  # in which a process must be able to answer
_ANSWER_SECONDS = 60.0  # for one question
_END_SECONDS = 5.0  # that it has for its end


class ReplicaError(TraindeckError):
    """A process that cannot answer: it did not start, or it ended."""


class SlowError(TraindeckError):
    """A question that takes too long; it is not asked again."""


class Replica:
    """Made by `started`. Questions are numbered; whoever asks waits for the answer with that number."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        counted: Counted,
    ) -> None:
        self._counted = counted
        self.told: dict[str, Any] = {}  # what the process said when it was ready: its pid, and the export's format
        self._process, self._reader, self._writer = process, reader, writer
        self._numbers = itertools.count(READY + 1)
        self._waiting: dict[int, asyncio.Future[Frame]] = {}
        self._ended = asyncio.Event()
        self._receiving: asyncio.Task[None] | None = None

    @classmethod
    async def started(cls, folder: Path, log: Path, counted: Counted, program: str = ANSWERING) -> "Replica":
        """Of the folder of an export. Raises ReplicaError."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=ours)
        process: subprocess.Popen[bytes] | None = None
        try:
            process = await asyncio.to_thread(_spawn, program, folder, theirs.fileno(), log)
            theirs.close()
            replica = cls(process, reader, writer, counted)
            await replica.greeted(log)
        except BaseException as error:
            theirs.close()
            writer.close()
            if process is not None:
                process.kill()
                await asyncio.to_thread(process.wait)
            if isinstance(error, OSError):
                raise ReplicaError(
                    f"The process that answers cannot be started ({error.strerror or error})."
                ) from error
            raise
        return replica

    @property
    def is_lost(self) -> bool:
        return self._ended.is_set()

    async def ask(self, code: int, body: bytes) -> Frame:
        """The answer, with an HTTP status. Raises ReplicaError: the process ended before it answered."""
        if self.is_lost or self._writer.is_closing():  # the latter, where another question has just found out
            await self._ended.wait()
            raise ReplicaError("The process that answers has ended.")
        number = next(self._numbers)
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._writer.write(Frame(number, code, body).packed())
            await self._writer.drain()
            async with asyncio.timeout(_ANSWER_SECONDS):
                return await answer
        except TimeoutError:
            self._process.kill()  # it hangs, for the others, too
            raise SlowError(f"There was no answer within {_ANSWER_SECONDS:g} s. Ask for less at a time.") from None
        except OSError as error:
            answer.cancel()  # nobody waits for it
            await self._ended.wait()  # so that whoever asks again does not ask this one
            raise ReplicaError("The process that answers has ended.") from error
        finally:
            self._waiting.pop(number, None)

    async def lost(self) -> str:
        """Waits for its end; returns how it ended."""
        await self._ended.wait()
        return describe_exit(await self._gone())

    async def end(self, seconds: float) -> None:
        """Let it answer what it was asked, so long at most, and end it."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._waiting and not self.is_lost:
                    await asyncio.wait(list(self._waiting.values()))
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        if self._receiving is not None:
            await self._receiving
        await self._gone()

    async def _gone(self) -> int:
        """Its exit code; killed where it does not end by itself."""
        try:
            return await asyncio.to_thread(self._process.wait, _END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return await asyncio.to_thread(self._process.wait)

    async def greeted(self, log: Path) -> None:
        """Waits until it can be asked. Raises ReplicaError: it cannot."""
        try:
            async with asyncio.timeout(_START_SECONDS):
                frame = await self._frame()
        except TimeoutError:
            raise ReplicaError(f"The process that answers was not ready within {_START_SECONDS:g} s.") from None
        except (asyncio.IncompleteReadError, OSError):
            code = await asyncio.to_thread(self._process.wait)
            told = f"The process that answers ended at its start: {describe_exit(code)}. {log.name} says more."
            raise ReplicaError(told) from None
        said = json.loads(frame.body)
        if frame.code != OK:
            raise ReplicaError(str(said["error"]))
        self.told = said
        self._receiving = asyncio.create_task(self._receive())

    async def _receive(self) -> None:
        try:
            while True:
                frame = await self._frame()
                if frame.number == READY and frame.code == COUNTED:
                    self._counted(json.loads(frame.body))
                answer = self._waiting.get(frame.number)
                if answer is not None and not answer.done():
                    answer.set_result(frame)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self._ended.set()
            self._writer.close()
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(ReplicaError("The process that answers has ended."))

    async def _frame(self) -> Frame:
        length, number, code = HEAD.unpack(await self._reader.readexactly(HEAD.size))
        if length > MOST_BYTES:
            raise OSError(f"{length:,} bytes are announced")
        return Frame(number, code, await self._reader.readexactly(length))


def _spawn(program: str, folder: Path, descriptor: int, log: Path) -> "subprocess.Popen[bytes]":
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", program, str(folder), str(descriptor), str(os.getpid())]
    with log.open("ab") as target:
        return subprocess.Popen(  # noqa: S603 - our own interpreter
            command, cwd=PROJECT_ROOT, pass_fds=[descriptor], stdin=subprocess.DEVNULL, stdout=target, stderr=target
        )
