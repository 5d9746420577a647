"""A run that a script reports."""

import json
import os
import sys
import time
from collections.abc import Iterable, Mapping
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any

from .harmless import harmless
from .notices import tell
from .outlet import Outlet
from .run_habits import Habits
from .run_values import Config, Summary, new_params
from .script_end import last_line, watch
from .shown_values import pictures_in
from .told_values import Quoted, clean, flat, label, leaves, mapping, prose, received, single, words

SERVER = "http://localhost:8501"
STATES = ("finished", "stopped", "failed")
_THEIR_STATES = {"killed": "stopped", "crashed": "failed", "success": "finished"}  # of MLflow's and W&B's
MODES = ("online", "offline", "off")

_current: "Run | None" = None
_finished: "Run | None" = None  # the last, which takes nothing more
_experiment = ""  # of runs that are started without one


def current() -> "Run | None":
    """The run that was started last and has not ended."""
    return _current


def running() -> "Run":
    """The current run; else the one that was finished, which tells that it takes nothing more; else a new one."""
    return _current or _finished or start()


def set_experiment(name: str) -> None:
    """Of the runs that are started from now on without one."""
    global _experiment
    _experiment = label(name)


def _end_current(state: str, reason: str) -> None:
    if _current is not None:
        _current.finish(state, reason)


def start(
    name: str = "",
    experiment: str = "",
    params: Any = None,
    *,
    tags: Iterable[str] = (),
    notes: str = "",
    server: str | None = None,
    mode: str | None = None,
) -> "Run":
    """Begin a run; the one before it ends, as a notebook seldom says so. What cannot be taken of it is told, and left.

    Args:
        name: of the run; the script's own when empty.
        experiment: the group that it belongs to; "default" when empty.
        params: a mapping, a dataclass or a pydantic model; nested ones become `a.b`.
        tags: words to find it by.
        notes: Markdown.
        server: its address; `TRAINDECK_URL`, or http://localhost:8501, when not given.
        mode: "online", "offline" (kept on disk for `python -m traindeck sync`) or "off" (does nothing);
            `TRAINDECK_MODE`, or online, when not given.
    """
    global _current, _finished
    if _current is not None:
        _current.finish(before=label(name) or "another")
    _finished = None
    chosen = str(mode or os.environ.get("TRAINDECK_MODE") or "online")
    problems = [] if chosen in MODES else [f"mode is one of {', '.join(MODES)}; received {chosen!r}, taken is online"]
    try:
        known = flat(params)
    except Exception as error:  # noqa: BLE001 - whatever it is
        problems, params, known = [*problems, f"the params are not logged: {error}"], None, {}
    begin = {
        "name": label(name) or label(Path(sys.argv[0] or "script").stem),
        "experiment": label(experiment) or _experiment,
        "params": known,
        "tags": words(tags),
        "notes": prose(notes),
        "began_at": time.time(),
    }
    address = server or os.environ.get("TRAINDECK_URL") or SERVER
    _current = Run(begin, params, address, chosen if chosen in MODES else "online", problems)
    return _current


class Run(Habits):
    """A run that this script reports. Used as a context manager, it ends with the block, failed if that raised."""

    def __init__(
        self, begin: dict[str, Any], params: Any, server: str, mode: str, problems: Iterable[str] = ()
    ) -> None:
        """`problems` are told, in sentences: what could not be taken of what it was to begin with."""
        self._out = Outlet(begin, server, mode)
        for problem in problems:
            tell(problem)
        self.uid = self.id = self._out.uid
        self.step = 0  # the highest that was logged
        self.experiment = begin["experiment"] or "default"
        self.config = Config(self, params)
        self.summary = Summary(self)
        self._server = server
        self._params = dict(begin["params"])
        self._next = 0  # step of a `log` that gives none
        self._quoted = Quoted()
        self._begin_habits(begin)
        self._ended = not self._out.takes
        if self._ended:
            return
        if self._out.launched:
            if self._params:
                self._out.add(["params", self._params])
            if begin["tags"]:
                self._out.add(["tags", begin["tags"]])
        watch(_end_current)

    @property
    def should_stop(self) -> bool:
        """Whether somebody asked it to stop; the script decides when it does.

        One that Traindeck launched is sent SIGTERM only where it goes on past the time that it has for stopping.
        """
        if self._out.launched:
            return self._out.is_to_stop()
        return self._out.sender is not None and self._out.sender.stop_requested

    @property
    def number(self) -> int | None:
        """The run's number, once the server has told it."""
        if self._out.launched and (told := os.environ.get("TRAINDECK_RUN_NUMBER", "")).isdecimal():
            return int(told)
        return self._out.sender.number if self._out.sender else None

    @property
    def url(self) -> str:
        """Of its page, once the server has told its number; "" until then."""
        return f"{self._server.rstrip('/')}/run?id={self.number}" if self.number is not None else ""

    def log(
        self, values: Any = None, step: int | None = None, commit: bool | None = None, *more: Any, **named: Any
    ) -> None:
        """Values of metrics at a step, as a mapping or by name; nested mappings become `a/b`.

        Without a step, they count up from 0. Media (`Image`, `Histogram`, …, figures, frames) go the same way. All
        else is left out, with one warning a name. `commit`, as W&B has it: False leaves the next call without a step
        at this one.
        """
        if self._ended:
            self._out.late()
            return
        if named:
            values = _with_named(values, named)
        try:
            if more:
                raise ValueError
            at, given = self._next if step is None else int(step), values.items()
        except (ValueError, TypeError, OverflowError, AttributeError):
            told = f"a mapping and a whole step are logged; left out is {values!r:.60} at {step!r:.60}"
            self._out.warn("log", told)
            return
        if not -(2**63) <= at < 2**63:
            self._out.warn("step", f"the step {at} has more than 64 bits, and nothing of it is logged")
            return
        try:  # as of `harmless`, without the time of one call more
            if self._steps_of:
                given = self._logged_at_other_steps(dict(given)).items()
            self._log_at(given, at)
        except Exception as error:  # noqa: BLE001 - whatever it was given: a training does not end for it
            self._out.warn("log", f"log() did nothing: {error or type(error).__name__}")
        self._next = at if commit is False else at + 1
        self.step = max(self.step, at)

    def _log_at(self, given: Iterable[tuple[str, Any]], at: int) -> None:
        quoted, numbers = self._quoted, []
        for name, value in given:
            if type(value) is float and isfinite(value) and quoted[name]:
                numbers.append(f"{quoted[name]}: {value!r}")
            else:
                numbers += [f"{quoted[each]}: {json.dumps(number)}" for each, number in self._numbers(name, value, at)]
        # Written by hand, as json.dumps would take most of the time of a value.
        if numbers:
            self._out.add(f'["metrics", {at}, {time.time()!r}, {{{", ".join(numbers)}}}]')

    @harmless
    def log_params(self, values: Any) -> None:
        """Params that became known later; they never change."""
        new, changed = new_params(self._params, values)
        for sentence in changed:
            self._out.warn(sentence, sentence)
        self._params |= new
        dict.update(self.config, mapping(values))
        if new:
            self._out.add(["params", new])

    @harmless
    def finish(
        self,
        state: str | int = "finished",
        reason: str = "",
        exit_code: int | None = None,
        *,
        before: str = "",
        **_options: Any,
    ) -> None:
        """End it: "finished", "stopped" or "failed", and why. Waits for the server a while; once only.

        `exit_code` is W&B's: another than 0 is "failed". Another state is told, and taken as finished. `before` is the
        run for which it ends: two of one process at the same time would take each other's `traindeck.log`.
        """
        global _current, _finished
        if self._ended:
            return
        given = state if exit_code is None else exit_code
        if isinstance(given, str):
            ending = _THEIR_STATES.get(given.lower(), given.lower())
        else:
            ending = "failed" if given else "finished"
        if ending not in STATES:
            tell(f"state is one of {', '.join(STATES)}; received {given!r}, taken is finished")
            ending = "finished"
        self._out.add(["end", ending, clean(reason), time.time()])
        self._ended = True
        if _current is self:
            _current, _finished = None, self
        why = f" when {before!r} was started: a process has one run at a time" if before else ""
        self._out.end(f"the run {self.name!r} ended{why}, and what is logged to it now is left out")

    @harmless
    def end_run(self, status: str = "finished") -> None:
        """MLflow's `finish`: what is logged by the module from now on begins another run, as it does there."""
        global _finished
        self.finish(status)
        _finished = None

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if error is None or (isinstance(error, SystemExit) and not error.code):
            self.finish()
        elif isinstance(error, KeyboardInterrupt):
            self.finish("stopped", "Stopped with Ctrl-C.")
        else:
            self.finish("failed", last_line(error))

    def _numbers(self, name: str, value: Any, step: int) -> list[tuple[str, float]]:
        """Of a value, whatever it is; what is to be looked at is kept."""
        found = []
        for each, leaf in leaves(name, value):
            try:
                if not self._quoted[each]:
                    raise ValueError("has a name that is blank or longer than 250 characters")
                if media := pictures_in(leaf):
                    self._keep_media(each, media, step)
                else:
                    found.append((each, single(leaf)))
            except (TypeError, ValueError, OverflowError, RuntimeError) as error:
                why = str(error) if str(error).startswith("has a name") else f"is no number: {received(leaf)}"
                self._out.warn(str(each), f"{str(each)[:100]!r} {why}")
        return found


def _with_named(values: Any, named: dict[str, Any]) -> Any:
    """One mapping of those that came as one and those by name; W&B calls the first `data`, and has `sync`."""
    named.pop("sync", None)
    if values is None and isinstance(named.get("data"), Mapping):
        values = named.pop("data")
    return {**values, **named} if isinstance(values, Mapping) else named if values is None else values
