"""What a script prints, on its way into the run's log: line by line, with the time at which each came.

A line that is written over (a progress bar's carriage returns) is told at most once a second while it changes, and as
it is at its end; who reads the log shows what stands behind the last carriage return. Colours are left in.
"""

import codecs
import re
import sys
import time
from collections import deque
from collections.abc import Callable

from core.tracking.run_log import as_it_stands, stamped

_PARTIAL_SECONDS = 1.0  # between two states of a line that goes on
_LONGEST = 64 * 1024  # characters of a line; a longer one is cut
_KEPT = 400  # lines, to tell the reason from
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]")


class ScriptOutput:
    """Takes bytes as they come. `heard` is called with every line as it stands at its end, without colours."""

    def __init__(self, heard: Callable[[str], None] = lambda _line: None) -> None:
        self.last: deque[str] = deque(maxlen=_KEPT)
        self._heard = heard
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._line = ""  # that has no end yet, as it stands
        self._shown = ""  # of it, in the log
        self._shown_at = 0.0

    def feed(self, data: bytes, *, final: bool = False) -> None:
        text = self._line + self._decoder.decode(data, final)
        *lines, self._line = text.replace("\r\n", "\n").split("\n")
        for line in lines:
            self._end(line)
        trailing = self._line[len(self._line.rstrip("\r\b")) :]  # what comes next may be written over it
        self._line = as_it_stands(self._line) + trailing
        if final or len(self._line) > _LONGEST:
            line, self._line = self._line, ""
            if line:
                self._end(line)

    def tick(self) -> None:
        """To be called now and then: shows a line that goes on."""
        now = time.monotonic()
        if self._line and self._line != self._shown and now - self._shown_at > _PARTIAL_SECONDS:
            self._write(as_it_stands(self._line))
            self._shown, self._shown_at = self._line, now

    def _end(self, line: str) -> None:
        line = as_it_stands(line)
        self._write(line, "\n")
        self._shown = ""
        plain = without_colours(line)
        self.last.append(plain)
        self._heard(plain)

    def _write(self, line: str, end: str = "") -> None:
        over = "\r" if self._shown else ""
        sys.stdout.write(f"{over}{stamped(line)}{end}")
        sys.stdout.flush()


def without_colours(text: str) -> str:
    return _COLOUR.sub("", text)
