"""Taking a snapshot of a project: which files belong to its code, and where they stood in version control."""

import os
import subprocess
import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from core.common.errors import DataError, TraindeckError
from core.common.settings import Settings
from core.common.text import plural, quoted
from core.data.library.trees import opened
from core.scripts import code_store
from core.scripts.code_store import Kept, Snapshot

MOST_BYTES = 100 * 2**20  # of a snapshot
_MOST_UNTRACKED = 10 * 2**20  # of one file that is in no version control: larger ones are data
_MOST_FILES = 20_000
_MOST_DIFF = 2**20  # bytes
_TOLD = 20  # files that were left out
_DEEPEST = 5  # repositories within repositories
_DEEPEST_PATH = 100  # folders within folders of a zip
_NEVER = {".git", "__pycache__", "node_modules", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
_GIT_SECONDS = 60


class SnapshotError(TraindeckError):
    """The code cannot be kept: too much of it, or not to be read."""


@dataclass(frozen=True)
class Taken:
    """A snapshot, and what is known of where it came from."""

    snapshot: Snapshot
    facts: dict[str, Any]


def take(settings: Settings, folder: Path) -> Taken:
    """Keep the code of a folder as it is now.

    Raises:
        SnapshotError
    """
    tracked, untracked = _listed(folder, settings.home)
    kept = dict(_sized(folder, tracked))
    if (total := sum(kept.values())) > MOST_BYTES:
        raise SnapshotError(too_large(kept, total))
    left_out = list(_not_to_be_kept(folder, [*tracked, *untracked]))
    for path, size in sorted(_sized(folder, untracked), key=lambda each: each[1]):
        if size > _MOST_UNTRACKED or total + size > MOST_BYTES or len(kept) >= _MOST_FILES:
            left_out.append(path)
        else:
            kept[path] = size
            total += size
    try:
        files = dict(_kept(settings, folder, kept))
        found = code_store.put_snapshot(settings, files)
    except OSError as error:
        raise SnapshotError(f"The code in {folder} could not be kept: {error}.") from error
    if not files:
        raise SnapshotError(f"{folder} holds no files of code. Choose the folder that has the script.")
    facts: dict[str, Any] = {"folder": str(folder), "snapshot": found.id, "files": len(files), "bytes": found.size}
    if left_out:
        more = [f"{len(left_out) - _TOLD:,} more"] if len(left_out) > _TOLD else []
        facts["left_out"] = sorted(left_out)[:_TOLD] + more
    return Taken(found, facts | _version(settings, folder))


def take_zip(settings: Settings, file: Path, name: str) -> Taken:
    """Keep the code in a zip, without the folder that all of it may lie in.

    Raises:
        SnapshotError
    """
    try:
        with opened(file, settings, name, hidden=True) as tree:
            sizes = {path: size for path, size in tree.sizes.items() if not set(path.parts) & _NEVER}
            _require_placeable(name, sizes)
            if sum(sizes.values()) > MOST_BYTES:
                raise SnapshotError(too_large({str(path): size for path, size in sizes.items()}, None))
            files = {}
            for path in sizes:
                content = tree.read(path)
                files[str(path)] = Kept(code_store.put(settings, content), len(content), executable=False)
    except (DataError, OSError) as error:
        raise SnapshotError(str(error)) from error
    files = _without_common_folder(files)
    found = code_store.put_snapshot(settings, files)
    return Taken(found, {"zip": name, "snapshot": found.id, "files": len(files), "bytes": found.size})


def _require_placeable(name: str, paths: Collection[PurePosixPath]) -> None:
    """Raises SnapshotError: there is no code, too much, or what no folder can hold."""
    if not paths:
        raise SnapshotError(f"{name} holds no files of code. Pack the folder that has the script.")
    if len(paths) > _MOST_FILES:
        raise SnapshotError(
            f"{name} holds {len(paths):,} files; at most {_MOST_FILES:,} are kept with a run. Leave data and "
            "environments out of it."
        )
    folders = {above for path in paths for above in path.parents if len(path.parts) <= _DEEPEST_PATH}
    for path in paths:
        if max(len(part.encode("utf-8", "replace")) for part in path.parts) > 255 or len(path.parts) > _DEEPEST_PATH:
            raise SnapshotError(f"{name} is refused: {quoted(str(path), 80)} is too long a name for a file.")
        if path in folders:
            raise SnapshotError(f"{name} is refused: {quoted(str(path))} is a file and a folder. Make it again.")


def _without_common_folder(files: dict[str, Kept]) -> dict[str, Kept]:
    firsts = {path.partition("/")[0] for path in files}
    if len(firsts) == 1 and all("/" in path for path in files):
        return {path.partition("/")[2]: kept for path, kept in files.items()}
    return files


def _kept(settings: Settings, folder: Path, paths: Iterable[str]) -> Iterator[tuple[str, Kept]]:
    for path in paths:
        file = folder / path
        content = file.read_bytes()
        yield path, Kept(code_store.put(settings, content), len(content), os.access(file, os.X_OK))


def _sized(folder: Path, paths: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Those that are files within the folder, with their sizes in bytes."""
    root = folder.resolve()
    for path in paths:
        file = folder / path
        if file.is_file() and file.resolve().is_relative_to(root) and not set(path.split("/")) & _NEVER:
            yield path, file.stat().st_size


def _not_to_be_kept(folder: Path, paths: Iterable[str]) -> Iterator[str]:
    """Of those, with the reason: repositories without a file, links to folders and to what is outside."""
    for path in paths:
        file = folder / path
        if file.is_symlink() and not (file.is_file() and file.resolve().is_relative_to(folder.resolve())):
            yield f"{path} (a link)"
        elif not file.is_symlink() and file.is_dir():
            yield f"{path.rstrip('/')} (a repository without files)"


def _listed(folder: Path, home: Path, depth: int = 0) -> tuple[list[str], list[str]]:
    """Paths within the folder: what its repository tracks, and what else is not ignored; nothing of the workspace.

    A repository within is listed as what it is in, and so are submodules that are not known as such: what they hold
    is untracked here. Where they hold nothing, their folder stands for them.
    """
    tracked = _paths(_git(folder, "ls-files", "-z", "--cached", "--recurse-submodules"))
    if tracked is not None:
        others = _paths(_git(folder, "ls-files", "-z", "--others", "--exclude-standard")) or []
    else:
        tracked, others = [], _without_repository(folder)
    inside = home.resolve().relative_to(folder.resolve()).as_posix() if _is_in(home, folder) else ""
    environments = {path.rpartition("/")[0] for path in others if path.rpartition("/")[2] == "pyvenv.cfg"}
    skipped = tuple(f"{each}/" for each in (inside, *environments) if each)
    others = [path for path in others if not path.startswith(skipped)] if skipped else others
    within = [path for path in (*tracked, *others) if (folder / path).is_dir() and not (folder / path).is_symlink()]
    for path in within if depth < _DEEPEST else ():
        found = [f"{path.rstrip('/')}/{each}" for part in _listed(folder / path, home, depth + 1) for each in part]
        if found:
            others += found
            (tracked if path in tracked else others).remove(path)
    return tracked, others


def _is_in(path: Path, folder: Path) -> bool:
    return path.resolve() != folder.resolve() and path.resolve().is_relative_to(folder.resolve())


def _without_repository(folder: Path) -> list[str]:
    """Its .gitignore holds all the same, where there is git."""
    with tempfile.TemporaryDirectory() as place:
        if _git(Path(place), "init", "-q", ".") is not None:
            options = (f"--git-dir={place}/.git", f"--work-tree={folder}", "ls-files", "-z", "--others")
            found = _paths(_git(folder, *options, "--exclude-standard"))
            if found is not None:
                return found
    walked: list[str] = []
    for where, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if each not in _NEVER and not Path(where, each, "pyvenv.cfg").exists()]
        walked += [Path(where, each).relative_to(folder).as_posix() for each in files]
        if len(walked) > _MOST_FILES:
            break
    return walked


def _paths(told: bytes | None) -> list[str] | None:
    return None if told is None else [os.fsdecode(each) for each in told.split(b"\0") if each]


def _version(settings: Settings, folder: Path) -> dict[str, Any]:
    """Commit, branch and what was changed since; nothing where there is no repository."""
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None:
        return {}
    branch = _git(folder, "rev-parse", "--abbrev-ref", "HEAD") or b""
    facts: dict[str, Any] = {"commit": commit.decode().strip(), "branch": branch.decode(errors="replace").strip()}
    diff = _git(folder, "diff", "HEAD", "--no-color", "--no-ext-diff", "--no-textconv", "--relative", "--", ".") or b""
    if diff:
        text = diff[:_MOST_DIFF]
        changed = sum(line[:1] in (b"+", b"-") and line[:3] not in (b"+++", b"---") for line in text.splitlines())
        facts |= {"changed_lines": changed, "diff": code_store.put(settings, text)}
    return facts


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git says; None where it is not installed, or says no."""
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - git, wherever it is installed
            command,
            cwd=folder,
            capture_output=True,
            timeout=_GIT_SECONDS,
            check=True,
            env=environment | {"GIT_OPTIONAL_LOCKS": "0"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def too_large(sizes: dict[str, int], total: int | None) -> str:
    total = sum(sizes.values()) if total is None else total
    largest = sorted(sizes, key=lambda path: -sizes[path])[:5]
    told = ", ".join(f"{path} ({sizes[path] / 2**20:,.1f} MB)" for path in largest)
    return (
        f"The code has {total / 2**20:,.0f} MB in {plural(len(sizes), 'file')}; at most {MOST_BYTES // 2**20} MB are "
        f"kept with a run. The largest are {told}. Take data out of the repository, or name it in .gitignore."
    )
