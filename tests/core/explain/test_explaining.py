"""Networks that learned from made data, whose cause is known: explanations find it, and their checks say so."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from core.data.pictures import shown
from core.jobs.explanation import Explanation
from core.jobs.explanation_told import COMPLETE, SUSPICIOUS, beats_chance
from core.jobs.importance import Words
from tests.core.warm import Warm

MODULE = "tests.core.explain.made:explained"
Told = list[dict[str, Any]]


@pytest.fixture(scope="module")
def pictures(warm: Warm) -> Told:
    told: Told = warm.call(MODULE, "picture")
    return told


@pytest.fixture(scope="module", params=["lstm", "attention"])
def texts(warm: Warm, request: pytest.FixtureRequest) -> Told:
    told: Told = warm.call(MODULE, "text", request.param)
    return told


@pytest.fixture(scope="module")
def tables(warm: Warm) -> Told:
    told: Told = warm.call(MODULE, "table")
    return told


def _of(found: Told, method: str) -> list[tuple[Explanation, dict[str, Any]]]:
    return [(Explanation.model_validate(each), each) for each in found if each["method"] == method]


@pytest.mark.parametrize(
    ("method", "least"),
    [
        ("gradients", 0.7),
        ("smooth_gradients", 0.25),
        ("occlusion", 0.85),
        ("shapley", 0.7),
        ("grad_cam", 0.25),
        ("grad_cam_plus", 0.25),
    ],
)
def test_most_of_what_speaks_for_a_picture_lies_in_the_patch_that_decides(
    pictures: Told, method: str, least: float
) -> None:
    found = _of(pictures, method)
    assert len(found) == 3
    for explanation, told in found:
        assert told["share"] >= least  # the patch is a ninth of the picture
        assert explanation.curves is not None
        assert beats_chance(explanation.curves)
        assert explanation.sanity is not None
        if method in ("occlusion", "shapley"):
            assert explanation.sanity <= SUSPICIOUS, "what a bright place gives to any network is divided out"


def test_integrated_gradients_add_up_to_the_difference_and_change_with_random_weights(pictures: Told) -> None:
    for explanation, _ in _of(pictures, "gradients"):
        assert explanation.completeness is not None
        assert explanation.baseline is not None
        assert explanation.completeness <= COMPLETE
        total = sum(map(sum, explanation.heat))
        assert total == pytest.approx(explanation.answer - explanation.baseline, rel=2 * COMPLETE)
        assert explanation.sanity is not None
        assert explanation.sanity < 0.5


@pytest.mark.parametrize("method", ["left_out", "gradients"])
def test_the_word_that_decides_counts_most(texts: Told, method: str) -> None:
    for explanation, told in _of(texts, method):
        values = [part.value for part in explanation.parts]
        assert values.index(max(values)) == told["cause"]
        assert explanation.parts[told["cause"]].name == "good"
        assert explanation.sanity is None or explanation.sanity <= SUSPICIOUS
        if explanation.completeness is not None and explanation.baseline is not None:
            difference = explanation.answer - explanation.baseline
            assert abs(sum(values) - difference) <= (explanation.completeness + 1e-3) * abs(difference)
        assert explanation.curves is not None
        assert beats_chance(explanation.curves)


def test_over_many_texts_the_word_that_decides_speaks_for_its_class_first(texts: Told) -> None:
    [told] = [Words.model_validate(each["words"][0]) for each in texts if each["method"] == "words"]
    assert told.speaks_for[0].text == "good"
    assert told.speaks_for[0].value > 0.5 > max((each.value for each in told.speaks_for[1:]), default=0)
    assert 0 < told.speaks_for[0].low < told.speaks_for[0].value < told.speaks_for[0].high
    assert told.speaks_for[0].texts == 30  # every second one of 60


def test_the_mean_map_of_a_class_lies_where_its_patches_do(pictures: Told) -> None:
    [region] = [each for each in pictures if each["method"] == "region"]
    assert region["share"] > 0.9
    assert len(region["heat"]) == shown(region["seen"]).height == 12


def test_the_two_columns_that_decide_count_most_and_all_add_up(tables: Told) -> None:
    first = []
    for explanation, _ in _of(tables, "shapley"):
        assert explanation.baseline is not None
        assert explanation.standard_error is not None
        first += [part.name for part in explanation.parts[:2]]
        total = sum(part.value for part in explanation.parts)
        assert total == pytest.approx(explanation.answer - explanation.baseline, abs=1e-5)
        assert explanation.standard_error < 0.01
    assert first.count("n2") + first.count("c1") >= 0.9 * len(first)


def test_the_answer_follows_the_columns_that_decide_and_no_other(tables: Told) -> None:
    """y is n2 + 2 where c1 is y, above 1."""
    for explanation, _ in _of(tables, "dependence"):
        assert explanation.parts[0].name in ("n2", "c1")
        drawn = {each.feature: each for each in explanation.dependences}
        [line] = drawn["n2"].lines
        assert line.mean[-1] - line.mean[0] > 0.5
        assert all(after >= before - 0.02 for before, after in pairwise(line.mean))
        assert np.ptp(drawn["n0"].lines[0].mean) < 0.2
        assert drawn["c1"].values[0] in ("x", "y")
        place = drawn["n2"].values.index(drawn["n2"].at)
        assert line.own[place] == pytest.approx(explanation.answer, abs=1e-4)
        assert explanation.curves is not None
        assert explanation.sanity is not None


def test_the_network_has_its_own_weights_again_after_an_explanation(tables: Told, pictures: Told) -> None:
    """The answers of later explanations of the same network are those of what it learned."""
    assert all(explanation.answer > 0.9 for explanation, _ in _of(pictures, "grad_cam"))
    assert all(round(explanation.answer) in (0, 1) for explanation, _ in _of(tables, "shapley"))
