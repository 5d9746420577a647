"""Records of a LevelDB log as W&B writes it: 7 bytes in front, then blocks of 32 KiB.

A record is cut into pieces that fit into blocks: checksum (4 bytes), length (2), type (1: whole, 2: first, 3: middle,
4: last), data. See LevelDB's doc/log_format.md, but the checksum is zlib's CRC-32 of type and data, without a mask.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

from core.common.errors import DataError

LARGEST = 64 * 2**20  # bytes of a record that is put together
_BLOCK, _FRONT, _HEAD = 32 * 2**10, 7, 7
_WHOLE, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4


def read_log(path: Path) -> Iterator[bytes]:
    """The records in order; it ends where the file does, or where it was cut off.

    Raises:
        DataError: it is no such file, or damaged.
    """
    waiting = bytearray()
    with path.open("rb") as file:
        if file.read(_FRONT)[:4] != b":W&B":
            raise DataError(f"{path.name} is no log of a W&B run: it does not begin with :W&B.")
        front = _FRONT  # of the first block, bytes that are taken already
        while block := file.read(_BLOCK - front):
            place, front = 0, 0
            while place + _HEAD <= len(block):
                length = int.from_bytes(block[place + 4 : place + 6], "little")
                kind = block[place + 6]
                data = block[place + _HEAD : place + _HEAD + length]
                if kind == 0 or len(data) < length:  # zeros to the block's end; cut off
                    break
                if int.from_bytes(block[place : place + 4], "little") != zlib.crc32(data, zlib.crc32(bytes([kind]))):
                    raise DataError(f"{path.name} is damaged: a record does not fit its checksum.")
                place += _HEAD + length
                if kind in (_WHOLE, _FIRST):
                    waiting = bytearray()
                waiting += data
                if len(waiting) > LARGEST:
                    raise DataError(f"{path.name} has a record of more than {LARGEST // 2**20} MiB.")
                if kind in (_WHOLE, _LAST):
                    yield bytes(waiting)
