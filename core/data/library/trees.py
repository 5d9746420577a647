"""A zip or a folder alike: files by their paths within, none of which can lead out of it."""

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from core.common.errors import DataError
from core.common.settings import Settings
from core.common.text import quoted
from core.data.library.part_names import is_document
from core.data.library.placing import Layout, laid_out
from core.data.library.store import too_large

_JUNK = {"__macosx", "thumbs.db", "desktop.ini", ".ds_store"}
_ZIP_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error),
    *(OSError, EOFError, NotImplementedError, RuntimeError, ValueError),  # as zipfile, too, raises them
)


_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_PIECE = 1024**2  # bytes
_SMALL = 64 * 1024**2  # bytes unpacked that are taken whatever the ratio


class Tree:
    """Files and folders of a zip or folder; without what operating systems leave in them."""

    def __init__(
        self,
        name: str,
        source: "Path | zipfile.ZipFile",
        sizes: dict[PurePosixPath, int],
        entries: dict[PurePosixPath, zipfile.ZipInfo] | None = None,
        *,
        hidden: bool = False,
    ) -> None:
        """`entries` are those of a zip, which may be called `./a` there; `hidden` has files that begin with a dot."""
        self.name = name
        self.sizes = {path: size for path, size in sizes.items() if not _is_junk(path, hidden=hidden)}
        self.folders: set[PurePosixPath] = set()  # those that are written down as such, empty ones too
        self.has_hidden = hidden
        self._source = source
        self._entries = entries or {}

    def read(self, entry: PurePosixPath) -> bytes:
        """Raises DataError for a damaged file."""
        try:
            if isinstance(self._source, Path):
                return (self._source / entry).read_bytes()
            return self._source.read(self._entries[entry])
        except _ZIP_ERRORS as error:
            raise DataError(f"{self.name} is damaged: {entry} cannot be read ({error}). Make it again.") from error

    def unpack(self, entry: PurePosixPath, target: Path) -> None:
        """Copy a file piece by piece. Raises DataError for a damaged one; OSError where it cannot be written."""
        with target.open("wb") as written:
            try:
                with self._opened(entry) as source:
                    while piece := source.read(_PIECE):
                        written.write(piece)
            except _DAMAGED as error:
                raise DataError(f"{self.name} is damaged: {entry} cannot be read ({error}). Make it again.") from error

    def _opened(self, entry: PurePosixPath) -> IO[bytes]:
        if isinstance(self._source, Path):
            return (self._source / entry).open("rb")
        return self._source.open(self._entries[entry])

    def laid_out(self, wanted: Callable[[PurePosixPath], bool]) -> Layout:
        """Where the wanted files lie. Raises DataError as `core.data.library.placing.laid_out`."""
        return laid_out([entry for entry in sorted(self.sizes) if wanted(entry)], self.name)


@contextmanager
def opened(path: Path, settings: Settings, name: str = "", *, hidden: bool = False) -> Iterator[Tree]:
    """A zip or a folder to read from, of a zip also what is `hidden` by a dot, if that is wanted.

    Raises DataError: neither, damaged, too large, or not to be trusted.
    """
    name = name or path.name
    if path.is_dir():
        tree = _folder(path, settings, name)
        data = [entry for entry in tree.sizes if not is_document(entry)]
        if len(data) == 1 and data[0].suffix.lower() == ".zip":
            with opened(path / data[0], settings, f"{name}, {data[0]}") as packed:
                yield packed
            return
        yield tree
        return
    try:
        archive = zipfile.ZipFile(path)
    except _ZIP_ERRORS as error:
        raise DataError(
            f"{name} cannot be read as a zip file ({error}); it is of another kind, or was cut off on its way. "
            "Accepted are a zip file or a folder."
        ) from error
    with archive:
        yield _zip(archive, settings, name, hidden=hidden)


def is_tree(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)


def _folder(path: Path, settings: Settings, name: str) -> Tree:
    sizes: dict[PurePosixPath, int] = {}
    folders = set()
    try:
        for file in sorted(path.rglob("*")):
            relative = PurePosixPath(file.relative_to(path).as_posix())
            if file.is_symlink() and not file.resolve().is_relative_to(path.resolve()):
                raise DataError(
                    f"{name}: {relative} is a link that leads out of the folder. Copy the file in its place."
                )
            if file.is_dir():
                folders.add(relative)
            elif file.is_file():
                sizes[relative] = file.stat().st_size
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror}.") from error
    if sum(sizes.values()) > settings.max_unpacked_mb * 1024**2:
        raise DataError(_unpacked_too_large(name, settings))
    return _filled(Tree(name, path, sizes), folders)


def _zip(archive: zipfile.ZipFile, settings: Settings, name: str, *, hidden: bool) -> Tree:
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > settings.max_unpacked_mb * 1024**2:
        raise DataError(_unpacked_too_large(name, settings))
    # Not more than the file has: entries of a zip bomb share their bytes.
    packed = min(sum(info.compress_size for info in infos), Path(str(archive.filename)).stat().st_size)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > max(_SMALL, settings.max_ratio * packed):
        raise DataError(
            f"{name} would grow from {packed / 1024**2:,.1f} to {unpacked / 1024**2:,.0f} MB when it is unpacked, more "
            f"than {settings.max_ratio} times. Give the folder itself, or raise TRAINDECK_MAX_RATIO if it is meant so."
        )
    if len(infos) > settings.max_examples:
        raise DataError(
            f"{name} holds {len(infos):,} files; accepted are {settings.max_examples:,}. Take fewer, or raise "
            "TRAINDECK_MAX_EXAMPLES."
        )
    entries: dict[PurePosixPath, zipfile.ZipInfo] = {}
    folders = set()
    for info in infos:
        told = info.filename.replace("\\", "/")  # as some programs of Windows part folders
        path = PurePosixPath(told)
        if path.is_absolute() or ".." in path.parts or ":" in (path.parts or ("",))[0]:
            raise DataError(
                f"{name} is refused: its entry {quoted(info.filename)} leads out of the folder. Make it again."
            )
        if stat.S_ISLNK(info.external_attr >> 16):
            raise DataError(f"{name} is refused: its entry {quoted(info.filename)} is a link. Pack the file itself.")
        if info.flag_bits & 1:
            raise DataError(f"{name} is encrypted ({quoted(info.filename)}). Pack it without a password.")
        if told.endswith("/"):
            folders.add(path)
        else:
            entries[path] = info
    sizes = {path: info.file_size for path, info in entries.items()}
    return _filled(Tree(name, archive, sizes, entries, hidden=hidden), folders)


def _filled(tree: Tree, folders: set[PurePosixPath]) -> Tree:
    tree.folders = {folder for folder in folders if not _is_junk(folder)}
    if not tree.sizes:
        hint = "" if tree.has_hidden else " Put a folder for each class into it."
        raise DataError(f"{tree.name} holds no files.{hint}")
    return tree


def check_size(path: Path, settings: Settings, name: str) -> None:
    """Raises DataError: not there, empty, or larger than is taken."""
    if not path.exists():
        raise DataError(f"{path} does not exist on this host. Check the path.")
    if path.is_dir():
        return  # as it is read
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    if not size:
        raise DataError(f"{name} is empty. Check the file, and get it again.")
    if size > settings.max_upload_mb * 1024**2:
        raise DataError(too_large(name, settings))


def _unpacked_too_large(name: str, settings: Settings) -> str:
    return (
        f"{name} holds more than {settings.max_unpacked_mb:,} MB unpacked, which is the most that is taken. Take less, "
        "or raise TRAINDECK_MAX_UNPACKED_MB and start the dashboard again."
    )


def _is_junk(path: PurePosixPath, *, hidden: bool = False) -> bool:
    """`hidden`: what begins with a dot is none."""
    return any((part.startswith(".") and not hidden) or part.lower() in _JUNK for part in path.parts)
