"""A real file system of a few megabytes, which can be filled: in a mount namespace of its own, so that it is gone with
the processes that use it, and they with the one that began it.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.common.settings import PROJECT_ROOT

SIZE = 24 * 2**20  # bytes
BLOCK = 4096
KINDS = ("ext4", "tmpfs")
_APART = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]


def hindrance(kind: str) -> str:
    """Why there can be no such file system here, "" when there can."""
    if shutil.which("unshare") is None:
        return "unshare is not installed"
    told = subprocess.run([*_apart(), "sh", "-c", _mount(kind, "/mnt", "/tmp/tried")], capture_output=True, text=True)
    return told.stderr.strip().replace("\n", "; ") if told.returncode else ""


def run_on(kind: str, folder: Path, module: str, seconds: float) -> "subprocess.CompletedProcess[str]":
    """Run a module of tests with an empty file system of this kind at `folder`/disk, which is its argument."""
    disk = folder / "disk"
    disk.mkdir()
    command = f'{_mount(kind, str(disk), str(folder / "image"))} && exec "$0" -m "$1" "$2"'
    arguments = [*_apart(), "sh", "-c", command, sys.executable, module, str(disk)]
    return subprocess.run(arguments, cwd=PROJECT_ROOT, text=True, capture_output=True, timeout=seconds)


def _apart() -> list[str]:
    return _APART if os.getuid() == 0 else [*_APART, "--user", "--map-root-user"]


def _mount(kind: str, folder: str, image: str) -> str:
    if kind == "tmpfs":
        return f"mount -t tmpfs -o size={SIZE} none '{folder}'"
    made = f"truncate -s {SIZE} '{image}' && mkfs.ext4 -q -F -m 0 -b {BLOCK} '{image}'"
    return f"{made} && mount -o loop '{image}' '{folder}'"


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Not one free block on this disk within the block, whatever others give back meanwhile."""
    done, path = threading.Event(), disk / "filler"

    def fill() -> None:
        with path.open("wb", buffering=0) as file:
            while not done.is_set():
                with contextlib.suppress(OSError):
                    while file.write(bytes(BLOCK)) and not done.is_set():
                        pass
                done.wait(0.01)

    filler = threading.Thread(target=fill)
    filler.start()
    try:
        yield
    finally:
        done.set()
        filler.join()
        path.unlink()
