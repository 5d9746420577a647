"""Why a script ended as it did, in a sentence for the person who launched it."""

import re
from collections.abc import Sequence
from pathlib import Path

from core.common.text import shortened
from core.system.process import describe_exit

_TRACEBACK = "Traceback (most recent call last):"
_PLACE = re.compile(r'^  File "(?P<file>[^"]+)", line (?P<line>\d+)')
_SHOWN = 300  # characters of what the script says


def reason_of(code: int, lines: Sequence[str], folder: Path) -> str:
    """The last line of its traceback, or what it said last.

    Args:
        code: of its exit, negative for a signal.
        lines: the last that it printed.
        folder: that it ran in, so that places in its own files are told.
    """
    if code < 0:
        return _sentence(describe_exit(code))
    error, place = _last_error(lines, folder)
    if error:
        return f"{shortened(error, _SHOWN)}{f' ({place})' if place else ''}"
    said = next((line.strip() for line in reversed(lines) if line.strip()), "")
    told = f": {shortened(said, _SHOWN)}" if said else ", and printed nothing"
    return f"The script ended with exit code {code}{told}"


def _last_error(lines: Sequence[str], folder: Path) -> tuple[str, str]:
    """The error that the last traceback ends with, and the innermost place of it that is in the script's own files."""
    begins = [number for number, line in enumerate(lines) if line.endswith(_TRACEBACK)]
    if not begins:
        return "", ""
    place = ""
    for line in lines[begins[-1] + 1 :]:
        if found := _PLACE.match(line):
            file = Path(found["file"])
            inside = file.is_relative_to(folder)
            place = f"{file.relative_to(folder)}, line {found['line']}" if inside else place
        elif line and not line.startswith(" "):
            return line, place
    return "", ""


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
