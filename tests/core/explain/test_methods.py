"""The methods on functions whose answer can be worked out."""

import itertools
import math
import re
from collections.abc import Callable

import numpy as np
import pytest

from core.data.base import CATEGORIES, NUMBERS, Array, DataInfo, Examples
from core.explain.budget import MOST, Budget, OutOfTime
from core.explain.dependence import dependence, replaced
from core.explain.faithfulness import faithfulness
from core.explain.integrated_gradients import integrated_gradients
from core.explain.occlusion import left_out, occlusion, without
from core.explain.patches import Patches
from core.explain.shapley import mixture, shapley, width
from core.explain.smooth_gradients import smooth_gradients
from core.jobs.explanation import Explanation, Part, methods
from core.jobs.explanation_told import ENOUGH, beats_chance, checks, compared


def test_integrated_gradients_of_a_product_are_halves_of_it() -> None:
    def gradients(points: Array) -> tuple[Array, Array]:
        return points[:, 0] * points[:, 1], points[:, ::-1]

    found = integrated_gradients(gradients, np.array([3.0, 4.0]), np.zeros(2))
    assert found.attributions.tolist() == pytest.approx([6, 6])
    assert (found.steps, found.error < 1e-6) == (16, True)
    assert found.ends == (12, 0)


def test_steps_grow_until_a_steep_function_adds_up_and_what_never_does_tells_its_error() -> None:
    def steep(points: Array) -> tuple[Array, Array]:
        given = 1 / (1 + np.exp(-300 * (points[:, 0].astype(float) - 0.43)))
        return given, (300 * given * (1 - given))[:, np.newaxis]

    found = integrated_gradients(steep, np.ones(1), np.zeros(1))
    assert found.steps > 16
    assert found.error <= 0.01

    def step(points: Array) -> tuple[Array, Array]:
        return (points[:, 0] > 0.5).astype(float), np.zeros_like(points)

    assert integrated_gradients(step, np.ones(1), np.zeros(1)).error == 1


def test_sampled_shapley_values_are_those_of_all_coalitions() -> None:
    drawn = np.random.default_rng(1)
    row, others = drawn.normal(size=(1, 6)), drawn.normal(size=(20, 6))

    def answers(x: Examples) -> Array:
        assert not isinstance(x, dict)
        given: Array = np.tanh(x[:, 0] * x[:, 1] + x[:, 2]) + np.maximum(x[:, 3], x[:, 4])
        return given

    found = shapley(answers, mixture(row, others), 6, 20)
    exact = _by_enumeration(answers, row, others)
    assert found.values == pytest.approx(exact, abs=max(0.01, 4 * found.error))
    assert found.error < 0.02
    assert found.values.sum() == pytest.approx(float(answers(row)[0] - answers(others).mean()))
    assert abs(found.values[5]) < 1e-12


def _by_enumeration(answers: Callable[[Examples], Array], row: Array, others: Array) -> list[float]:
    """The definition: Shapley, 1953, over all 2^n coalitions, each against every row of the background."""
    features = row.shape[1]

    def value(known: tuple[int, ...]) -> float:
        x = others.copy()
        x[:, list(known)] = row[0, list(known)]
        return float(answers(x).mean())

    values = {known: value(known) for n in range(features + 1) for known in itertools.combinations(range(features), n)}
    found = []
    for feature in range(features):
        total = 0.0
        for known, before in values.items():
            if feature not in known:
                share = math.factorial(len(known)) * math.factorial(features - len(known) - 1)
                with_it = values[tuple(sorted((*known, feature)))]
                total += share / math.factorial(features) * (with_it - before)
        found.append(total)
    return found


def test_rows_of_a_table_are_mixed_feature_by_feature() -> None:
    row = {NUMBERS: np.array([[1.0, 2.0]]), CATEGORIES: np.array([["a"]], object)}
    others = {NUMBERS: np.array([[7.0, 8.0], [9.0, np.nan]]), CATEGORIES: np.array([["x"], ["y"]], object)}
    mixed = mixture(row, others)(np.array([[True, False, False], [False, True, True]]), np.array([0, 1]))
    assert width(row) == 3
    assert isinstance(mixed, dict)
    assert mixed[NUMBERS].tolist() == [[1.0, 8.0], [9.0, 2.0]]
    assert mixed[CATEGORIES].tolist() == [["x"], ["a"]]


def test_partial_dependence_is_the_known_curve_and_each_row_has_a_line_of_its_own() -> None:
    drawn = np.random.default_rng(2)
    rows = drawn.normal(size=(80, 3))
    own = np.array([[0.5, 1.0, np.nan]])

    def answers(x: Examples) -> Array:
        assert not isinstance(x, dict)
        return np.stack([x[:, 0] ** 2 + x[:, 1], x[:, 1]], axis=1)

    found = dependence(answers, rows, 0, "size", ("a", "b"), own)
    assert found is not None
    first, second = found.lines
    grid = np.array(found.values, float)
    assert first.mean == pytest.approx(grid**2 + rows[:, 1].mean(), rel=1e-4)
    assert second.mean == pytest.approx([rows[:, 1].mean()] * len(grid), rel=1e-4)
    assert first.own == pytest.approx(grid**2 + 1, rel=1e-4)
    assert first.others[3] == pytest.approx(grid**2 + rows[3, 1], rel=1e-4, abs=1e-5)
    assert (found.at, 0.5 in found.values, len(found.seen)) == (0.5, True, 80)
    assert (grid.min(), grid.max()) == (rows[:, 0].min(), rows[:, 0].max())


def test_a_category_depends_on_its_common_values_and_what_never_varies_has_no_curve() -> None:
    rows = {
        NUMBERS: np.array([[7.0, 1.0], [np.nan, 1.0], [9.0, 1.0]]),
        CATEGORIES: np.array([["x"], ["y"], ["y"]], object),
    }

    def answers(x: Examples) -> Array:
        assert isinstance(x, dict)
        given: Array = (x[CATEGORIES] == "y").astype(float)
        return given

    found = dependence(answers, rows, 2, "kind", ("p",))
    assert found is not None
    assert (found.values, found.lines[0].mean, found.seen) == (("y", "x"), (1, 0), ("x", "y", "y"))
    assert dependence(answers, rows, 1, "same", ("p",)) is None
    number = dependence(answers, rows, 0, "gaps", ("p",))
    assert number is not None
    assert (number.values, number.seen) == ((7, 9), (7, 9))


def test_a_feature_that_has_other_rows_values_costs_what_it_alone_does() -> None:
    drawn = np.random.default_rng(3)
    row, others = np.array([[2.0, 1.0, 5.0]]), drawn.normal(size=(30, 3))
    found = replaced(lambda x: np.asarray(x)[:, 0] * 3 + np.asarray(x)[:, 1], mixture(row, others), 3, 30)
    assert found == pytest.approx([3 * (2 - others[:, 0].mean()), 1 - others[:, 1].mean(), 0], abs=1e-9)


def test_noise_is_averaged_out_of_gradients_and_nothing_is_claimed_of_their_sum() -> None:
    picture = np.zeros((6, 6, 1))
    picture[0, 0] = 1  # a range of 1

    def wavy(points: Array) -> tuple[Array, Array]:
        slopes = 40 * np.cos(40 * points)  # of many small waves, which lead nowhere
        slopes[:, 2:4, 2:4] += 3
        return points.sum(axis=(1, 2, 3)), slopes

    heat = smooth_gradients(wavy, picture, samples=640)
    assert heat[2:4, 2:4].min() > 0
    assert heat[2:4, 2:4].mean() == pytest.approx(3, abs=1.5)
    assert np.median(heat) < 2 < 40
    told = Explanation(method="smooth_gradients", answer=0.9, baseline=0.1)
    assert checks(DataInfo((6, 6, 1), ("a", "b"), 1, 1, kind="image"), told) == []


def test_a_map_of_patches_adds_up_and_covered_patches_have_the_colour_of_the_fill() -> None:
    patches = Patches.grid(np.zeros((5, 8)), 3)
    values = np.arange(9.0)
    assert patches.sums(patches.spread(values)) == pytest.approx(values)
    picture = np.ones((5, 8, 2))
    shown = patches.answers(lambda x: x.sum(axis=(1, 2, 3)), picture, np.array([0.0, 0.5]))
    kept = np.ones((2, 9), bool)
    kept[1] = False
    assert shown(kept).tolist() == [80, 20]


def test_what_is_covered_loses_what_it_gave_and_the_rest_nothing() -> None:
    picture = np.zeros((14, 14, 1))
    picture[4:6, 8:10] = 1
    heat = occlusion(lambda x: x[:, 4:6, 8:10].sum(axis=(1, 2, 3)), picture, np.zeros(1))
    assert heat[4, 8] == heat.max() > 0
    assert heat[:2].sum() == heat[:, :6].sum() == 0


def test_a_token_that_is_left_out_moves_the_others_up() -> None:
    ids = np.array([0, 0, 5, 6, 7], np.int32)
    assert without(ids, np.array([3])).tolist() == [0, 0, 0, 5, 7]
    assert left_out(lambda x: (x == 6).sum(axis=1).astype(float), ids).tolist() == [0, 0, 0, 1, 0]


def test_neighbours_of_a_long_text_are_left_out_together_and_share_what_is_lost() -> None:
    ids = np.arange(1, 451, dtype=np.int32)
    lost = left_out(lambda x: (x == 100).sum(axis=1).astype(float), ids)
    assert np.flatnonzero(lost).tolist() == [99, 100, 101]
    assert lost[99:102].tolist() == pytest.approx([1 / 3] * 3)


def test_the_right_order_beats_chance_and_the_wrong_one_does_not() -> None:
    weights = np.array([8.0, 4.0, 2.0, 1.0, 0.0, 0.0])

    def answers(kept: Array) -> Array:
        given: Array = kept @ weights / weights.sum()
        return given

    right, wrong = faithfulness(answers, weights), faithfulness(answers, -weights)
    assert right.deletion[0] == right.insertion[-1] == 1
    assert right.deletion[-1] == right.insertion[0] == 0
    assert right.deletion_area < right.random_deletion_area < wrong.deletion_area
    info = DataInfo((6,), ("a", "b"), 1, 1)
    good, bad = (Explanation(method="shapley", curves=each, sanity=0.51) for each in (right, wrong))
    assert [check.is_good for check in checks(info, good)] == [True, False]
    assert [check.is_good for check in checks(info, bad)] == [False, False]
    assert "rank correlation 0.51, more than 0.5" in checks(info, bad)[1].text
    assert (right.orders, right.as_good, wrong.as_good) == (39, 0, 39)
    assert right.random_deletion_range is not None
    assert right.deletion_area < right.random_deletion_range[0] < right.random_deletion_area
    assert re.search(r"0\.\d\d \(0\.\d\d, 0\.\d\d to 0\.\d\d in 39 random orders\)", checks(info, good)[0].text)
    assert "no better than chance can explain, as 39 of 39 random orders do as well" in checks(info, bad)[0].text

    nearly = np.argsort(np.argsort(np.array([1.0, 8, 2, 4, 0, 0.5])))  # a little better than the mean of chance
    luck = faithfulness(answers, nearly)
    assert luck.deletion_area < luck.random_deletion_area
    assert not beats_chance(luck)
    hasty = faithfulness(answers, weights, lambda: False)
    assert (hasty.orders, beats_chance(hasty)) == (4, False)
    few = checks(info, good.model_copy(update={"curves": hasty}))[0]
    assert "cannot be told of so few random orders" in few.text


def test_of_few_parts_likeness_to_random_weights_is_told_only_beyond_its_error() -> None:
    info = DataInfo((5,), ("a", "b"), 1, 1)
    five = Explanation(method="shapley", parts=tuple(Part(name=each, value=1.0) for each in "abcde"), sanity=0.8)
    for error, sanity, why, is_good in (
        (None, 0.8, "cannot be told of 5 parts", True),
        (0.2, 0.8, "0.80 ± 0.40, at most 0.5 is wanted, cannot be told", True),
        (0.1, 0.8, "It changes too little when the weights are randomised: rank correlation 0.80 ± 0.20", False),
        (0.1, 0.1, "It changes when the weights are randomised: rank correlation 0.10 ± 0.20", True),
    ):
        [told] = checks(info, five.model_copy(update={"sanity": sanity, "sanity_error": error}))
        assert why in told.text
        assert told.is_good == is_good


def test_what_is_said_has_the_numbers_that_were_measured() -> None:
    info = DataInfo((8, 8, 1), ("a", "b"), 1, 1, kind="image")
    told = Explanation(method="gradients", answer=0.97, baseline=0.1, completeness=0.0031, steps=64, sanity=0.134)
    assert compared(info, told) == "The probability is 0.97; of a picture that is all of its median colour it is 0.10."
    assert [check.text for check in checks(info, told)] == [
        "All parts together add up to the difference within 0.31 % (64 steps).",
        "It changes when the weights are randomised: rank correlation 0.13 (1: a network that learned nothing is "
        "explained alike).",
    ]
    [missed] = checks(info, told.model_copy(update={"completeness": 0.14, "sanity": None}))
    assert (missed.is_good, "miss the difference by 14 %" in missed.text) == (False, True)


def test_methods_follow_the_data_and_grad_cam_needs_a_convolution() -> None:
    info = DataInfo((8, 8, 1), ("a", "b"), 1, 1, kind="image")
    plain = ("gradients", "occlusion", "shapley", "smooth_gradients")
    assert methods(info, "cnn") == (*plain, "grad_cam", "grad_cam_plus")
    assert methods(info, "mlp") == plain
    assert methods(DataInfo((8,), (), 1, 1, task="forecast", kind="series")) == ()


def late(seconds: float) -> Budget:
    """Of which so much is over from the second look at its clock on."""
    looks = itertools.chain([0.0], itertools.repeat(seconds))
    return Budget(lambda: next(looks))


def test_steps_and_rounds_are_not_raised_when_time_is_over_and_there_is_something_all_the_same() -> None:
    def step(points: Array) -> tuple[Array, Array]:
        return (points[:, 0] > 0.5).astype(float), np.zeros_like(points)

    budget = late(ENOUGH + 1)
    assert integrated_gradients(step, np.ones(1), np.zeros(1), budget=budget).steps == 16
    assert budget.is_short

    drawn, budget = np.random.default_rng(1), late(ENOUGH + 1)
    row, others = drawn.normal(size=(1, 3)), drawn.normal(size=(10, 3))
    found = shapley(lambda x: np.prod(np.asarray(x), axis=1), mixture(row, others), 3, 10, budget=budget)
    assert (found.samples, found.error, budget.is_short) == (20, np.inf, True)
    assert found.values.sum() == pytest.approx(float(row.prod() - others.prod(axis=1).mean()))


def test_a_check_that_takes_too_long_is_left_out_and_said_to_be_and_what_goes_on_is_given_up() -> None:
    seconds = 0.0
    budget = Budget(lambda: seconds)
    assert budget.optional(lambda: 3) == 3
    assert not budget.is_short

    def slow() -> None:
        nonlocal seconds
        seconds = ENOUGH + 1
        budget.check()

    assert budget.optional(slow) is None
    assert budget.is_short
    budget.check()  # of what is needed, there is time
    seconds = MOST + 1
    with pytest.raises(OutOfTime, match=r"takes more than 30 s .* Take another method"):
        budget.check()
    info = DataInfo((6,), ("a", "b"), 1, 1)
    [told] = checks(info, Explanation(method="shapley", is_short=True))
    assert (told.is_good, "were left out" in told.text) == (False, True)


def test_gradients_of_a_text_are_said_to_compare_with_tokens_and_not_with_an_empty_text() -> None:
    info = DataInfo((8,), ("a", "b"), 1, 1, kind="text", vocabulary=9)
    left, followed = (Explanation(method=each, answer=0.9, baseline=0.2) for each in ("left_out", "gradients"))
    assert compared(info, left) == "The probability is 0.90; of an empty text it is 0.20."
    assert compared(info, followed) == "The probability is 0.90; of as many tokens without a meaning it is 0.20."
