"""The idx format in which MNIST is published (http://yann.lecun.com/exdb/mnist): big-endian sizes, then bytes."""

import gzip
import zlib
from pathlib import Path

import numpy as np

from core.common.errors import DataError
from core.data.base import Array, Raw

_UINT8 = 0x08


def _spellings(stem: str, dimensions: int) -> list[str]:
    names = [f"{stem}-idx{dimensions}-ubyte", f"{stem}.idx{dimensions}-ubyte"]  # published, and as often unpacked
    return [*names, *(f"{name}.gz" for name in names)]


NAMES = [
    _spellings("train-images", 3),
    _spellings("train-labels", 1),
    _spellings("t10k-images", 3),
    _spellings("t10k-labels", 1),
]


def read(files: list[Path]) -> Raw:
    """Training images, training labels, test images, test labels. Raises DataError."""
    return Raw(*(read_idx(file) for file in files))


def read_idx(path: Path) -> Array:
    """One idx file of bytes, gzipped or not; raises DataError."""
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read: {error}. Get the file again, it is damaged.") from error
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != _UINT8:
        raise DataError(
            f"{path} begins with {content[:4].hex(' ') or 'nothing'}; an idx file of bytes begins with 00 00 08. "
            "Get the file again, it is damaged or of another format."
        )
    dimensions = content[3]
    header = 4 + 4 * dimensions
    shape = tuple(np.frombuffer(content[4:header].ljust(4 * dimensions, b"\0"), ">u4").tolist())
    expected = header + int(np.prod(shape, dtype=object))
    if len(content) != expected:
        raise DataError(
            f"{path} holds {len(content):,} bytes, and its header promises {expected:,}. Get the file again, it is not "
            "complete."
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
