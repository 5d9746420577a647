"""Effects of params over runs of which the truth is made up, and what is told of where to look next."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from core.comparison.effects import effects
from core.comparison.groups import Group
from core.comparison.tried import advice, tried
from core.verdicts.estimates import corrected

RNG = np.random.default_rng(7)


def grid(repeats: int, noise: float) -> tuple[list[Group], dict[int, dict[str, str]], dict[int, list[float]]]:
    """Rate 0.01 is better than 0.001 by 0.1; width and names do nothing; rate and batch were changed together twice."""
    groups, params, values = [], {}, {}
    configs = list(itertools.product(("0.001", "0.01"), ("16", "32", "64"), ("relu", "tanh")))
    for number, (rate, width, activation) in enumerate(configs, start=1):
        groups.append(Group(number, f"net {number}", ()))
        params[number] = {"training.rate": rate, "width": width, "activation": activation, "seed": "0"}
        values[number] = [0.8 + 0.1 * (rate == "0.01") + RNG.normal(0, noise) for _ in range(repeats)]
    return groups, params, values


def test_the_param_that_did_something_is_found_with_its_size_and_the_others_are_not() -> None:
    found = effects(*grid(3, 0.01))
    assert [effect.param for effect in found if effect.is_sure] == ["training.rate"]
    rate = found[0]
    assert (rate.before, rate.after, rate.pairs) == ("0.001", "0.01", 6)
    assert rate.difference == pytest.approx(0.1, abs=0.02)
    low, high = rate.interval
    assert low < 0.1 < high
    width = [effect for effect in found if effect.param == "width"]
    assert [(effect.before, effect.after) for effect in width] != []
    assert all(effect.pairs == 4 for effect in width)


def test_a_single_pair_is_judged_by_its_seeds_and_without_them_not_at_all() -> None:
    groups, params, values = grid(4, 0.001)
    alone, both = groups[:1] + groups[6:7], {1, 7}
    (effect,) = effects(alone, params, values)
    assert effect.is_sure
    assert effect.pairs == 1
    (effect,) = effects(alone, params, {key: each[:1] for key, each in values.items() if key in both})
    assert effect.estimate is None
    assert not effect.is_sure


def test_folds_of_a_single_pair_are_corrected_for_what_their_training_parts_share() -> None:
    groups, params, _ = grid(1, 0.0)
    alone = groups[:2]
    one, other = (0.80, 0.81, 0.79, 0.80, 0.82), (0.81, 0.83, 0.79, 0.82, 0.84)
    values = {alone[0].id: one, alone[1].id: other}
    (effect,) = effects(alone, params, values, {group.id: 5 for group in alone})
    assert effect.estimate == corrected(one, other, 1 / 4)
    some = {alone[0].id: one, alone[1].id: other[1:]}  # of the first fold there is no value
    places = {alone[0].id: range(5), alone[1].id: range(1, 5)}
    (effect,) = effects(alone, params, some, {group.id: 5 for group in alone}, places)
    assert effect.estimate == corrected(one[1:], other[1:], 1 / 4)
    assert effect.difference == pytest.approx(0.015)
    assert effects(alone, params, values, {alone[0].id: 5}) == []  # folds are no repeats beside seeds


def test_nothing_is_told_of_what_makes_values_another_thing() -> None:
    found = effects(*grid(3, 0.01), without=("training.rate",))
    assert {effect.param for effect in found} == {"width", "activation"}
    assert {effect.pairs for effect in found if effect.param == "width"} == {4}


def test_params_changed_together_are_no_pair() -> None:
    groups, params, values = grid(3, 0.01)
    assert effects([groups[0], groups[-1]], params, values) == []


def test_false_effects_are_as_rare_as_they_say() -> None:
    wrong = 0
    for _ in range(60):
        groups, params, values = grid(2, 0.05)
        shuffled = {key: RNG.normal(0.8, 0.05, 2).tolist() for key in values}
        wrong += any(effect.is_sure for effect in effects(groups, params, shuffled))
    assert wrong <= 9  # of 60 at 5 %, more come in fewer than 1 of 1,000 cases


def test_the_edge_of_what_was_tried_is_told() -> None:
    groups, params, values = grid(1, 0.0)
    found = tried(list(values), params, best=12)
    assert {each.param: each.told for each in found}["width"] == "16 (4), 32 (4), 64 (4)"
    given = list(advice(groups, found, {12: 1}, 12))
    told = [each.told for each in given]
    assert told[0].startswith("The best config has one seed")
    assert [each.seeds for each in given if each.seeds] == [4]
    assert "rate was never above 0.01, where the best config is: try 0.1." in told
    assert "width was never above 64, where the best config is: try 128." in told
    assert [each.changes for each in given if each.changes] == [{"training.rate": "0.1"}, {"width": "128"}]
    epochs = [replace(each, param="training.epochs") for each in found if each.param == "width"]
    assert [each.told for each in advice(groups, [*epochs, *found], {12: 5}, 12, is_long_enough=True)] == told[1:]
    assert len(list(advice(groups, [*epochs, *found], {12: 5}, 12))) == len(told)
    inner = tried(list(values), params, best=9)
    assert {each.param: each.advice for each in inner}["width"] is None


def test_what_only_follows_from_the_chosen_optimizer_was_not_tried() -> None:
    name, beta, momentum = (f"training.optimizer.{leaf}" for leaf in ("name", "beta_1", "momentum"))
    adam, sgd = {name: "adam", beta: "0.9"}, {name: "sgd", "training.optimizer.nesterov": "false"}
    params = {1: adam, 2: {**sgd, momentum: "0.5"}, 3: {**sgd, momentum: "0.9"}}
    assert {each.param for each in tried([1, 2, 3], params, best=1)} == {name, momentum}
