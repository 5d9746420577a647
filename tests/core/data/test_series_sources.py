"""The real series that ship with the program."""

from pathlib import Path

import numpy as np
import pytest

from core.common.settings import Settings
from core.data.prepare import load
from core.data.series_source import SeriesSource
from core.data.series_times import written
from core.data.sources.elnino import ElNino
from core.data.sources.sunspots import Sunspots


@pytest.mark.parametrize(
    ("source", "first", "last", "highest"),
    [
        (ElNino(window=24, horizon=12), "1950-01", "2010-12", "1998-03"),
        (Sunspots(window=22, horizon=11), "1700", "2008", "1957"),
    ],
)
def test_their_facts_are_those_of_their_files(
    tmp_path: Path, source: SeriesSource, first: str, last: str, highest: str
) -> None:
    data = load(source, Settings(home=tmp_path), 0)
    rows = data.series
    assert rows is not None
    facts = rows.facts
    assert len(rows.target) == facts.length
    assert (rows.times[0], rows.times[-1]) == (facts.start, facts.start + facts.seconds)
    times = written(rows.times, facts)
    assert (times[0], times[-1], times[int(np.argmax(rows.target))]) == (first, last, highest)
    assert data.info.train_examples == sum(source.sizes(source.info(Settings(home=tmp_path))))
