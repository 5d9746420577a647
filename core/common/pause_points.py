"""Places where a process can be made to wait, so that a test can kill it, or another one, exactly there.

Set TRAINDECK_PAUSES to a folder. A file there that has the name of a place makes the next process that comes by wait:
it takes the file, by renaming it to `<place>.<its pid>`, and goes on once that is removed. Without the variable, which
nothing but tests sets, passing a place is one comparison.
"""

import os
import time
from pathlib import Path

VARIABLE = "TRAINDECK_PAUSES"
# In the order in which a run passes them: two in the supervisor, two in the standby, two in the trainer.
# Of jobs: "working" where one tells its progress, "placed" where a version has its files and no row yet, "answered"
# before what came of it is stored.
HAND_OVER = ("claimed", "sent", "received", "forked", "born", "taken")

_folder = os.environ.get(VARIABLE, "")


def pause_point(place: str) -> None:
    if _folder:
        _wait(Path(_folder) / place)


def _wait(asked: Path) -> None:
    taken = asked.with_name(f"{asked.name}.{os.getpid()}")
    try:
        asked.rename(taken)
    except FileNotFoundError:  # nobody is to wait here, or somebody does already
        return
    while taken.exists():
        time.sleep(0.005)
