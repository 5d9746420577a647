"""Files that are there whole or not at all, whatever a disk does."""

import contextlib
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path


def write_whole(
    path: Path, write: Callable[[Path], object], placing: AbstractContextManager[object] | None = None
) -> None:
    """Have a file written under another name in the same folder, and give it its own when it is complete.

    Args:
        placing: within this it gets its name.

    Raises:
        OSError: the file that was there is untouched, and of the new one nothing is left.
    """
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        write(temporary)
        with placing or contextlib.nullcontext():
            temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def append_whole(path: Path, data: bytes) -> None:
    """Add to the end of a file, all of it or nothing. Raises OSError."""
    with path.open("ab", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(file.fileno(), left) :]
        except OSError:
            os.truncate(file.fileno(), size)
            raise
