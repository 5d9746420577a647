"""A run's colour: for ever, its own, and readable."""

import itertools
import math

import pytest

from core.charts.colours import _oklab, colours_apart, run_colour, scale_colour

WHITE, NEAR_BLACK = "#ffffff", "#12181b"
RUNS = range(1, 4097)


def _channels(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_a_colour_never_changes() -> None:
    assert [run_colour(run_id) for run_id in (1, 2, 3, 10_000)] == ["#358f02", "#6a7ec5", "#bf5d08", "#2085b2"]


def test_thousands_of_runs_have_different_colours() -> None:
    assert len({run_colour(run_id) for run_id in RUNS}) == len(RUNS)


@pytest.mark.parametrize("background", [WHITE, NEAR_BLACK])
def test_every_colour_stands_out_from_the_background(background: str) -> None:
    # 3:1 is what WCAG asks of graphics.
    assert min(_contrast(run_colour(run_id), background) for run_id in RUNS) >= 3


def test_neighbours_are_clearly_different() -> None:
    for run_id in RUNS[:-1]:
        pair = zip(_channels(run_colour(run_id)), _channels(run_colour(run_id + 1)), strict=True)
        assert sum(abs(one - other) for one, other in pair) > 0.3


def test_runs_shown_together_are_told_apart_and_most_keep_their_own_colour() -> None:
    for shown in ([4, 12, 25], [1, 2, 3], [3, 24, 45, 66], [7, 20, 33, 41, 54, 62, 75, 88], list(range(1, 9))):
        found = colours_apart(reversed(shown))
        spots = [_oklab(found[each]) for each in shown]
        assert min(math.dist(*pair) for pair in itertools.combinations(spots, 2)) > 0.1, shown
        assert found[shown[0]] == run_colour(shown[0])
    assert colours_apart([4, 6]) == {4: run_colour(4), 6: run_colour(6)}
    assert len(set(colours_apart(range(1, 300)).values())) == 299


def test_the_scale_has_different_ends() -> None:
    assert scale_colour(0.0) != scale_colour(1.0)
