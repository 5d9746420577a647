"""A run that a script reports."""

import atexit
import contextlib
import json
import os
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any

from .sending import Sender, send_left
from .spool import LINES, Spooled, Writer, spool_folder

SERVER = "http://localhost:8501"
CLOSE_SECONDS = 30.0  # that the end of a script waits for what it has not sent
STATES = ("finished", "stopped", "failed")

_current: "Run | None" = None


def current() -> "Run | None":
    """The run that was started last and has not ended."""
    return _current


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
        "name": name or Path(sys.argv[0] or "script").stem,
        "experiment": experiment,
        "params": flat(params),
        "tags": list(tags),
        "notes": notes,
        "began_at": time.time(),
    }
    _current = Run(begin, server or os.environ.get("TRAINDECK_URL") or SERVER, chosen)
    return _current


class Summary(dict[str, Any]):
    """Final values, as W&B has them: each is logged as a metric at the run's last step."""

    def __init__(self, run: "Run") -> None:
        super().__init__()
        self._run = run

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self._run.log({name: value}, self._run.step)

    def update(self, *args: Any, **values: Any) -> None:
        for name, value in dict(*args, **values).items():
            self[name] = value


class _Quoted(dict[str, str]):
    """Names as JSON has them."""

    def __missing__(self, name: str) -> str:
        text = self[name] = json.dumps(str(name))
        return text


class Run:
    """A run that this script reports. Used as a context manager, it ends with the block, failed if that raised."""

    def __init__(self, begin: dict[str, Any], server: str, mode: str) -> None:
        """Raises OSError."""
        self.uid = uuid.uuid4().hex
        self.step = 0  # the highest that was logged
        self.config = dict(begin["params"])
        self.summary = Summary(self)
        self._next = 0  # step of a `log` that gives none
        self._quoted = _Quoted()
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
            if self.config:
                self._add(json.dumps(["params", self.config]))
            self.add_tags(begin["tags"])
        else:
            whole = {"server": server, "uid": self.uid, "source": uuid.uuid4().hex, "run": begin}
            spooled = Spooled.make(spool_folder() / self.uid, whole)
            self._writer = Writer(spooled.folder / LINES)
            self._spooled = spooled
            if mode == "online":
                self._sender = Sender(spooled)
                self._sender.start()
                threading.Thread(target=send_left, name="traindeck-left", daemon=True).start()
        _watch_end()

    @property
    def should_stop(self) -> bool:
        """Whether somebody asked it to stop; the script decides when it does."""
        return self._sender is not None and self._sender.stop_requested

    @property
    def number(self) -> int | None:
        """The run's number, once the server has told it."""
        return self._sender.number if self._sender else None

    def log(self, values: Mapping[str, Any], step: int | None = None) -> None:
        """Values of metrics at a step; nested mappings become `a/b`. Without a step, they count up from 0.

        What is no number is left out, with one warning a name.
        """
        if self._ended:
            return
        at = self._next if step is None else int(step)
        told: list[str] = []
        for name, value in values.items():
            if type(value) is float and isfinite(value):
                told.append(f"{self._quoted[name]}: {value!r}")
            else:
                told += [f"{self._quoted[each]}: {json.dumps(number)}" for each, number in self._numbers(name, value)]
        # Written by hand, as json.dumps would take most of the time of a value.
        self._add(f'["metrics", {at}, {time.time()!r}, {{{", ".join(told)}}}]')
        self._next = at + 1
        self.step = max(self.step, at)

    def log_params(self, values: Any) -> None:
        """Params that became known later; they never change."""
        new = flat(values)
        self.config |= new
        self._add(json.dumps(["params", new]))

    def add_tags(self, tags: Iterable[str]) -> None:
        """Words to find it by, beside those that it has."""
        if words := [str(tag) for tag in tags]:
            self._add(json.dumps(["tags", words]))

    def finish(self, state: str = "finished", reason: str = "") -> None:
        """End it: "finished", "stopped" or "failed", and why. Waits for the server a while; once only.

        Raises:
            ValueError: another state.
        """
        global _current
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
            self.finish("failed", _last_line(error))

    def _numbers(self, name: str, value: Any) -> Iterator[tuple[str, float]]:
        if isinstance(value, Mapping):
            for inner, each in value.items():
                yield from self._numbers(f"{name}/{inner}", each)
            return
        try:
            yield str(name), float(value)
        except (TypeError, ValueError, OverflowError):
            if name not in self._warned:
                self._warned.add(name)
                self._tell(f"{name!r} is no number and is not logged; received {type(value).__name__}")

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


def flat(params: Any) -> dict[str, Any]:
    """Params as one level, `a.b`; what JSON does not know is told by its text."""
    if params is None:
        return {}
    if is_dataclass(params) and not isinstance(params, type):
        params = asdict(params)
    elif hasattr(params, "model_dump"):
        params = params.model_dump(mode="json")
    elif not isinstance(params, Mapping):
        params = vars(params)  # argparse.Namespace, absl's flags
    found: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": each for inner, each in flat(value).items()}
        elif isinstance(value, float) and not isfinite(value):
            found[str(name)] = str(value)
        else:
            plain = isinstance(value, str | bool | int | float | None)
            found[str(name)] = value if plain else [*value] if _is_plain_list(value) else str(value)
    return found


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str | bool | int | float) for each in value)


_failed: list[str] = []
_watched = False


def _watch_end() -> None:
    """The end of the script ends its run, as failed when an error ended it."""
    global _watched
    if _watched:
        return
    _watched = True
    before = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        _failed.append("Stopped with Ctrl-C." if isinstance(error, KeyboardInterrupt) else _last_line(error))
        before(kind, error, where)

    def ended() -> None:
        run = current()
        if run is not None:
            with contextlib.suppress(OSError):
                run.finish("failed" if _failed else "finished", _failed[0] if _failed else "")

    sys.excepthook = hook
    atexit.register(ended)


def _last_line(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()[:500]
