"""Snapshots of code in the workspace: files by the hash of their content, each kept once, and lists of them by theirs.

code/objects/ab/cdef…        a file
code/snapshots/<hash>.json   {"files": {"train.py": ["<hash>", size in bytes, is executable]}}
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.common.whole_files import write_whole

_FRESH_SECONDS = 86_400.0  # what was kept so lately may be of a run that is being launched
_ID = re.compile(r"[0-9a-f]{64}")


class Kept(NamedTuple):
    """A file of a snapshot."""

    hash: str
    size: int  # bytes
    executable: bool


@dataclass(frozen=True)
class Snapshot:
    id: str
    files: dict[str, Kept]  # by path, with slashes

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(each.size for each in self.files.values())


def put(settings: Settings, content: bytes) -> str:
    """Keep a file; returns its hash. Raises OSError."""
    name = hashlib.sha256(content).hexdigest()
    path = _object(settings, name)
    if not _is_kept(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: file.write_bytes(content))
    return name


def get(settings: Settings, name: str) -> bytes:
    """The content of a file that was kept. Raises NotFoundError."""
    try:
        if _ID.fullmatch(name):
            return _object(settings, name).read_bytes()
    except OSError:
        pass
    raise NotFoundError(
        f"A file of the snapshot is gone from {settings.code_dir}: {name[:12]}. Launch from the folder."
    )


def put_snapshot(settings: Settings, files: Mapping[str, Kept]) -> Snapshot:
    """Raises OSError."""
    text = json.dumps({"files": {path: list(files[path]) for path in sorted(files)}}, ensure_ascii=False)
    found = Snapshot(hashlib.sha256(text.encode()).hexdigest(), {path: files[path] for path in sorted(files)})
    path = _list(settings, found.id)
    if not _is_kept(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: file.write_text(text, encoding="utf-8"))
    return found


def snapshot(settings: Settings, name: str) -> Snapshot:
    """Raises NotFoundError."""
    try:
        if _ID.fullmatch(name):
            told = json.loads(_list(settings, name).read_text(encoding="utf-8"))
            return Snapshot(name, {path: Kept(*kept) for path, kept in told["files"].items()})
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise NotFoundError(f"There is no snapshot {name[:12]} of code in {settings.code_dir}. Launch from the folder.")


def unpack(settings: Settings, of: Snapshot, folder: Path) -> None:
    """Write its files into a folder. Raises NotFoundError, OSError."""
    for path, kept in of.files.items():
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts:
            raise NotFoundError(f"The snapshot {of.id[:12]} names {path!r}, which leads out of its folder.")
        target = folder / parts
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(get(settings, kept.hash))
        if kept.executable:
            target.chmod(0o755)


def checked_out(settings: Settings, name: str) -> Path:
    """A folder of the cache with the files of a snapshot, to be read only. Raises NotFoundError, OSError."""
    found = snapshot(settings, name)
    folder = settings.cache_dir / "code" / name
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=folder.parent))
        try:
            unpack(settings, found, temporary)
            temporary.rename(folder)
        except OSError:
            shutil.rmtree(temporary, ignore_errors=True)
            if not folder.is_dir():  # else another process was quicker
                raise
    return folder


def sweep(settings: Settings, snapshots: Collection[str], objects: Collection[str]) -> int:
    """Remove what nobody uses and was not kept anew within a day; returns the bytes that this freed.

    Args:
        snapshots, objects: that are in use; so are the files of the snapshots that stay.
    """
    freed, used = 0, set(objects)
    for path in sorted((settings.code_dir / "snapshots").glob("*.json")):
        if path.stem not in snapshots and not _is_fresh(path):
            freed += _removed(path)
            shutil.rmtree(settings.cache_dir / "code" / path.stem, ignore_errors=True)
            continue
        with contextlib.suppress(NotFoundError):
            used |= {kept.hash for kept in snapshot(settings, path.stem).files.values()}
    for path in _objects(settings):
        if f"{path.parent.name}{path.name}" not in used and not _is_fresh(path):
            freed += _removed(path)
    return freed


def _objects(settings: Settings) -> Iterator[Path]:
    for folder in sorted((settings.code_dir / "objects").glob("??")):
        yield from sorted(folder.iterdir())


def _is_kept(path: Path) -> bool:
    """Whether it is there already; it then counts as kept anew."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _is_fresh(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime < _FRESH_SECONDS
    except FileNotFoundError:  # somebody else empties the trash as well
        return True


def _removed(path: Path) -> int:
    try:
        size = path.stat().st_size
        path.unlink()
    except OSError:
        return 0
    return size


def _object(settings: Settings, name: str) -> Path:
    return settings.code_dir / "objects" / name[:2] / name[2:]


def _list(settings: Settings, name: str) -> Path:
    return settings.code_dir / "snapshots" / f"{name}.json"
