"""Downloadable sets: from a local folder in any layout people have, else from Keras's loader; kept for the next run."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.array_checks import checked
from core.data.base import DataInfo, Raw
from core.data.formats import from_keras
from core.data.formats.layouts import LAYOUTS, Layout
from core.data.formats.npz import read_npz, write_npz


def read_local(name: str, info: DataInfo, settings: Settings) -> Raw:
    """The published arrays of a set, whose name is that of its folder and of Keras's loader.

    Raises:
        DataError: neither local nor downloadable, or damaged.
    """
    raw = read_present(name, info, settings)
    if raw is None:
        raw = _complete(_download(name, settings), info, name)
        write_npz(_kept(name, settings), raw)
    return raw


def read_present(name: str, info: DataInfo, settings: Settings) -> Raw | None:
    """The arrays as far as they lie on this host, None where they would have to be downloaded.

    Raises:
        DataError: damaged, or not complete.
    """
    if settings.data_dir is not None:
        found = _find(settings.data_dir / name, name)
        if found is not None:
            return _complete(_read(*found, name, settings.datasets_dir / name), info, name)
    kept = _kept(name, settings)
    return _complete(read_npz(kept), info, name) if kept.is_file() else None


def present_files(name: str, settings: Settings) -> list[Path]:
    """The files that `read_present` would read, [] where there are none."""
    found = _find(settings.data_dir / name, name) if settings.data_dir is not None else None
    kept = _kept(name, settings)
    return found[1] if found else [kept] if kept.is_file() else []


def how_to_get(name: str, settings: Settings) -> str:
    """What to put where, so that a set is found on this host."""
    folder = settings.data_dir / name if settings.data_dir else Path(f"<TRAINDECK_DATA_DIR>/{name}")
    what = f"Put one of these into {folder}"
    if settings.data_dir is None:
        what = f"Set TRAINDECK_DATA_DIR to a folder of your own, and put one of these into {folder}"
    layouts = "; ".join(layout.files.format(name=name) for layout in LAYOUTS if name in layout.sets)
    return f"{what}: {layouts}."


def _kept(name: str, settings: Settings) -> Path:
    """A download of an earlier run."""
    return settings.datasets_dir / name / f"{name}.npz"


def _find(folder: Path, name: str) -> tuple[Layout, list[Path]] | None:
    """The first layout whose files are all somewhere in the folder, and those files."""
    present = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    for layout in LAYOUTS:
        files = layout.find(present, name) if name in layout.sets else []
        if files:
            return layout, files
    return None


def _read(layout: Layout, files: list[Path], name: str, kept: Path) -> Raw:
    if not layout.slow:
        return layout.read(files)
    copy = kept / f"{name}-{_stamp(files)}.npz"
    if copy.is_file():
        return read_npz(copy)
    raw = layout.read(files)
    write_npz(copy, raw)
    return raw


def _stamp(files: Iterable[Path]) -> str:
    """Changes when a file does."""
    facts = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _complete(raw: Raw, info: DataInfo, name: str) -> Raw:
    raw = checked(raw, info, name)
    found, published = (len(raw.x_train), len(raw.x_test)), (info.train_examples, info.test_examples)
    if found != published:
        raise DataError(
            f"{name}: {found[0]:,} training and {found[1]:,} test examples were found; published are {published[0]:,} "
            f"and {published[1]:,}. Get the files again, they are not complete."
        )
    return raw


def _download(name: str, settings: Settings) -> Raw:
    try:
        return from_keras.load(name)
    except Exception as error:  # whatever the network, the server or Keras's check of the file raises
        raise DataError(
            f"{name} is neither on this host nor could it be downloaded ({_first_line(error)}). "
            f"{how_to_get(name, settings)}"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
