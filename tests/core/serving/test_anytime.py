"""The verdict's interval holds at every look."""

from math import log

import numpy as np
import pytest

from core.serving.anytime import ALPHA, Judged, evidence, interval, paired


@pytest.mark.parametrize(("first", "second"), [(0.7, 0.7), (0.9, 0.8)])
def test_whoever_looks_after_each_answer_is_misled_at_most_as_often_as_is_said(first: float, second: float) -> None:
    """200 comparisons of 400 judged answers, half of each version, looked at after each of them; the seed is fixed."""
    draw, misled = np.random.default_rng(5), 0
    for _ in range(200):
        right = [np.cumsum(draw.random(200) < share) for share in (first, second)]
        looks = (
            evidence(Judged(int(one), at), Judged(int(other), at), second - first)
            for at, (one, other) in enumerate(zip(*right, strict=True), start=1)
        )
        misled += any(each >= log(1 / ALPHA) for each in looks)
    assert misled <= 200 * ALPHA + 3 * (200 * ALPHA * (1 - ALPHA)) ** 0.5


def test_of_two_that_answer_the_same_questions_it_holds_at_every_tenth_look() -> None:
    draw, misled = np.random.default_rng(6), 0
    for _ in range(100):
        kinds = draw.choice(3, 300, p=[0.6, 0.25, 0.15])  # both alike, only the second right, only the first
        gained, lost = (np.cumsum(kinds == kind) for kind in (1, 2))
        looks = (paired(int(gained[at]), int(lost[at]), at + 1) for at in range(0, 300, 10))
        misled += any(not low <= 0.1 <= high for low, high in looks)
    assert misled <= 100 * ALPHA
    low, high = paired(150, 50, 1000)
    assert 0 < low < 0.1 < high < 0.25


def test_the_interval_holds_what_is_not_refuted_and_narrows() -> None:
    for counts in ((Judged(70, 100), Judged(90, 100)), (Judged(0, 5), Judged(3, 3)), (Judged(4, 9), Judged(4, 9))):
        low, high = interval(*counts)
        assert -1 <= low <= counts[1].share - counts[0].share <= high <= 1
        for end in (low, high):
            assert abs(end) == 1 or evidence(*counts, end) == pytest.approx(log(1 / ALPHA), abs=1e-6)
    few, many = (interval(Judged(7 * n, 10 * n), Judged(9 * n, 10 * n)) for n in (1, 50))
    assert few[0] < 0 < many[0] < 0.2 < many[1] < few[1]
    low, high = interval(Judged(0, 1), Judged(1, 1))
    assert (low < -0.7, high) == (True, 1.0)
