"""CRC-32C as TFRecord masks it, of many records at once: byte by byte in Python it would take longer than all else.

The polynomial is Castagnoli's, reflected (RFC 3720, appendix B.4); the mask is that of TensorFlow's lib/hash/crc32c.h.
"""

import functools

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8
_BLOCK = 512  # bytes of a long record that are computed side by side with those of its other blocks
_LONG = 4 * _BLOCK
Numbers = NDArray[np.uint32]


def _table() -> Numbers:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(_POLYNOMIAL), table >> 1).astype(np.uint32)
    return table


_TABLE = _table()


def masked(data: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Numbers:
    """Masked checksums of records that lie in `data` from `starts` on, `lengths` bytes each."""
    crc = np.full(len(starts), 0xFFFFFFFF, np.uint32)
    order = np.argsort(-lengths, kind="stable")
    long = int(np.searchsorted(-lengths[order], -_LONG, side="right"))
    for each in order[:long]:
        crc[each] = _of_long(data[starts[each] : starts[each] + lengths[each]])
    short = order[long:]
    crc[short] = _of_short(data, starts[short], lengths[short])
    crc = ~crc
    return ((crc >> np.uint32(15)) | (crc << np.uint32(17))) + np.uint32(_MASK_DELTA)


def _of_short(data: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Numbers:
    """Column by column, of records with falling lengths."""
    crc = np.full(len(starts), 0xFFFFFFFF, np.uint32)
    longest = int(lengths[0]) if len(lengths) else 0
    active = np.searchsorted(-lengths, -np.arange(longest), side="left")
    for column, count in enumerate(active.tolist()):
        crc[:count] = _next(crc[:count], data[starts[:count] + column])
    return crc


def _of_long(data: NDArray[np.uint8]) -> int:
    # A checksum that begins with 0 is linear and does not see zeros in front; so blocks are computed side by side, and
    # what came before each is moved past it.
    data = data.copy()
    data[:4] ^= 0xFF
    blocks = np.concatenate([np.zeros(-len(data) % _BLOCK, np.uint8), data]).reshape(-1, _BLOCK)
    crc = np.zeros(len(blocks), np.uint32)
    for column in np.ascontiguousarray(blocks.T):
        crc = _next(crc, column)
    one, two, three, four = _past_block()
    moved = 0
    for part in crc.tolist():
        moved = one[moved & 255] ^ two[moved >> 8 & 255] ^ three[moved >> 16 & 255] ^ four[moved >> 24] ^ part
    return moved


def _next(crc: Numbers, column: NDArray[np.uint8]) -> Numbers:
    following: Numbers = _TABLE[(crc ^ column) & np.uint32(255)] ^ (crc >> np.uint32(8))
    return following


@functools.cache
def _past_block() -> list[list[int]]:
    """For each byte of a checksum, lowest first, what its 256 values become once a block of zeros has followed."""
    crc = (np.arange(256, dtype=np.uint32)[None] << np.arange(0, 32, 8, dtype=np.uint32)[:, None]).reshape(-1)
    for _ in range(_BLOCK):
        crc = _next(crc, np.zeros(len(crc), np.uint8))
    table: list[list[int]] = crc.reshape(4, 256).tolist()
    return table
