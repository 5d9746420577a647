"""Histograms of whatever numbers a column holds."""

import numpy as np
import pytest

from core.data.histogram import histogram
from core.data.library.describe import spread


@pytest.mark.parametrize(
    "values",
    [
        np.array([0.3, 0.30000000000000004] * 5),
        1_700_000_000_000_000_000 + 300 * np.arange(20),
        2**60 + np.arange(20),
        np.full(20, 1.7e18),
        np.full(20, 3.0),
        np.linspace(0, 1, 20),
    ],
)
def test_a_range_of_few_numbers_has_fewer_bins_and_every_value_in_one(values: np.ndarray) -> None:
    counts, edges = histogram(values, 30)

    assert counts.sum() == len(values)
    assert len(edges) == len(counts) + 1
    assert (np.diff(edges) > 0).all()
    found = spread(values)
    assert found is not None
    assert sum(found.histogram.counts) == found.count == len(values)
