"""Versions are asked, switched, killed and tried beside each other, with real processes; no question is lost."""

import asyncio
import contextlib
import json
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import numpy as np
import psutil
import pytest

import db.registry
import db.serving
from core import models
from core.common.context import Context
from core.common.errors import NotFoundError
from core.inference.description import read
from core.serving import served
from core.serving import training_profile as profile
from core.serving.chosen_export import need_folder
from core.serving.drift import drift
from core.serving.endpoint import Answer
from core.serving.feedback import Given
from core.serving.gateway import Asking, Gateway
from core.serving.options import Options, ServingError, options_of
from core.serving.questions import ANSWER, PREDICT
from core.serving.rate_limit import BusyError
from core.serving.replica import Replica, ReplicaError
from core.serving.version_usage import agreement, compared
from tests.core.serving.conftest import AddVersion, network_of

BODY = json.dumps({"instances": [[1, 2]]}).encode()
ALL = 60.0  # seconds for whatever is waited for, on however slow a machine


def prediction(answer: Answer) -> Any:
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["answers"][0]["prediction"]


@contextlib.asynccontextmanager
async def at_work(context: Context) -> AsyncIterator[Gateway]:
    gateway = Gateway(lambda: context)
    running = asyncio.create_task(gateway.run())
    try:
        yield gateway
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(ALL):
        while not await what():  # noqa: ASYNC110 - processes and rows, which set no event here
            await asyncio.sleep(0.02)


async def answer(gateway: Gateway, **how: str) -> Answer:
    return await gateway.ask("sides", Asking(ANSWER, BODY, **how))


async def _is(found: bool) -> bool:
    return found


def test_a_version_that_cannot_start_leaves_the_one_before_at_work(context: Context, add_version: AddVersion) -> None:
    first, broken = add_version("sides", right=0.1), add_version("sides")
    network_of(context, broken).write_bytes(b"no network")
    models.point(context, first, "champion")
    served.serve(context, "sides", Options())

    async def go() -> None:
        async with at_work(context) as gateway:
            assert prediction(await answer(gateway)) == "left"
            await asyncio.to_thread(models.point, context, broken, "champion")
            endpoint = await gateway.endpoint("sides")
            await until(lambda: _is("main" in endpoint.report()["problems"]))
            assert (await answer(gateway)).version == 1
            await until(lambda: _is(bool(_report(context).get("problems"))))

    asyncio.run(go())


def _report(context: Context) -> dict[str, Any]:
    record = served.record(context, "sides")
    assert record is not None
    return record.report


def test_a_share_goes_to_the_challenger_and_the_same_key_to_the_same_version(
    context: Context, add_version: AddVersion
) -> None:
    models.point(context, add_version("sides", right=0.1), "champion")
    challenger, third = add_version("sides", right=0.9), add_version("sides")
    split = Options(challenger=str(challenger.number), share=0.3)
    served.serve(context, "sides", split)

    async def go() -> tuple[Counter[int], list[set[int]]]:
        async with at_work(context) as gateway:
            endpoint = await gateway.endpoint("sides")
            await until(lambda: _is(len(endpoint.versions()) == 2))
            keys = {str(n): {(await answer(gateway, key=str(n))).version for _ in range(2)} for n in range(200)}
            found = Counter(next(iter(each)) for each in keys.values()), list(keys.values())

            for options in (Options(challenger=str(third.number), mode="shadow"), split):
                endpoint.follow(served.everything(context, {"sides": options})[0])
                assert set(endpoint.report()["roles"]) == {"main"}, "none is asked on the terms of another"
            await until(lambda: _is(endpoint.report()["roles"].get("challenger", {}).get("version") == 2))

            async def is_told() -> bool:
                told = endpoint.report()
                used = {role: each["version"] for role, each in told["roles"].items()}
                return used == {"main": 2} and "version 2, is the version that answers now" in told["note"]

            models.point(context, challenger, "champion")  # who is tried beside itself is no challenger any more
            await until(is_told)
            return found

    counted, by_key = asyncio.run(go())
    with pytest.raises(ServingError, match="there is no challenger any more"):
        served.serve(context, "sides", Options(challenger="2"))

    assert all(len(each) == 1 for each in by_key)
    assert 35 <= counted[2] <= 85  # of 200, 30 %: the same keys each time, so that this is no chance


def test_a_shadow_is_asked_and_not_heard(context: Context, add_version: AddVersion) -> None:
    first = add_version("sides", right=0.1)
    models.point(context, first, "champion")
    challenger = add_version("sides", right=0.9)
    for version in (first, challenger):
        folder, draw = need_folder(context, version), np.random.default_rng(0)
        profile.write(folder, profile.made(read(folder), draw.random((200, 2)), draw.random((200, 2))))
    served.serve(context, "sides", Options(challenger=str(challenger.number), mode="shadow"))

    async def go() -> None:
        async with at_work(context) as gateway:
            endpoint = await gateway.endpoint("sides")
            await until(lambda: _is(len(endpoint.versions()) == 2))
            answers = [await answer(gateway) for _ in range(20)]
            await gateway.ask("sides", Asking(PREDICT, BODY))  # which names no class
            assert {prediction(each) for each in answers} == {"left"}

            async def both_are_stored() -> bool:
                counted = Counter(each.role for each in await asyncio.to_thread(_minutes) for _ in range(each.requests))
                return counted == {"main": 21, "shadow": 21}

            await until(both_are_stored)

            async def both_are_counted() -> bool:
                return [each.examples for each in await asyncio.to_thread(drift, context, "sides")] == [21, 21]

            await until(both_are_counted)
            found = await asyncio.to_thread(agreement, context, first.model_id, first.id, challenger.id)
            assert found is not None
            assert (found.alike, found.answers, found.low) == (0, 20, 0.0)
            assert 0.1 < found.high < 0.4
            for each in answers:
                await gateway.give_feedback(first.model_id, Given(id=each.id, label="right"))

    def _minutes() -> Any:
        with context.workspace.read() as session:
            return db.serving.minutes(session, first.model_id, 0)

    asyncio.run(go())
    split = compared(context, first.model_id, first.id, challenger.id)
    assert split is not None
    assert (split.main, split.challenger, split.is_decided) == (0.0, 1.0, True)


def test_versions_can_be_asked_for_by_number_and_by_alias_and_an_odd_question_ends_nothing(
    context: Context, add_version: AddVersion
) -> None:
    models.point(context, add_version("sides", right=0.1), "champion")
    add_version("sides", right=0.9)
    served.serve(context, "sides", Options())

    async def go() -> None:
        async with at_work(context) as gateway:
            assert prediction(await answer(gateway, version="2")) == "right"
            assert prediction(await answer(gateway, version="champion")) == "left"
            with pytest.raises(NotFoundError, match="no version '7'"):
                await answer(gateway, version="7")
            with pytest.raises(NotFoundError, match="'side' is served here"):
                await gateway.ask("side", Asking(ANSWER, BODY))
            odd = await gateway.ask("sides", Asking(ANSWER, b'{"instances": [["a", {}]]}'))
            assert odd.status == 400
            assert prediction(await answer(gateway)) == "left"

    asyncio.run(go())


def test_a_model_that_is_served_no_more_is_not_found_and_its_processes_end(
    context: Context, add_version: AddVersion
) -> None:
    models.point(context, add_version("sides"), "champion")
    served.serve(context, "sides", Options(per_second=0.001))

    async def go() -> None:
        async with at_work(context) as gateway:
            await answer(gateway)
            with pytest.raises(BusyError, match=r"0\.001 requests a second"):
                await answer(gateway)
            pid = (await gateway.endpoint("sides")).report()["roles"]["main"]["pid"]
            await asyncio.to_thread(served.stop, context, "sides")

            async def is_gone() -> bool:
                with contextlib.suppress(NotFoundError):
                    await gateway.endpoint("sides")
                    return False
                return not psutil.pid_exists(pid)

            await until(is_gone)

    asyncio.run(go())


def test_feedback_is_kept_with_the_answer_it_is_about(context: Context, add_version: AddVersion) -> None:
    version = add_version("sides")
    models.point(context, version, "champion")
    served.serve(context, "sides", Options())

    async def go() -> None:
        async with at_work(context) as gateway:
            found = await answer(gateway)
            await gateway.give_feedback(version.model_id, Given(id=found.id, correct=False, label="right"))
            with pytest.raises(NotFoundError, match="is kept of this model"):
                await gateway.give_feedback(version.model_id, Given(id="0" * 32, correct=True))

    asyncio.run(go())

    with context.workspace.read() as session:
        (kept,) = db.serving.requests(session, version.model_id, 10)
    assert kept.feedback["correct"] is False
    assert kept.feedback["label"] == "right"


def test_unknown_names_do_not_read_the_store_each_time(context: Context) -> None:
    looks = []

    async def go() -> None:
        gateway = Gateway(lambda: looks.append(1) or context)  # type: ignore[func-returns-value]
        found = await asyncio.gather(*(gateway.endpoint(str(n)) for n in range(100)), return_exceptions=True)
        assert all(isinstance(each, NotFoundError) for each in found)

    began = time.monotonic()
    asyncio.run(go())
    assert len(looks) <= 1 + (time.monotonic() - began) / 0.25


def test_what_is_to_be_served_must_be_there(context: Context, add_version: AddVersion) -> None:
    add_version("sides")
    with pytest.raises(NotFoundError, match="no model 'side'"):
        served.serve(context, "side", Options())
    with pytest.raises(NotFoundError, match="no version 'champion'"):
        served.serve(context, "sides", Options())
    with pytest.raises(NotFoundError, match="is not served"):
        served.stop(context, "sides")
    with pytest.raises(ServingError, match="cannot be read"):
        options_of({"share": 7})


def test_what_is_tried_beside_another_version_fails_for_nobody(context: Context, add_version: AddVersion) -> None:
    models.point(context, add_version("sides", right=0.1), "champion")
    challenger = add_version("sides", right=0.9)
    served.serve(context, "sides", Options(challenger=str(challenger.number), share=1.0))

    async def go() -> None:
        async with at_work(context) as gateway:
            endpoint = await gateway.endpoint("sides")
            await until(lambda: _is(len(endpoint.versions()) == 2))
            assert (await answer(gateway)).version == 2
            network_of(context, challenger).write_bytes(b"no network")
            os.kill(endpoint.report()["roles"]["challenger"]["pid"], signal.SIGKILL)
            assert (await answer(gateway)).version in (1, 2)  # it may not have died yet
            await until(lambda: _is(bool(endpoint.versions()[2])))
            assert prediction(await answer(gateway)) == "left"
            with context.workspace.write() as session:
                db.registry.delete_version(session, challenger.id)
            await until(lambda: _is(list(endpoint.versions()) == [1]))

    asyncio.run(go())


def test_questions_to_a_process_that_was_killed_are_written_to_no_closed_socket(
    context: Context, add_version: AddVersion, caplog: pytest.LogCaptureFixture
) -> None:
    folder = need_folder(context, add_version("sides"))

    async def run() -> None:
        replica = await Replica.started(folder, context.workspace.settings.home / "serving.log", lambda _: None)
        pid = int(replica.told["pid"])
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222 - the loop must not learn of it
        # All at once: the event loop learns of the end by the first of them.
        found = await asyncio.gather(*(replica.ask(ANSWER, BODY) for _ in range(20)), return_exceptions=True)
        assert {type(each) for each in found} == {ReplicaError}
        await replica.end(0.0)

    asyncio.run(run())
    assert not [each.message for each in caplog.records if each.name == "asyncio"]
