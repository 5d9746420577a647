"""What was logged of a metric and waits for the next flush."""

from array import array

import numpy as np

from db.records import Series


class Columns:
    """Points as three columns of numbers, 24 bytes a point; not safe between threads."""

    def __init__(self) -> None:
        self._step, self._value, self._wall_time = array("q"), array("d"), array("d")

    def append(self, step: int, value: float, wall_time: float) -> None:
        """Raises OverflowError when the step has more than 64 bits."""
        self._step.append(step)
        self._value.append(value)
        self._wall_time.append(wall_time)

    def extend(self, points: Series) -> None:
        self._step.frombytes(points.step.tobytes())
        self._value.frombytes(points.value.tobytes())
        self._wall_time.frombytes(points.wall_time.tobytes())

    def copied(self, most: int) -> Series:
        """The first points, at most so many."""
        # From a copy: an array that is looked at by NumPy cannot grow.
        return Series(
            np.frombuffer(self._step[:most], np.int64),
            np.frombuffer(self._value[:most], np.float64),
            np.frombuffer(self._wall_time[:most], np.float64),
        )

    def drop(self, count: int) -> None:
        """Remove the first points."""
        for column in (self._step, self._value, self._wall_time):
            del column[:count]

    def __len__(self) -> int:
        return len(self._step)
