"""One served model: its versions that answer, and which of them a request goes to."""

import asyncio
import contextlib
import random
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from core.common.context import Context
from core.common.errors import NotFoundError, TraindeckError
from core.models.naming import named
from core.runs.location import is_this_host
from core.serving.answerer import Answerer, ClosedError
from core.serving.chosen_export import PreparingError, folder_to_serve, need_folder
from core.serving.explainers import IDLE_SECONDS, Explainers
from core.serving.feedback import CHALLENGER, MAIN, SHADOW, shadow_of
from core.serving.options import Options, place
from core.serving.questions import ANSWER
from core.serving.rate_limit import BusyError, RateLimit
from core.serving.served import Served, same_version
from core.serving.traffic import Traffic, predicted
from core.serving.traffic_windows import Windows
from db.registry_records import ModelRecord, VersionRecord

ASKED_FOR, EXPLAINED = "asked", "explained"  # roles, beside those of versions
MOST_WAITING = 1000  # requests at a time; more would wait for longer than whoever asks
_LONGEST_PAUSE = 30.0  # before a version that cannot answer is tried again
_MOST_SHADOWS = 100  # at a time; a challenger that is slower than the main version is not asked everything
_MOST_NAMED = 3  # versions that answer because somebody asked for them by number


@dataclass(frozen=True)
class _Failed:
    version_id: int
    times: int  # in a row
    not_before: float  # when it is tried again


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    version: int  # number of the version that gave it
    id: str = ""  # by which feedback is given; "" where the question was not kept


class Endpoint:
    """`follow` tells it how the model is to be served; it starts and ends processes accordingly."""

    def __init__(self, context: Context, model_id: int, name: str, traffic: Traffic, windows: Windows) -> None:
        self.model_id, self.name = model_id, name
        self.options = Options()
        self._context, self._traffic, self._windows = context, traffic, windows
        self._model: ModelRecord | None = None
        self._answerers: dict[int, Answerer] = {}  # by version id
        self._explainers = Explainers(context, name)
        self._roles: dict[str, VersionRecord] = {}  # versions in use, by role
        self._problems: dict[str, TraindeckError] = {}  # why a version that is to be in use is not, by role
        self._switching: dict[str, asyncio.Task[None]] = {}
        self._wanted: dict[str, int] = {}  # ids of versions that are to be in use, by role
        self._coming: dict[str, int] = {}  # of those that are brought up
        self._failed: dict[str, _Failed] = {}  # by role
        self._named_at: dict[int, float] = {}  # when a version was asked for by its number or alias, by its id
        self._tasks: set[asyncio.Task[None]] = set()  # of shadows, and of processes that are being ended
        self._waiting, self._closed = 0, False
        self._rate = RateLimit()

    def follow(self, served: Served) -> None:
        """Take over how it is to be served. The version that answers goes on until the next one can."""
        is_new, self.options, self._model = served.options.trial != self.options.trial, served.options, served.model
        self._switch(MAIN, served.options.reference)
        self._switch(CHALLENGER, "" if same_version(served.model, served.options) else served.options.challenger)
        tried = self._roles.get(CHALLENGER)
        if is_new and tried is not None and tried.id != self._wanted.get(CHALLENGER):
            self._roles.pop(CHALLENGER)  # it was not meant for the terms that hold now
        self._end_unused()

    async def ask(self, code: int, body: bytes, version: str = "", key: str = "") -> Answer:
        """Raises NotFoundError: no such version; BusyError; TraindeckError: it cannot answer now."""
        self._take_turn()
        self._waiting += 1
        try:
            role, chosen = (ASKED_FOR, self._named(version)) if version else await self._chosen(key)
            try:
                answer = await self._asked(role, chosen, code, body)
            except TraindeckError:
                if role != CHALLENGER or MAIN not in self._roles:
                    raise
                role = MAIN  # what is only tried must not fail for anybody
                answer = await self._asked(role, self._roles[MAIN], code, body)
        finally:
            self._waiting -= 1
        other = self._roles.get(CHALLENGER) if role == MAIN and self.options.mode == "shadow" else None
        if other is not None and len(self._tasks) < _MOST_SHADOWS:
            self._begin(self._shadowed(other, code, body, answer.id and shadow_of(answer.id)))
        return answer

    async def explain(self, body: bytes, version: str = "", key: str = "") -> Answer:
        """Why it answers as it does, the version that whoever has this key is answered by. Raises as `ask` does."""
        self._take_turn()
        chosen = self.named(version) if version else (await self._chosen(key))[1] if key else await self.ready()
        started, status = time.perf_counter(), 503
        try:
            frame = await self._explainers.ask(chosen, body)
            status = frame.code
        finally:
            milliseconds = 1000 * (time.perf_counter() - started)
            self._traffic.note(self.model_id, chosen.id, EXPLAINED, milliseconds, status, ())
        return Answer(frame.code, frame.body, chosen.number)

    def require_room(self) -> None:
        """Before a body is read. Raises BusyError."""
        if self._waiting >= MOST_WAITING:
            raise BusyError(f"{MOST_WAITING:,} requests wait for {self.name} already. Try again in a moment.")

    def is_here(self) -> bool:
        """Whether this host has the files of the version that is to answer, so that this server speaks for it."""
        with contextlib.suppress(TraindeckError):
            if self._model is not None:
                version = named(self._model, self.options.reference)
                return is_this_host(self._context.workspace.settings, version.host)
        return True

    async def ready(self) -> VersionRecord:
        """The main version, once it can answer. Raises TraindeckError: it cannot, and why."""
        if MAIN not in self._roles and (task := self._switching.get(MAIN)):
            await asyncio.wait([task])
        if MAIN not in self._roles:
            if self._closed:
                raise NotFoundError(f"{self.name} is served no more.")
            raise self._problems.get(MAIN) or PreparingError(f"{self.name} is not ready to answer yet. Try again.")
        return self._roles[MAIN]

    def versions(self) -> Mapping[int, str]:
        """Numbers of the versions in use, and why one cannot be asked, "" where it can."""
        return {
            version.number: "" if self._answerers[version.id].is_ready else self._answerers[version.id].problem
            for version in self._roles.values()
            if version.id in self._answerers
        }

    def report(self) -> dict[str, Any]:
        """For the pages: what answers now, and what is wrong."""
        told = {}
        for role, version in self._roles.items():
            answerer = self._answerers.get(version.id)
            if answerer is not None:
                told[role] = {
                    "version": version.number,
                    "format": answerer.format,
                    "pid": answerer.pid,
                    "ready": answerer.is_ready,
                    "restarts": answerer.restarts,
                    "problem": answerer.problem,
                }
        problems = {role: str(error) for role, error in self._problems.items()}
        note = same_version(self._model, self.options) if self._model else ""
        return {"roles": told, "problems": problems, "note": note, "switching": sorted(self._switching)}

    async def close(self) -> None:
        self._closed = True
        switching = list(self._switching.values())
        for task in switching:
            task.cancel()
        await asyncio.gather(*switching, *self._tasks, return_exceptions=True)
        answerers, self._answerers, self._roles = list(self._answerers.values()), {}, {}
        ending = [*(each.close() for each in answerers), *self._explainers.ending(all_of_them=True)]
        await asyncio.gather(*ending, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _switch(self, role: str, reference: str) -> None:
        """Begin to have another version in a role, where it is another."""
        self._wanted.pop(role, None)
        if not reference:
            self._problems.pop(role, None)
            self._roles.pop(role, None)
            return
        assert self._model is not None
        try:
            version = named(self._model, reference)
        except TraindeckError as error:
            self._problems[role] = error
            there = {each.id for each in self._model.versions}
            if (current := self._roles.get(role)) and (role != MAIN or current.id not in there):
                self._roles.pop(role)  # of a name that is gone the version goes on answering, if that is there
            return
        self._wanted[role], current = version.id, self._roles.get(role)
        if current is not None and current.id == version.id:
            self._problems.pop(role, None)
        elif role not in self._switching and not self._is_put_off(role, version):
            self._coming[role] = version.id
            self._switching[role] = asyncio.create_task(self._bring(role, version))
            self._switching[role].add_done_callback(lambda _: self._switching.pop(role, None))

    async def _bring(self, role: str, version: VersionRecord) -> None:
        try:
            await self._answerer(version).prepare()
        except TraindeckError as error:
            self._coming.pop(role, None)
            self._problems[role] = error
            if not isinstance(error, PreparingError):
                times = self._failed[role].times + 1 if role in self._failed else 1
                self._failed[role] = _Failed(version.id, times, time.monotonic() + min(_LONGEST_PAUSE, 2.0**times))
            self._end_unused()
            return
        self._problems.pop(role, None)
        self._failed.pop(role, None)
        self._coming.pop(role, None)
        if role == MAIN or self._wanted.get(role) == version.id:
            self._roles[role] = version
        self._end_unused()

    def _is_put_off(self, role: str, version: VersionRecord) -> bool:
        """Of a version that could not be brought up a moment ago."""
        failed = self._failed.get(role)
        if failed is not None and failed.version_id != version.id:
            self._failed.pop(role)
            return False
        return failed is not None and time.monotonic() < failed.not_before

    def _answerer(self, version: VersionRecord) -> Answerer:
        if self._closed:
            raise NotFoundError(f"{self.name} is served no more.")
        found = self._answerers.get(version.id)
        if found is None:
            log = self._context.workspace.settings.home / "serving.log"
            noted = partial(self._windows.note, self.model_id, version.id)
            found = Answerer(lambda: self._folder(version), log, noted)
            self._answerers[version.id] = found
        return found

    def _folder(self, version: VersionRecord) -> Path:
        """Only for a version that is to be in use an export is made: anybody may ask for others by their numbers."""
        if version.id in (*self._coming.values(), *(each.id for each in self._roles.values())):
            return folder_to_serve(self._context, version)
        return need_folder(self._context, version)

    def _end_unused(self) -> None:
        """Versions that were in a role and are no longer; those that were asked for by number stay a while."""
        used = {version.id for version in self._roles.values()} | set(self._coming.values())
        used |= {key for key, at in self._named_at.items() if time.monotonic() - at < IDLE_SECONDS}
        for key in [key for key in self._answerers if key not in used]:
            self._begin(self._answerers.pop(key).close())
        for end in self._explainers.ending():
            self._begin(end)

    def named(self, version: str) -> VersionRecord:
        """By number or alias. Raises NotFoundError."""
        assert self._model is not None
        return named(self._model, version)

    def _named(self, version: str) -> VersionRecord:
        found = self.named(version)
        self._named_at[found.id] = time.monotonic()
        for old in sorted(self._named_at, key=self._named_at.__getitem__)[:-_MOST_NAMED]:
            self._named_at.pop(old)  # its process ends at the next look
        return found

    async def _chosen(self, key: str) -> tuple[str, VersionRecord]:
        """Role and version for a request that names none."""
        other = self._roles.get(CHALLENGER)
        if other is not None and self.options.mode == "split" and place(self.name, key) < self.options.share:
            return CHALLENGER, other
        return MAIN, await self.ready()

    async def _asked(self, role: str, version: VersionRecord, code: int, body: bytes, number: str = "") -> Answer:
        started = time.perf_counter()
        try:
            try:
                frame = await self._answerer(version).ask(code, body)
            except ClosedError:  # it was replaced in this very moment
                frame = await self._answerer(version).ask(code, body)
        except TraindeckError:
            self._traffic.note(self.model_id, version.id, role, 1000 * (time.perf_counter() - started), 503, ())
            raise
        milliseconds = 1000 * (time.perf_counter() - started)
        answers = predicted(frame.body) if code == ANSWER and frame.code < 400 else ()
        self._traffic.note(self.model_id, version.id, role, milliseconds, frame.code, answers)
        kept = ""
        if number or (role != SHADOW and random.random() < self.options.kept_share):  # noqa: S311 - a sample
            told = (self.model_id, version.id, role, milliseconds, frame.code, body, frame.body, number)
            kept = self._traffic.keep(*told)
        return Answer(frame.code, frame.body, version.number, kept)

    async def _shadowed(self, version: VersionRecord, code: int, body: bytes, number: str) -> None:
        with contextlib.suppress(TraindeckError):  # counted as an error of the shadow, which nobody waits for
            await self._asked(SHADOW, version, code, body, number)

    def _take_turn(self) -> None:
        """Raises BusyError."""
        self.require_room()
        self._rate.take(self.name, self.options.per_second)
