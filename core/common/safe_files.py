"""Files of a folder that others may write into: links and `..` never lead out of it."""

import os
from pathlib import Path
from typing import BinaryIO


def file_inside(folder: Path, name: str) -> Path | None:
    """The file of this name, None where there is none, or only one that lies elsewhere. The folder may be a link."""
    try:
        root = folder.resolve(strict=True)
        path = (root / name).resolve(strict=True)
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # absent, not to be read; NUL in the name; links in a circle
        return None


def open_inside(folder: Path, name: str) -> BinaryIO:
    """Raises FileNotFoundError as `file_inside` gives None, and OSError."""
    path = file_inside(folder, name)
    if path is None:
        raise FileNotFoundError(2, "No such file in its folder", str(folder / name))
    # Nothing is followed and nothing waited for, should another file have taken its place since.
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
