"""Pictures that are nearly the same in two parts: copied, compressed again, made brighter or smaller.

A perceptual hash of each (signs of the low frequencies of its cosine transform, as pHash) finds candidates, all at
once by matrix products; those that are alike pixel by pixel are told.
"""

from collections.abc import Iterator

import numpy as np

from core.data.base import Array, Part, Raw
from core.data.library.leaks.copies import INSTANCES, keys
from core.data.library.leaks.leak import PART_NAMES, Leak, between
from core.data.library.read_options import Progress, silent, within

_SIDE = 8  # frequencies each way: 64 bits
_BITS = 6  # that may differ between hashes of near-duplicates
_ALIKE = 0.99  # correlation of all pixels; pictures of one class differ more
_PIECE = 512  # pictures at a time
_MOST_PAIRS = 2_000_000_000  # comparisons of hashes, about ten seconds; of more a sample is looked at
_MOST_CANDIDATES = 200_000  # pairs that are compared by pixels


def near_pictures(raw: Raw, progress: Progress = silent) -> Iterator[Leak]:
    parts = [(part, np.asarray(x)) for part, x, y in raw.parts() if len(y)]
    hashes = {part: _hashes(x, within(progress, 0.0, 0.5)) for part, x in parts}
    for later in range(1, len(parts)):
        part, x = parts[later]
        for earlier, others in parts[:later]:
            step = -(-len(x) * len(others) // _MOST_PAIRS)
            rows = np.arange(0, len(x), step)
            pairs = _pairs(x, others, rows, hashes[part], hashes[earlier], within(progress, 0.5, 1.0))
            if pairs:
                yield _leak(part, earlier, pairs, len(rows), sampled=step > 1)


def _leak(part: Part, earlier: Part, pairs: dict[int, int], looked_at: int, *, sampled: bool) -> Leak:
    some = list(pairs.items())[:INSTANCES]
    name, other_name = PART_NAMES[part], PART_NAMES[earlier]
    nearly = f"nearly the same as one of the {other_name} part"
    how = "picture", f"{nearly}, of {looked_at:,} looked at" if sampled else nearly
    instances = tuple(f"{name} {row + 1:,} and {other_name} {other + 1:,}" for row, other in some)
    return between("near copies", (part, earlier), len(pairs), looked_at, how, instances)


def _hashes(x: Array, progress: Progress) -> Array:
    """uint64 of each picture."""
    down, across = _cosines(x.shape[1]), _cosines(x.shape[2])
    found = np.zeros(len(x), np.uint64)
    for start in range(0, len(x), _PIECE):
        progress(start / len(x), f"{start:,} of {len(x):,} pictures looked at for near-duplicates")
        grey = x[start : start + _PIECE].mean(axis=-1, dtype=np.float32)
        low = (down @ grey @ across.T).reshape(len(grey), -1)
        bits = low > np.median(low, axis=1, keepdims=True)
        found[start : start + _PIECE] = np.packbits(bits, axis=1).view(">u8").ravel()
    return found


def _cosines(size: int) -> Array:
    """float32 [frequencies, size]: the rows of a cosine transform (type II) but the constant one."""
    places = (np.arange(size) + 0.5) * np.pi / size
    return np.cos(np.arange(1, _SIDE + 1)[:, np.newaxis] * places).astype(np.float32)


def _pairs(x: Array, others: Array, rows: Array, own: Array, known: Array, progress: Progress) -> dict[int, int]:
    """Row by row the most alike of the others, where it is alike enough and no exact copy."""
    copies = set(keys(others).tolist())
    found: dict[int, int] = {}
    left = _MOST_CANDIDATES
    for start in range(0, len(rows), _PIECE):
        progress(start / len(rows), f"{start:,} of {len(rows):,} pictures compared")
        piece = rows[start : start + _PIECE]
        near = np.bitwise_count(own[piece, np.newaxis] ^ known) <= _BITS
        exact = np.isin(keys(x[piece]), list(copies))
        for at in np.flatnonzero(near.any(axis=1) & ~exact).tolist():
            candidates = np.flatnonzero(near[at])[: max(0, left)]
            left -= len(candidates)
            best = _most_alike(x[piece[at]], others, candidates)
            if best is not None:
                found[int(piece[at])] = best
    return found


def _most_alike(picture: Array, others: Array, candidates: Array) -> int | None:
    if not len(candidates):
        return None
    own = _centred(picture[np.newaxis])
    alike = (_centred(others[candidates]) @ own.T).ravel()
    best = int(np.argmax(alike))
    return int(candidates[best]) if alike[best] >= _ALIKE else None


def _centred(pictures: Array) -> Array:
    """Pixels with mean 0 and length 1, so that brightness and contrast do not matter; of one colour all 0."""
    flat = pictures.reshape(len(pictures), -1).astype(np.float32)
    flat = flat - flat.mean(axis=1, keepdims=True)
    scaled: Array = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    return scaled
