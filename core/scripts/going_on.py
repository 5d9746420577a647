"""Whether a script can go on where it was left: it reads TRAINDECK_RESUME, or has a switch `--resume`.

What it goes on from, it keeps itself: a resumed run works in the folder that it left, and its variable
TRAINDECK_RESUME is "1".
"""

from typing import Literal

from core.scripts.check_script import Script
from core.scripts.parameter import Parameter
from core.scripts.source.modules import MOST_BYTES

VARIABLE = "TRAINDECK_RESUME"
_MOST_FILES = 500
Way = Literal["", "variable", "switch"]


def way(script: Script) -> Way:
    """How it is told to go on, "" where it does not say that it can."""
    if switch(script) is not None:
        return "switch"
    for number, file in enumerate(sorted(script.folder.rglob("*.py"))):
        if number >= _MOST_FILES:
            break
        if file.is_file() and file.stat().st_size <= MOST_BYTES and VARIABLE.encode() in file.read_bytes():
            return "variable"
    return ""


def switch(script: Script) -> Parameter | None:
    """The parameter that is turned on when a run is resumed."""
    known = [each for each in script.reading.parameters if each.type == "bool" and not each.command]
    return next((each for each in known if each.name.rpartition(".")[2] == "resume"), None)
