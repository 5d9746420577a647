"""A run that a script reports."""

import json
import os
import sys
import threading
import time
import uuid
from collections.abc import Iterable, Mapping
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any

from .media_objects import Media
from .run_habits import Config, Habits, Summary, made, new_params, pictures_in
from .script_end import last_line, watch
from .sending import Sender, send_left
from .spool import LINES, Spooled, Writer, spool_folder
from .spooled_files import copied, files_to_log, kept
from .told_values import Quoted, clean, flat, label, leaves, mapping, received, single

SERVER = "http://localhost:8501"
CLOSE_SECONDS = 30.0  # that the end of a script waits for what it has not sent
STATES = ("finished", "stopped", "failed")
MAX_NOTES = 100_000
MOST_WARNINGS = 1000

_current: "Run | None" = None


def current() -> "Run | None":
    """The run that was started last and has not ended."""
    return _current


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
    """Begin a run; the one before it ends.

    Args:
        name: of the run; the script's own when empty.
        experiment: the group that it belongs to; "default" when empty.
        params: a mapping, a dataclass or a pydantic model; nested ones become `a.b`.
        tags: words to find it by.
        notes: Markdown.
        server: its address; `TRAINDECK_URL`, or http://localhost:8501, when not given.
        mode: "online", "offline" (kept on disk for `python -m traindeck sync`) or "off" (does nothing);
            `TRAINDECK_MODE`, or online, when not given.

    Raises:
        ValueError: another mode.
        OSError: nothing can be kept on disk.
    """
    global _current
    chosen = mode or os.environ.get("TRAINDECK_MODE") or "online"
    if chosen not in ("online", "offline", "off"):
        raise ValueError(f"mode is 'online', 'offline' or 'off'; received {chosen!r}")
    if _current is not None:
        _current.finish()
    begin = {
        "name": label(name) or label(Path(sys.argv[0] or "script").stem),
        "experiment": label(experiment),
        "params": flat(params),
        "tags": [label(tag) for tag in ([tags] if isinstance(tags, str) else tags)],
        "notes": clean(notes)[:MAX_NOTES],
        "began_at": time.time(),
    }
    _current = Run(begin, params, server or os.environ.get("TRAINDECK_URL") or SERVER, chosen)
    return _current


class Run(Habits):
    """A run that this script reports. Used as a context manager, it ends with the block, failed if that raised."""

    def __init__(self, begin: dict[str, Any], params: Any, server: str, mode: str) -> None:
        """Raises OSError."""
        self.uid = uuid.uuid4().hex
        self.step = 0  # the highest that was logged
        self.name = begin["name"]
        self.config = Config(self, params)
        self.summary = Summary(self)
        self._params = dict(begin["params"])
        self._own_steps = {}
        self._next = 0  # step of a `log` that gives none
        self._shown: dict[tuple[str, str], tuple[int, int]] = {}  # by kind and name, the last step and how many
        self._quoted = Quoted()
        self._warned: set[str] = set()
        self._ended = mode == "off"
        self._adding = threading.Lock()
        self._sender: Sender | None = None
        self._writer: Writer | None = None
        if mode == "off":
            return
        # A script that Traindeck launched reports to its runner, which reads this file.
        if file := os.environ.get("TRAINDECK_REPORT_TO"):
            self._writer = Writer(Path(file))
            self._files = Path(file).with_suffix("")
            if self._params:
                self._add(json.dumps(["params", self._params]))
            self.add_tags(begin["tags"])
        else:
            whole = {"server": server, "uid": self.uid, "source": uuid.uuid4().hex, "run": begin}
            spooled = Spooled.make(spool_folder() / self.uid, whole)
            self._writer = Writer(spooled.folder / LINES)
            self._spooled, self._files = spooled, spooled.files
            if mode == "online":
                self._sender = Sender(spooled, self._tell)
                self._sender.start()
                threading.Thread(target=send_left, name="traindeck-left", daemon=True).start()
        watch(_end_current)

    @property
    def should_stop(self) -> bool:
        """Whether somebody asked it to stop; the script decides when it does."""
        return self._sender is not None and self._sender.stop_requested

    @property
    def number(self) -> int | None:
        """The run's number, once the server has told it."""
        return self._sender.number if self._sender else None

    def log(self, values: Mapping[str, Any], step: int | None = None, commit: bool | None = None) -> None:
        """Values of metrics at a step; nested mappings become `a/b`. Without a step, they count up from 0.

        Media (`Image`, `Histogram`, …, figures, frames) go the same way. All else is left out, with one warning a name.
        `commit`, as W&B has it: False leaves the next call without a step at this one.
        """
        if self._ended:
            return
        try:
            at, given = self._next if step is None else int(step), values.items()
        except (ValueError, TypeError, OverflowError, AttributeError):
            self._warn("log", f"a mapping and a whole step are logged; left out is {values!r:.60} at {step!r:.60}")
            return
        if not -(2**63) <= at < 2**63:
            self._warn("step", f"the step {at} has more than 64 bits, and nothing of it is logged")
            return
        quoted, numbers = self._quoted, []
        for name, value in given:
            if type(value) is float and isfinite(value) and quoted[name]:
                numbers.append(f"{quoted[name]}: {value!r}")
            else:
                numbers += [f"{quoted[each]}: {json.dumps(number)}" for each, number in self._numbers(name, value, at)]
        # Written by hand, as json.dumps would take most of the time of a value.
        if numbers:
            self._add(f'["metrics", {at}, {time.time()!r}, {{{", ".join(numbers)}}}]')
        self._next = at if commit is False else at + 1
        self.step = max(self.step, at)

    def log_params(self, values: Any) -> None:
        """Params that became known later; they never change."""
        new, changed = new_params(self._params, values)
        for sentence in changed:
            self._warn(sentence, sentence)
        self._params |= new
        dict.update(self.config, mapping(values))
        if new:
            self._add(json.dumps(["params", new]))

    def add_tags(self, tags: Iterable[str]) -> None:
        """Words to find it by, beside those that it has."""
        if words := [label(tag) for tag in ([tags] if isinstance(tags, str) else tags)]:
            self._add(json.dumps(["tags", words]))

    def finish(self, state: str | int = "finished", reason: str = "", exit_code: int | None = None) -> None:
        """End it: "finished", "stopped" or "failed", and why. Waits for the server a while; once only.

        `exit_code` is W&B's: another than 0 is "failed".

        Raises:
            ValueError: another state.
        """
        global _current
        state = state if exit_code is None else exit_code
        if isinstance(state, int):
            state = "failed" if state else "finished"
        if state not in STATES:
            raise ValueError(f"state is one of {', '.join(STATES)}; received {state!r}")
        if self._ended:
            return
        self._add(json.dumps(["end", state, reason, time.time()]))
        self._ended = True
        if _current is self:
            _current = None
        if self._sender is not None and self._sender.close(CLOSE_SECONDS):
            self._close()
            self._spooled.remove()
            return
        self._close()
        if self._sender is not None:
            why = self._sender.trouble or "the server is slow"
            kept = f"It is kept in {self._spooled.folder}; python -m traindeck sync sends it."
            self._tell(f"not all of run {self.uid[:8]} could be sent: {why}. {kept}")

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
                    raise ValueError("has a name that is empty or longer than 250 characters")
                if media := pictures_in(leaf):
                    self._keep_media(each, media, step)
                else:
                    found.append((each, single(leaf)))
            except (TypeError, ValueError, OverflowError, RuntimeError) as error:
                why = str(error) if str(error).startswith("has a name") else f"is no number: {received(leaf)}"
                self._warn(str(each), f"{str(each)[:100]!r} {why}")
        return found

    def _show(self, name: Any, make: Any, value: Any, step: int | None, **how: Any) -> None:
        if self._ended:
            return
        if isinstance(value, str) and not isinstance(name, str | int):  # the picture first, as MLflow has it
            name, value = value, name
        try:
            self._keep_media(str(name), made(make, value, how), self.step if step is None else int(step))
        except Exception as error:  # noqa: BLE001 - whatever a library raises: a training does not end for a picture
            self._warn(f"{make.kind} {name}", f"the {make.kind} {str(name)[:100]!r} is not logged: {error}")

    def _keep_media(self, name: str, media: list[Media], step: int) -> None:
        """Raises ValueError."""
        if not self._quoted[name]:
            raise ValueError("has a name that is empty or longer than 250 characters")
        for item in media:
            last, count = self._shown.get((item.kind, name), (step, 0))
            number = count if last == step else 0
            self._shown[item.kind, name] = (step, number + 1)
            try:
                content = kept(self._files, item.data)
            except OSError as error:
                self._tell(f"the {item.kind} {name!r} cannot be kept: {error}")
                return
            about = [item.kind, clean(name), number, item.suffix, clean(item.caption)[:1000], content]
            self._add(json.dumps(["media", step, time.time(), *about]))
        self.step = max(self.step, step)

    def _keep_files(self, path: str | Path, name: str | None) -> None:
        if self._ended:
            return
        try:
            for file, inside in files_to_log(path, name):
                self._add(json.dumps(["artifact", clean(inside), copied(self._files, file)]))
        except (OSError, ValueError) as error:
            self._tell(f"the artifact {str(name or path)[:100]!r} is not logged: {error}")

    def _put_tags(self, tags: Mapping[str, str]) -> None:
        self._add(json.dumps(["keyed_tags", dict(tags)]))

    def _warn(self, name: str, text: str) -> None:
        """Once a name."""
        if name not in self._warned and len(self._warned) < MOST_WARNINGS:
            self._warned.add(name)
            self._tell(text)

    def _add(self, line: str) -> None:
        with self._adding:
            if self._writer is None:
                return
            try:
                self._writer.add(line)
            except OSError as error:  # a full disk: the training matters more
                self._tell(f"nothing more can be kept of the run: {error}")
                self._close()

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _tell(self, text: str) -> None:
        print(f"traindeck: {text}", file=sys.stderr)  # noqa: T201 - of a script's own
