"""Counts of numbers in bins of equal width, however narrow their range is."""

import numpy as np

from core.data.base import Array


def histogram(values: Array, bins: int) -> tuple[Array, Array]:
    """Counts, and the bins' edges, one more than counts.

    Args:
        values: finite, at least one.
        bins: wanted; there are fewer where float64 has too few numbers between the lowest value and the highest.
    """
    values = np.asarray(values, np.float64)
    while bins > 1:
        try:
            return np.histogram(values, bins)
        except ValueError:  # the edges of so many bins would be equal
            bins //= 2
    edges = np.array([np.nextafter(values.min(), -np.inf), np.nextafter(values.max(), np.inf)])
    return np.array([len(values)]), edges
