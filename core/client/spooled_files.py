"""Files that a run brings, kept in its spool until they are sent; a line of the spool names each."""

import base64
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FILES = "files"  # in a run's spool
SMALL = 16 * 1024  # bytes that stand in the line itself
MOST_FILES = 10_000  # of a folder


def kept(folder: Path, data: bytes) -> dict[str, Any]:
    """What a line says of these bytes: themselves, or the key of a file. Raises OSError."""
    return {"data": base64.b64encode(data).decode()} if len(data) <= SMALL else in_file(folder, data)


def in_file(folder: Path, data: bytes) -> dict[str, Any]:
    """What a line says of a file with these bytes. Raises OSError."""
    key = uuid.uuid4().hex
    folder.mkdir(exist_ok=True)
    part = folder / f"{key}.part"
    part.write_bytes(data)
    part.replace(folder / key)
    return {"file": key, "size": len(data)}


def copied(folder: Path, source: Path) -> dict[str, Any]:
    """What a line says of a copy of a file, which may change from now on. Raises OSError."""
    key = uuid.uuid4().hex
    folder.mkdir(exist_ok=True)
    part = folder / f"{key}.part"
    try:
        shutil.copyfile(source, part)
        part.replace(folder / key)
    finally:
        part.unlink(missing_ok=True)
    return {"file": key, "size": (folder / key).stat().st_size}


def saved(folder: Path, save: Callable[[Path], object]) -> dict[str, Any]:
    """What a line says of a Keras network that `save` writes. Raises what that raises, and OSError."""
    key = uuid.uuid4().hex
    folder.mkdir(exist_ok=True)
    part = folder / f"{key}.part.keras"
    try:
        save(part)
        part.replace(folder / key)
    finally:
        part.unlink(missing_ok=True)
    return {"file": key, "size": (folder / key).stat().st_size}


def files_to_log(path: str | Path, name: str | None) -> Iterator[tuple[Path, str]]:
    """The file, or all in the folder, and what each is called among the run's files. Links are left out.

    Raises:
        ValueError: there is nothing at the path, or too much.
    """
    source = Path(path).expanduser()
    if source.is_file():
        yield source, str(name or source.name)
        return
    if not source.is_dir():
        raise ValueError(f"there is no file and no folder {str(path)[:200]!r}")
    prefix, count = str(name or source.resolve().name), 0
    for where, folders, names in os.walk(source):
        folders.sort()
        for each in sorted(names):
            file = Path(where, each)
            if file.is_symlink() or not file.is_file():
                continue
            count += 1
            if count > MOST_FILES:
                raise ValueError(f"the folder has more than {MOST_FILES:,} files; log an archive of it")
            yield file, f"{prefix}/{file.relative_to(source).as_posix()}"


def sources_below(root: Path) -> Iterator[Path]:
    """Files below a folder, without hidden ones, caches and virtual environments; at most `MOST_FILES`."""
    count = 0
    for where, folders, names in os.walk(root):
        left = (each for each in folders if each[0] not in "._" and not Path(where, each, "pyvenv.cfg").exists())
        folders[:] = sorted(each for each in left if each != "node_modules")
        for each in sorted(names):
            file = Path(where, each)
            if each[0] != "." and file.is_file() and not file.is_symlink() and count < MOST_FILES:
                count += 1
                yield file


def named_files(lines: bytes) -> list[str]:
    """Keys of the files that lines name."""
    found = []
    for each in lines.splitlines():
        if each.startswith((b'["media"', b'["artifact"', b'["checkpoint"')) and b'"file"' in each:
            told = json.loads(each)
            content = next((part for part in told if isinstance(part, dict) and "file" in part), None)
            found += [str(content["file"])] if content else []
    return found
