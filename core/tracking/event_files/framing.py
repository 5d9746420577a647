"""Records of a TFRecord file: length, checksum of the length, data, checksum of the data."""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.tracking.event_files.checksums import masked

CHUNK = 8 * 2**20  # bytes read at once
LARGEST = 256 * 2**20  # bytes of a record; a longer one is passed over
_HEADER, _FOOTER = 12, 4
_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True)
class Records:
    """What lies between two offsets of a file, bytes."""

    records: list[bytes]
    offset: int  # from here on it goes on
    problems: tuple[str, ...] = ()
    is_damaged: bool = False  # past the offset nothing can be read, ever


def read_records(path: Path, offset: int) -> Records:
    """The next whole records, about 8 MiB of them. A record that is cut off is left for the next time.

    Raises:
        OSError
    """
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(CHUNK)
        if len(data) < _HEADER:
            return Records([], offset)
        (first,) = _LENGTH.unpack_from(data)
        whole = _HEADER + first + _FOOTER
        if whole > len(data):  # longer than a chunk, or not whole yet
            if not _is_header(data):
                return _damaged(offset)
            if first > LARGEST:
                is_there = path.stat().st_size >= offset + whole
                told = f"A record of {first:,} bytes at byte {offset:,} is longer than the {LARGEST:,} that are read."
                return Records([], offset + whole, (told,)) if is_there else Records([], offset)
            data += file.read(whole - len(data))
    return _records(data, offset)


def _records(data: bytes, offset: int) -> Records:
    starts, lengths, end = _places(data)
    if not starts:
        return Records([], offset)
    numbers = np.frombuffer(data, np.uint8)
    begins, sizes = np.array(starts, np.int64), np.array(lengths, np.int64)
    right = masked(numbers, begins - _HEADER, np.full(len(begins), 8, np.int64)) == _stored(numbers, begins - 4)
    if not right.all():  # what comes after a wrong length is not where it seems to be
        good = int(np.argmin(right))
        starts, begins, sizes = starts[:good], begins[:good], sizes[:good]
        end = starts[-1] + int(sizes[-1]) + _FOOTER if good else 0
        if not good:
            return _damaged(offset)
    intact = masked(numbers, begins, sizes) == _stored(numbers, begins + sizes)
    kept = zip(starts, sizes.tolist(), intact.tolist(), strict=True)
    records = [data[start : start + size] for start, size, is_intact in kept if is_intact]
    lost = len(starts) - len(records)
    told = (f"{lost:,} records do not fit their checksums, and are left out.",) if lost else ()
    return Records(records, offset + end, told)


def _places(data: bytes) -> tuple[list[int], list[int], int]:
    """Where whole records begin, how long they are, and where the last one ends; lengths are not checked yet."""
    starts, lengths = [], []
    position, limit, length_at = 0, len(data), _LENGTH.unpack_from
    while position + _HEADER <= limit:
        (length,) = length_at(data, position)
        following = position + _HEADER + length + _FOOTER
        if following > limit:
            break
        starts.append(position + _HEADER)
        lengths.append(length)
        position = following
    return starts, lengths, position


def _stored(
    data: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], at: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint32]]:
    found = data[at[:, None] + np.arange(4)]
    return np.ascontiguousarray(found).view("<u4").reshape(-1).astype(np.uint32)


def _is_header(data: bytes) -> bool:
    numbers = np.frombuffer(data[:_HEADER], np.uint8)
    zero = np.zeros(1, np.int64)
    return bool(masked(numbers, zero, zero + 8)[0] == _stored(numbers, zero + 8)[0])


def _damaged(offset: int) -> Records:
    return Records([], offset, (f"What follows byte {offset:,} is no record: the file is damaged there.",), True)
