"""64 callers at once over HTTP, while processes are killed and the alias is moved: what is lost, and who gets what."""

import asyncio
import contextlib
import itertools
import json
import os
import signal
from collections import Counter
from typing import NamedTuple

import psutil

import db.serving
from core import models
from core.common.context import Context
from core.serving.options import Options
from tests.core.serving.conftest import AddVersion, add_version
from tests.core.web.test_serving_api import Served

__all__ = ["add_version"]

CALLERS, KILLS = 64, 3
ALL = 60.0  # seconds for whatever is waited for, on however slow a machine
RIGHT = {1: 0.25, 2: 0.75}  # by version: what it adds to the second number of a question


class Call(NamedTuple):
    asked: int
    status: int
    version: int
    answer: list[float]


class Callers:
    """Each with a connection of its own, asking the next number as soon as it has its answer."""

    def __init__(self, address: str) -> None:
        self.calls: list[Call] = []
        self.is_over = False
        self._address = address.rpartition(":")[0].removeprefix("http://"), int(address.rpartition(":")[2])
        self._numbers = itertools.count(1)

    async def one(self) -> None:
        reader, writer = await asyncio.open_connection(*self._address)
        with contextlib.closing(writer):
            while not self.is_over:
                number = next(self._numbers)
                body = json.dumps({"instances": [[number, 0]]})
                head = f"POST /v1/models/sides:predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}"
                writer.write(f"{head}\r\n\r\n{body}".encode())
                status, *told = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
                headers = dict(line.split(": ", 1) for line in told if line)
                answer = json.loads(await reader.readexactly(int(headers["content-length"])))
                version = int(headers.get("x-model-version", 0))
                self.calls.append(Call(number, int(status.split()[1]), version, answer.get("predictions", [[]])[0]))

    async def until(self, more: int, version: int = 0) -> None:
        """So many more answers have come, of that version."""
        seen = len(self.calls)
        async with asyncio.timeout(ALL):
            while sum(version in (0, each.version) for each in self.calls[seen:]) < more:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


def test_nothing_is_lost_and_each_answer_belongs_to_its_question_under_load(
    context: Context, add_version: AddVersion
) -> None:
    versions = {number: add_version("sides", right, echo=True) for number, right in RIGHT.items()}
    models.point(context, versions[1], "champion")
    server = Served(context, {"sides": Options()})

    async def go() -> list[Call]:
        callers = Callers(server.address)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(CALLERS):
                tasks.create_task(callers.one())
            try:
                for at in range(KILLS):
                    await callers.until(CALLERS)
                    for process in _answering():
                        os.kill(process.pid, signal.SIGKILL)
                    number = 2 - at % 2  # to the second version, back, and to it again
                    await asyncio.to_thread(models.point, context, versions[number], "champion")
                    await callers.until(CALLERS, number)
            finally:
                callers.is_over = True
        return callers.calls

    try:
        calls = asyncio.run(go())
    finally:
        server.end()

    assert {each.status for each in calls} == {200}
    assert all(each.answer == [each.asked + 1 - RIGHT[each.version], RIGHT[each.version]] for each in calls)
    assert {each.version for each in calls[-CALLERS // 2 :]} == {2}
    assert sorted(each.asked for each in calls) == list(range(1, len(calls) + 1))
    with context.workspace.read() as session:
        minutes = db.serving.minutes(session, versions[1].model_id, 0)
        kept = db.serving.requests(session, versions[1].model_id, 10)
    counted: Counter[int] = Counter()
    for each in minutes:
        counted[each.version_id] += each.requests
    assert counted == Counter(versions[each.version].id for each in calls)
    assert sum(each.errors for each in minutes) == 0
    assert (len(kept), "instances" in kept[0].asked) == (10, True)


def _answering() -> list[psutil.Process]:
    """The processes that answer, of the server in this process."""
    found = []
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "serving sides" in " ".join(process.cmdline()):
                found.append(process)
    return found
