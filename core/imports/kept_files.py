"""Files of runs that were found elsewhere, put where they are kept: what is there already with the same bytes stays."""

import hashlib
import os
import shutil
from io import BufferedReader
from pathlib import Path

from core.common.whole_files import write_whole
from core.imports.found_run import FetchedFile

Content = Path | bytes | FetchedFile
_CLOCKS = 3600.0  # seconds by which the clock of a server may be behind ours


def keep_file(target: Path, content: Content, changed_at: float | None) -> bool:
    """Whether it is new, or another one than was there.

    Args:
        changed_at: when what it belongs to came to rest, in UTC seconds; None where it has not. One that is to be
            fetched, which only its size is known of, is fetched again unless that was before the last time.

    Raises:
        DataError: a server does not give it; what was there is untouched.
        OSError
    """
    known = _digest(target) if target.is_file() and target.stat().st_size == _size(content) else None
    if known is not None:
        if isinstance(content, FetchedFile):
            if changed_at is not None and changed_at < target.stat().st_mtime - _CLOCKS:
                return False
        elif _digest(content) == known:
            return False
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, lambda path: _write(path, content))
    return known is None or _digest(target) != known


def _size(content: Content) -> int:
    if isinstance(content, FetchedFile):
        return content.size
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _digest(content: Path | bytes) -> bytes:
    if isinstance(content, bytes):
        return hashlib.sha256(content).digest()
    with _opened(content) as file:
        return hashlib.file_digest(file, "sha256").digest()


def _opened(path: Path) -> BufferedReader:
    """Not what a link leads to."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")


def _write(path: Path, content: Content) -> None:
    if isinstance(content, FetchedFile):
        content.fetch(path)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with _opened(content) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 2**20)
