"""Where a run's lines go: to its spool and from there to the server, or to the runner that launched the script."""

import json
import os
import threading
import uuid
from pathlib import Path
from typing import Any

from .notices import tell
from .sending import Sender, send_left
from .spool import FILE_LINES, LINES, Spooled, Writer, spool_folder

CLOSE_SECONDS = 30.0  # that the end of a script waits for what it has not sent
MOST_WARNINGS = 1000


class Outlet:
    """Takes lines, and tells on stderr what becomes of none. What cannot be kept does not end a training."""

    def __init__(self, begin: dict[str, Any], server: str, mode: str) -> None:
        """With the mode "off", or where nothing can be kept, it takes no line."""
        launched = os.environ.get("TRAINDECK_REPORT_TO")  # its runner reads this file
        self.launched = bool(launched) and mode != "off"
        self.uid = os.environ.get("TRAINDECK_RUN", "") if self.launched else ""
        self.uid = self.uid or uuid.uuid4().hex
        self.files = Path()  # the folder of those that lines name
        self.sender: Sender | None = None
        self._writers: dict[str, Writer] = {}
        self._unkept = ""  # the last line, where the disk did not take it
        self._over = ""  # once the run has ended, in words
        self._adding = threading.Lock()
        self._warned: set[str] = set()
        self._listens = False
        self._folder = Path()
        try:
            if launched and mode != "off":
                self._writers[LINES] = Writer(Path(launched))
                self.files = Path(launched).with_suffix("")
            elif mode != "off":
                self._spool(begin, server, mode)
        except OSError as error:
            tell(f"nothing can be kept of the run, and it is not logged: {error}")

    def _spool(self, begin: dict[str, Any], server: str, mode: str) -> None:
        """Raises OSError."""
        sources = {"source": uuid.uuid4().hex, "files_source": uuid.uuid4().hex}
        spooled = Spooled.make(spool_folder() / self.uid, {"server": server, "uid": self.uid, **sources, "run": begin})
        self._folder, self.files = spooled.folder, spooled.files
        self._writers = {of: Writer(spooled.folder / of) for of in (LINES, FILE_LINES)}
        if mode == "online":
            self.sender = Sender(spooled, tell)
            self.sender.start()
            threading.Thread(target=send_left, name="traindeck-left", daemon=True).start()

    @property
    def takes(self) -> bool:
        return bool(self._writers)

    def add(self, line: list[Any] | str, *, names_file: bool = False) -> None:
        """A line as JSON, or as it is. One that names a file waits for that, and no other waits for it."""
        text = line if isinstance(line, str) else json.dumps(line)
        with self._adding:
            writer = self._writers.get(FILE_LINES if names_file and not self.launched else LINES)
            if writer is None:
                self.late()
                return
            try:
                self._unkept = ""
                writer.add(text)
            except OSError as error:  # a full disk: the training matters more
                self._unkept = text
                self.warn("kept", f"not all of the run can be kept, what comes while that is so is left out: {error}")

    def is_to_stop(self) -> bool:
        """Of a script that was launched: what its runner says, who learns by the first question that it listens."""
        try:
            if not self._listens:
                self.files.mkdir(parents=True, exist_ok=True)
                (self.files / "listens").touch()
                self._listens = True
            return (self.files / "stop").exists()
        except OSError:
            return False

    def late(self) -> None:
        """Something is logged to a run that takes nothing; that it has ended is told once."""
        if self._over:
            self.warn("over", self._over)

    def end(self, over: str) -> None:
        """After the last line: waits for the server a while. `over` is told whoever logs more."""
        self._over = over
        sent = self.sender is not None and self.sender.close(CLOSE_SECONDS)
        if sent and self.sender is not None and self._unkept:
            sent = self.sender.send_last(self._unkept)
        with self._adding:
            self._close()
        if self.sender is not None and sent:
            self.sender.spooled.remove()
        elif self.sender is not None:
            why = self.sender.trouble or "the server is slow"
            kept = f"It is kept in {self._folder}; python -m traindeck sync sends it."
            tell(f"not all of run {self.uid[:8]} could be sent: {why}. {kept}")

    def _close(self) -> None:
        for writer in self._writers.values():
            writer.close()
        self._writers = {}

    def warn(self, name: str, text: str) -> None:
        """Once a name."""
        if name not in self._warned and len(self._warned) < MOST_WARNINGS:
            self._warned.add(name)
            tell(text)
