"""A temporary folder of a process's own: what TensorFlow and others leave in it goes with the process.

TensorFlow removes its files (the code that AutoGraph writes) in exit handlers, which a forked process does not run, and
a killed one cannot. The folder is locked while its process or a child of it lives; the system gives the lock back, so
that a folder without one can be swept.
"""

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".traindeck-process-"
_NAME = re.compile(re.escape(PREFIX) + r"\w{8}")  # as tempfile makes them: nothing else is ever swept


@contextmanager
def temporary_folder() -> Iterator[None]:
    """Within the block, temporary files of this process and its children go into a folder that ends with the block."""
    try:
        folder, held = _make()
    except OSError:  # no room for it: what is left over is better than no run
        yield
        return
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before[0]
        if before[1] is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before[1]
        os.close(held)
        shutil.rmtree(folder, ignore_errors=True)


def sweep_temporary() -> None:
    """Remove the folders of this user's processes that ended without a chance to do so themselves. Never raises."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(tempfile.gettempdir()):
            ours = _NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
            if ours and entry.stat(follow_symlinks=False).st_uid == os.getuid():
                _remove_unlocked(Path(entry.path))


def _make() -> tuple[Path, int]:
    """A new folder and its lock. Raises OSError."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        with contextlib.suppress(FileNotFoundError):
            held = os.open(folder, os.O_RDONLY)
            fcntl.flock(held, fcntl.LOCK_EX)
            if folder.exists():  # else another process swept it before it was locked
                return folder, held
            os.close(held)


def _remove_unlocked(folder: Path) -> None:
    with contextlib.suppress(OSError):  # BlockingIOError: its process lives
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(held)
