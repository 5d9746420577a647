"""Parts that are cut by time: a moment is never parted, and from when on the test part is, is told."""

from pathlib import Path

import numpy as np
import pytest

from core.common.settings import Settings
from core.data.library import TextOptions, adding
from core.data.library.file_groups import moments
from core.data.library.splitting import held_back


@pytest.mark.parametrize(
    ("at", "share", "train"),
    [
        ([1, 2, 3, 4, 5], 0.2, 4),
        ([1, 1, 2, 2, 2, 2, 3, 3], 0.5, 6),  # in the midst of 2: from 3 on
        ([1, 1, 1, 2, 2, 2, 2, 2], 0.25, 3),  # none is after 2: from 2 on
        ([5, 5, 5, 5], 0.25, 3),  # one moment only
        ([1, 1, 2, 2], 0.0, 4),
        ([2.5], 0.9, 1),
    ],
)
def test_examples_of_one_moment_stay_together(at: list[float], share: float, train: int) -> None:
    shuffled = np.random.default_rng(0).permutation(len(at))
    times = np.array(at, float)[shuffled]

    kept, test = held_back(np.zeros(len(at), np.int32), share, moments=times)

    assert times[kept].tolist() == at[:train]
    assert times[test].tolist() == at[train:]


@pytest.mark.parametrize(
    ("written", "order"),
    [
        (["2017-12-31", "December 29, 2017", "Dec 30, 2017"], [1, 2, 0]),  # each in a way of its own
        (["31/12/2017", "2017-12-30"], [1, 0]),
        (["13.01.2026", "07.01.2026"], [1, 0]),  # in one way: no July
    ],
)
def test_dates_of_several_layouts_have_an_order(written: list[str], order: list[int]) -> None:
    assert np.argsort(moments(written, "some")).tolist() == order


@pytest.mark.parametrize(
    ("every", "told", "counts"),
    [
        (1, "The test part is what comes from 25.01.2026 on (day): 6 of 30.", (24, 6)),
        (
            7,
            "The test part is what comes from 05.01.2026 on (day): 2 of 30; those of one time stay together.",
            (28, 2),
        ),
        (30, "All examples have one day, 01.01.2026: those of the test part are not later.", (24, 6)),
    ],
)
def test_from_when_on_rows_are_the_test_part_is_told(
    settings: Settings, tmp_path: Path, every: int, told: str, counts: tuple[int, int]
) -> None:
    rows = "".join(f"thing {at} was said,{'ab'[at % 2]},{at // every + 1:02}.01.2026\n" for at in range(30))
    (tmp_path / "t.csv").write_text(f"text,label,day\n{rows}")

    added = adding.add_text(settings, "mine", tmp_path / "t.csv", TextOptions(time="day"))

    assert told in added.warnings
    assert (added.info.train_examples, added.info.test_examples) == counts
