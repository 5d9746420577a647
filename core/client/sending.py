"""From the spool to the server, over HTTP; the server says what it has, so that nothing goes lost or comes twice."""

import contextlib
import hashlib
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from .spool import FILE_LINES, LINES, Spooled, spool_folder
from .spooled_files import named_files

PAUSE_SECONDS = 0.25  # between two looks at what was logged
SIGN_SECONDS = 5.0  # after which a run that logs nothing says that it lives
LONGEST_PAUSE = 15.0  # between two tries, while the server is away
TIMEOUT_SECONDS = 30.0
MOST_TOLD = 100
_BYTES = "application/octet-stream"
PIECE_BYTES = 960 * 1024  # of a file, sent at a time
_GONE, _OTHERWISE = 404, 409
FILES_AT_ONCE = 16  # whose lines are sent together


class RefusedError(Exception):
    """The server does not take it, and would not if it were asked again: `status` as HTTP has it, 0 of none.

    `offset` is how many bytes are there, where what was sent begins elsewhere.
    """

    def __init__(self, told: str, status: int = 0, offset: int | None = None) -> None:
        super().__init__(told)
        self.status, self.offset = status, offset


class AwayError(Exception):
    """The server is not to be reached, or not ready: another try may help."""


def ask(server: str, method: str, path: str, body: bytes, kind: str = "application/json") -> dict[str, Any]:
    """The answer's JSON. Raises RefusedError, AwayError."""
    if not server.startswith(("http://", "https://")):
        raise RefusedError(f"{server!r} is no address of a server; accepted are http://… and https://…")
    headers = {"Content-Type": kind}
    request = urllib.request.Request(f"{server.rstrip('/')}{path}", body, headers, method=method)  # noqa: S310 - http only
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - as above
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        told, offset = _error(error)
        if error.code >= 500 or error.code in (408, 429):
            raise AwayError(told) from error
        raise RefusedError(told, error.code, offset) from error
    except (OSError, ValueError) as error:
        raise AwayError(f"{server} cannot be reached: {error}") from error


def _without_end(lines: bytes) -> bytes:
    """Without the last line, where that is the run's end."""
    last = lines.rfind(b"\n", 0, -1) + 1
    return lines[:last] if lines.startswith(b'["end"', last) else lines


def _error(error: urllib.error.HTTPError) -> tuple[str, int | None]:
    try:
        told = json.loads(error.read(65_536))
        return str(told["error"]), told.get("offset")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return f"the server answered {error.code} {error.reason}", None


class Sender:
    """A run's spool on its way. `step` sends what is there; a thread does so again and again."""

    def __init__(self, spooled: Spooled, tell: Callable[[str], None] = lambda _text: None) -> None:
        self.spooled = spooled
        self.stop_requested = False
        self.number: int | None = None  # of the run, once the server has told it
        self.trouble = ""  # why nothing goes, in words
        self._tell = tell  # somebody what the server left out of the rest, and why
        self._told: set[str] = set()
        self.went = 0  # requests that were answered
        self._begun = self._anew = False
        self._uploads: Iterator[bool] | None = None
        self._heard_at = 0.0
        self._ending = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._go, name="traindeck", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def step(self) -> bool:
        """Send a piece of lines, and beside them one of a file, so that no value waits for a large file.

        Says whether there was something to send. A server that has another store than before, an older one or none, is
        sent what it lacks. Raises RefusedError, AwayError, OSError.
        """
        try:
            return self._step()
        except RefusedError as error:
            if error.status != _GONE or not self._begun or self._anew:
                raise
            self._begun, self._anew = False, True
            self._go_back()
            self._tell_once(["the server does not know the run any more, and is sent all of it that is here"])
            return True

    def _step(self) -> bool:
        """Raises as `step`."""
        begin = self.spooled.begin
        server, uid = begin["server"], begin["uid"]
        if not self._begun:
            self.number = ask(server, "PUT", f"/api/v1/runs/{uid}", json.dumps(begin["run"]).encode())["number"]
            self._begun = True
        piece = self.spooled.unsent()
        if self.spooled.unsent(FILE_LINES):  # the run ends when all of it is there
            piece = _without_end(piece)
        if piece or time.monotonic() - self._heard_at >= SIGN_SECONDS:
            self._send_lines(server, uid, begin["source"], LINES, piece)
        self._uploads = self._uploads or self._uploading(server, uid, begin["files_source"])
        try:
            went = next(self._uploads, None) is not None
        except BaseException:
            self._uploads = None
            raise
        self._uploads = self._uploads if went else None
        return went or bool(piece)

    @property
    def is_done(self) -> bool:
        return not self.spooled.unsent() and not self.spooled.unsent(FILE_LINES)

    def _send_lines(self, server: str, uid: str, source: str, of: str, piece: bytes) -> bool:
        """Whether they were taken: not by an older store, which gets what it lacks next.

        Raises RefusedError, AwayError, OSError.
        """
        path = f"/api/v1/runs/{uid}/lines?source={source}&position={self.spooled.sent(of)}"
        try:
            told = ask(server, "POST", path, piece)
        except RefusedError as error:
            if error.offset is None or error.offset >= self.spooled.sent(of):
                raise
            self._go_back()
            return False
        self._anew = False
        self.spooled.put_sent(int(told["position"]), of)
        self.stop_requested = bool(told["stop_requested"])
        self._heard_at = time.monotonic()
        self.went += 1
        self._tell_once(map(str, told.get("problems", ())))
        return True

    def _go_back(self) -> None:
        """Of what the server has, it stores nothing twice."""
        self._uploads = None
        for of in (LINES, FILE_LINES):
            self.spooled.put_sent(0, of)

    def _uploading(self, server: str, uid: str, source: str) -> Iterator[bool]:
        """Files with the lines that name them, a request each time. Raises RefusedError, AwayError, OSError."""
        while lines := self.spooled.unsent(FILE_LINES):
            piece = b"".join(lines.splitlines(keepends=True)[:FILES_AT_ONCE])
            keys = named_files(piece)
            for key in keys:
                yield from self._file(server, uid, key)
            for key in keys if self._send_lines(server, uid, source, FILE_LINES, piece) else ():
                (self.spooled.files / key).unlink(missing_ok=True)
            yield True

    def _file(self, server: str, uid: str, key: str) -> Iterator[bool]:
        """In pieces, from where the server has it on. Raises AwayError, OSError."""
        try:
            with (self.spooled.files / key).open("rb") as file:
                position, path = 0, f"/api/v1/runs/{uid}/files/{key}?position="
                piece = file.read(PIECE_BYTES)
                if len(piece) == PIECE_BYTES:  # a long one: some of it may be there
                    position = int(ask(server, "POST", f"{path}0", b"", _BYTES)["position"])
                    file.seek(position)
                    piece = file.read(PIECE_BYTES)
                while piece:
                    told = f"{path}{position}&sha256={hashlib.sha256(piece).hexdigest()}"
                    position = int(ask(server, "POST", told, piece, _BYTES)["position"])
                    self.went += 1
                    yield True
                    file.seek(position)
                    piece = file.read(PIECE_BYTES)
        except FileNotFoundError:  # a better checkpoint took its place, or it was sent before
            return
        except RefusedError as error:
            if error.status == _GONE:
                raise
            if error.status == _OTHERWISE:  # it has lost some of the file, or a piece came damaged
                raise AwayError(str(error)) from error
            self._tell_once([str(error)])  # the rest of the run goes on

    def _tell_once(self, problems: Iterable[str]) -> None:
        for problem in problems:
            if problem not in self._told and len(self._told) < MOST_TOLD:
                self._told.add(problem)
                self._tell(problem)

    def close(self, seconds: float) -> bool:
        """Send the rest, as long as something goes within this time; says whether all of it went."""
        self._ending.set()
        self._wake.set()
        went = -1
        while self._thread.is_alive() and went != self.went:
            went = self.went
            self._thread.join(seconds)
        return not self._thread.is_alive() and self.is_done

    def send_last(self, line: str) -> bool:
        """The run's end, which a full disk did not take, behind all that it took; says whether it went."""
        try:
            begin = self.spooled.begin
            self._send_lines(begin["server"], begin["uid"], begin["source"], LINES, f"{line}\n".encode())
        except (RefusedError, AwayError, OSError, ValueError) as error:
            self.trouble = str(error)
            return False
        return True

    def _go(self) -> None:
        with self.spooled.sending() as alone:
            pause = PAUSE_SECONDS
            while alone:
                try:
                    more = self.step()
                    self.trouble, pause = "", PAUSE_SECONDS
                    if not more and self._ending.is_set():
                        if self.is_done:
                            return
                        more = True  # the end, which waited for the files
                except RefusedError as error:
                    self.trouble = str(error)
                    return
                except (AwayError, OSError, ValueError) as error:
                    self.trouble, more = str(error), False
                    if pause > PAUSE_SECONDS and self._ending.is_set():
                        pause = PAUSE_SECONDS
                    else:
                        pause = min(LONGEST_PAUSE, 2 * pause)
                if not more:
                    self._wake.wait(pause)
                    self._wake.clear()  # or an end that waits for a server that is away would ask it without a pause


def send_left(folder: Path | None = None) -> list[tuple[Path, str]]:
    """Send what scripts left that have ended; returns each such run's folder, and why it could not be sent or ""."""
    told = []
    root = folder or spool_folder()
    for place in sorted(each for each in root.glob("*") if each.is_dir()) if root.is_dir() else ():
        spooled = Spooled(place)
        if spooled.is_written:
            continue
        with contextlib.suppress(OSError), spooled.sending() as alone:  # another script sent it meanwhile
            if alone:
                told.append((place, _sent_whole(spooled)))
    return told


def _sent_whole(spooled: Spooled) -> str:
    sender = Sender(spooled)
    try:
        while sender.step() or not sender.is_done:
            pass
        spooled.remove()
    except (RefusedError, AwayError, OSError, ValueError, KeyError) as error:
        return str(error) or type(error).__name__
    return ""
