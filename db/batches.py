"""Long lists, of runs above all, in pieces that a statement can take."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

_SIZE = 10_000  # SQLite takes 32,766 values in one statement
_LARGEST = 2**31 - 1  # the keys are of the type INTEGER, which has 32 bits elsewhere than in SQLite


def batches(run_ids: Iterable[int]) -> Iterator[list[int]]:
    """Each number once, in the order given; numbers that no run can have are left out."""
    wanted = [run_id for run_id in dict.fromkeys(run_ids) if 0 < run_id <= _LARGEST]
    yield from pieces(wanted)


def pieces(values: Iterable[T]) -> Iterator[list[T]]:
    every = list(values)
    for start in range(0, len(every), _SIZE):
        yield every[start : start + _SIZE]
