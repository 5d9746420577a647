"""Verdicts over runs in the store: on which grounds, in which words, and where nothing can be said."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core import runs
from core.common.context import Context
from core.common.differences import bare
from core.common.errors import NotFoundError
from core.comparison import seed_groups, told_apart
from core.config.edit import Raw, with_values
from core.runs.records import RunQuery, RunState
from core.verdicts import Verdict, heading, judged, power, told
from core.verdicts.sentences import beside_champion, grounds
from core.verdicts.settling import Lacking, lacking, of_whom, settling
from core.verdicts.two_sides import Predictions, repeated_folds
from tests.conftest import AddRun

CLOSE, APART = (0.90, 0.92, 0.91, 0.93, 0.90), (0.96, 0.97, 0.96, 0.98, 0.97)


@pytest.fixture
def add(add_run: AddRun, raw_config: Raw) -> "Add":
    return Add(add_run, raw_config)


class Add:
    def __init__(self, add_run: AddRun, raw: Raw) -> None:
        self.run, self.raw = add_run, raw

    def __call__(self, batch: int, scores: Sequence[float], metric: str = "test_accuracy", **changes: object) -> None:
        """Runs of one config, a seed each."""
        for seed, score in enumerate(scores):
            config = with_values(self.raw, {"training.batch_size": batch, "seed": seed, **changes})
            self.run(name=f"net · seed {seed}", config=config, metrics={metric: [score]})


def no_predictions(run_id: int) -> pd.DataFrame:
    raise NotFoundError(f"Run {run_id} has no predictions.")


def verdict(
    context: Context, metric: str = "test_accuracy", predictions: Predictions = no_predictions
) -> tuple[Verdict | None, dict[int, str]]:
    records = list(reversed(runs.listing(context, RunQuery(limit=200)).runs))
    run_ids = [run.id for run in records]
    params = runs.params(context, run_ids)
    groups = seed_groups(records, params)
    found = judged(groups, params, runs.summaries(context, run_ids), metric, predictions)
    return found, told_apart(groups, params)


def test_seeds_decide_and_the_sentence_says_by_how_much(context: Context, add: Add) -> None:
    add(16, CLOSE)
    add(64, APART)
    found, names = verdict(context)
    assert found is not None
    assert names == {1: "net (batch_size 16)", 6: "net (batch_size 64)"}
    assert found.best == 6
    assert found.is_sure
    assert heading(found, names) == (
        "net (batch_size 64) is better than net (batch_size 16) by 5.60 points (95 % interval 3.95 to 7.25): mean "
        "0.9680 over 5 seeds beside 0.9120 over 5."
    )
    assert grounds(found) == "Welch's test over seeds."


def test_what_is_not_decided_says_what_would_decide_it(context: Context, add: Add) -> None:
    add(16, (0.90, 0.94, 0.92))
    add(64, (0.91, 0.95, 0.93))
    found, names = verdict(context)
    assert found is not None
    assert not found.is_sure
    assert heading(found, names) == (
        "Not decided: net (batch_size 64) leads net (batch_size 16) by 1.00 points (95 % interval -3.53 to 5.53): mean "
        "0.9300 over 3 seeds beside 0.9200 over 3."
    )
    assert settling(found, names) == "61 more seeds of each would tell a difference of 1.00 points with 80 % power."
    assert lacking(found) == Lacking({4: 61, 1: 61}, "1.00 points")


def test_what_settles_it_is_about_the_first_that_is_open(context: Context, add: Add) -> None:
    add(16, (0.10, 0.11, 0.10, 0.11, 0.10, 0.12))
    add(32, (0.88, 0.90, 0.94, 0.92))
    add(64, (0.91, 0.95, 0.93))
    found, names = verdict(context)
    assert found is not None
    wanted = lacking(found)
    assert wanted is not None
    assert list(wanted.sides) == [11, 7]
    assert wanted.sides[11] == wanted.sides[7] + 1
    assert settling(found, names).startswith(
        f"{2 * wanted.sides[7] + 1} more seeds ({wanted.sides[11]} of net (batch_size 64) and {wanted.sides[7]} of net "
        "(batch_size 32)) would tell a difference of 2.00 points"
    )


def test_pairs_that_are_not_decided_say_how_many_more_would_do(context: Context, add: Add) -> None:
    add(16, CLOSE, "val_accuracy")
    add(64, [score + change for score, change in zip(CLOSE, (0.02, -0.01, 0.02, -0.01, 0.01), strict=True)],
        "val_accuracy")  # fmt: skip
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    assert found.against[0].basis == "pairs"
    wanted = found.against[0].wanted
    assert wanted is not None
    # By SciPy's noncentral t: the first number of pairs at which the power is 80 %.
    shift = 0.006 / np.std((0.02, -0.01, 0.02, -0.01, 0.01), ddof=1)
    powers = [
        stats.nct.sf(stats.t.isf(0.025, count - 1), count - 1, shift * count**0.5) for count in (wanted - 1, wanted)
    ]
    assert powers[0] < 0.8 <= powers[1]
    assert settling(found, names).startswith(f"{wanted - 5} more seeds of each would tell a difference of 0.60 points")


def test_accuracies_in_percent_are_not_told_as_shares(context: Context, add: Add) -> None:
    add(16, [100 * score for score in CLOSE])
    add(64, [100 * score for score in APART])
    found, names = verdict(context)
    assert found is not None
    assert heading(found, names) == (
        "net (batch_size 64) is better than net (batch_size 16) by 5.60 (95 % interval 3.95 to 7.25): mean 96.80 over "
        "5 seeds beside 91.20 over 5."
    )
    assert beside_champion(found.against[0], found.metric) == "worse by 5.60"
    assert [bare(each, (), share=True) for each in (0.0, -1e-12, 0.00002, -0.00002, 0.012)] == [
        "0.00", "0.00", "0.002", "-0.002", "1.20",
    ]  # fmt: skip


def test_a_difference_and_its_two_means_have_the_same_decimals(context: Context, add: Add) -> None:
    add(16, [0.065 + step for step in (-0.002, 0.0, 0.002)], metric="test_loss")
    add(64, [0.091 + step for step in (-0.003, 0.0, 0.003)], metric="test_loss")
    found, names = verdict(context, "test_loss")
    assert found is not None
    assert "by 0.0260 (95 % interval 0.0199 to 0.0321): mean 0.0650 over 3 seeds beside 0.0910" in heading(found, names)


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (0.9658, "mean 0.9658 over 3 seeds beside 0.9610 over 3"),
        (0.96102, "mean 0.96102 over 3 seeds beside 0.96100 over 3"),
        (0.9610008, "mean 0.961001 over 3 seeds beside 0.961000 over 3"),
    ],
)
def test_means_have_four_digits_and_more_only_to_be_told_apart(
    context: Context, add: Add, ahead: float, told: str
) -> None:
    add(16, [0.961 + step for step in (-0.01, 0.0, 0.01)])
    add(64, [ahead + step for step in (-0.01, 0.0, 0.01)])
    found, names = verdict(context)
    assert found is not None
    assert heading(found, names).endswith(f"{told}.")


def test_two_that_are_level_are_both_named(context: Context, add: Add) -> None:
    for size, scores in ((16, (0.90, 0.94, 0.92)), (32, (0.92, 0.90, 0.94)), (64, (0.5, 0.6, 0.55))):
        add(size, scores)
    found, names = verdict(context)
    assert found is not None
    told = heading(found, names)
    assert told == (
        "Not decided: net (batch_size 16) and net (batch_size 32) have the same mean, 0.9200 over 3 seeds each; the "
        "difference is 0 (95 % interval -4.53 to 4.53 points). net (batch_size 16) is surely better than 1 of the 2 "
        "others."
    )


def test_many_that_are_level_are_told_in_one_sentence_and_each_in_full(context: Context, add: Add) -> None:
    for size in (8, 16, 32):
        add(size, (0.90, 0.94, 0.92))
    found, names = verdict(context)
    assert found is not None
    level = "configs are level, with the same mean of 0.9200: no two of them can be told apart."
    assert heading(found, names) == f"Not decided: 3 {level}"
    assert told(found, names) == []
    add(64, (0.5, 0.6, 0.55))
    found, names = verdict(context)
    assert found is not None
    assert heading(found, names) == (
        f"Not decided: 3 of 4 {level} net (batch_size 8) is surely better than 1 of the 3 others."
    )
    (behind,) = told(found, names)
    assert behind.startswith("net (batch_size 8) leads net (batch_size 64) by 37.00 points")
    one, other, last = told(found, names, in_full=True)
    assert one.startswith("net (batch_size 8) and net (batch_size 16) have the same mean")
    assert other.startswith("net (batch_size 8) and net (batch_size 32) have the same mean")
    assert last == behind


def test_of_two_that_are_level_it_is_said_what_may_be_and_what_would_settle_it(context: Context, add: Add) -> None:
    add(16, (0.90, 0.94, 0.92))
    add(64, (0.92, 0.90, 0.94))
    found, names = verdict(context)
    assert found is not None
    assert heading(found, names) == (
        "Not decided: net (batch_size 16) and net (batch_size 64) have the same mean, 0.9200 over 3 seeds each; the "
        "difference is 0 (95 % interval -4.53 to 4.53 points)."
    )
    assert told(found, names) == ["A difference of up to 4.53 points either way is possible still."]
    least = [100 * power.smallest((0.02, 0.02), count) for count in (6, power.MOST)]
    assert settling(found, names) == (
        f"3 more seeds of each would tell a difference of {least[0]:.2f} points with 80 % power, 100 in all one of "
        f"{least[1]:.2f} points."
    )
    assert lacking(found) == Lacking({1: 3, 4: 3}, f"{least[0]:.2f} points")


@pytest.mark.parametrize("values", [(1.0, 1.0, 0.999999), (0.9999998,) * 6])
def test_a_difference_that_is_rounding_is_none_and_its_interval_is_around_none(
    context: Context, add: Add, values: tuple[float, ...]
) -> None:
    add(16, (1.0,) * len(values), "val_loss")
    add(64, values, "val_loss")
    found, _ = verdict(context, "val_loss")
    assert found is not None
    (against,) = found.against
    assert (against.is_level, against.is_sure) == (True, False)
    low, high = against.interval
    assert high == -low


def test_another_metric_that_tells_level_ones_apart_is_named(context: Context, add: Add) -> None:
    for batch, losses in ((16, (0.30, 0.31, 0.32)), (64, (0.50, 0.52, 0.51))):
        for seed, loss in enumerate(losses):
            values = {"test_accuracy": [1.0], "test_loss": [loss], "val_loss": [0.2], "loss": [0.001 * batch]}
            add.run(
                name="net", config=with_values(add.raw, {"training.batch_size": batch, "seed": seed}), metrics=values
            )
    found, names = verdict(context)
    assert found is not None
    assert heading(found, names) == (
        "Not decided: net (batch_size 16) and net (batch_size 64) have the same mean, 1 over 3 seeds each; the "
        "difference is 0."
    )
    assert told(found, names) == []
    assert lacking(found) is None
    assert settling(found, names) == (
        "By test_loss they are told apart: net (batch_size 16) is better than net (batch_size 64) by 0.2000 (95 % "
        "interval 0.1715 to 0.2285), mean 0.3100 over 3 seeds beside 0.5100 over 3 (2 other metrics were asked, and it "
        "is corrected for "
        "that)."
    )
    found, names = verdict(context, "val_loss")
    assert found is not None
    assert "By test_loss they are told apart" in settling(found, names)


def test_that_no_other_metric_tells_level_ones_apart_is_said_too(context: Context, add: Add) -> None:
    for batch in (16, 64):
        for seed, loss in enumerate((0.30, 0.31 + batch / 10_000, 0.32)):
            values = {"test_accuracy": [1.0], "test_loss": [loss]}
            add.run(
                name="net", config=with_values(add.raw, {"training.batch_size": batch, "seed": seed}), metrics=values
            )
    found, names = verdict(context)
    assert found is not None
    assert settling(found, names) == "Of what else was measured, test_loss does not tell them apart either."


def test_one_on_other_data_does_not_keep_the_rest_from_a_verdict(context: Context, add: Add) -> None:
    add(16, CLOSE, **{"data.source": "digits"})
    add(64, APART, **{"data.source": "digits"})
    add(16, (0.99, 1.0, 0.98), **{"data.source": "iris"})
    found, names = verdict(context)
    assert found is not None
    assert found.best == 6
    assert [each.reason for each in found.against] == ["", "they learned from other data"]
    assert heading(found, names) == (
        f"{names[6]} is better than {names[1]} by 5.60 points (95 % interval 3.95 to 7.25): mean 0.9680 over 5 seeds "
        f"beside 0.9120 over 5. The rest cannot be compared with it."
    )
    add(32, CLOSE, **{"data.source": "digits"})
    add(8, [score + 0.001 for score in APART], **{"data.source": "digits"})
    found, names = verdict(context)
    assert found is not None
    assert " has the best mean of the 4 that can be compared and is surely better than 2 of the 4" in heading(
        found, names
    )


def test_the_same_seeds_are_pairs_where_they_draw_the_validation_part(context: Context, add: Add) -> None:
    add(16, CLOSE, "val_accuracy")
    add(64, [score + 0.004 for score in CLOSE[:-1]] + [0.905], "val_accuracy")
    found, _ = verdict(context, "val_accuracy")
    assert found is not None
    assert found.against[0].basis == "pairs"
    assert found.is_sure  # by seeds alone it would not be
    assert "Best epochs were chosen by validation examples" in grounds(found)


def test_few_pairs_are_judged_as_seeds_and_that_is_said(context: Context, add: Add) -> None:
    add(16, CLOSE[:3], "val_accuracy")
    add(64, [score + 0.004 for score in CLOSE[:3]], "val_accuracy")
    found, _ = verdict(context, "val_accuracy")
    assert found is not None
    assert found.against[0].basis == "seeds"
    assert grounds(found).startswith("Welch's test over seeds (the same seeds are taken as pairs from 5 on).")


def test_what_is_corrected_for_several_is_no_frequency(context: Context, add: Add) -> None:
    for size, scores in ((16, (0.90, 0.94, 0.92)), (32, (0.92, 0.905, 0.94)), (64, (0.5, 0.6, 0.55))):
        add(size, scores)
    found, names = verdict(context)
    assert found is not None
    first, second = told(found, names)
    assert first.endswith("not decided, as p = 1 after correction for 3 comparisons.")
    assert "sure, as p = 0.0" in second
    assert "of cases" not in first + second


def test_the_best_of_single_runs_has_no_mean(context: Context, add: Add) -> None:
    for size, score in ((16, 0.9), (32, 0.8), (64, 0.85)):
        add(size, [score], "val_accuracy")
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    assert "mean" not in heading(found, names)


def test_folds_are_corrected_for_what_their_training_parts_share(context: Context, add: Add) -> None:
    for batch, scores in ((16, CLOSE), (64, APART)):
        for fold, score in enumerate(scores):
            changes = {"training.batch_size": batch, "data.folds": 5, "data.fold": fold}
            add.run(name=f"net · fold {fold + 1} of 5", config=with_values(add.raw, changes),
                    metrics={"val_accuracy": [score]})  # fmt: skip
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    assert found.against[0].basis == "folds"
    assert found.against[0].count == 5
    assert settling(found, names) == ""  # it is sure


def add_folds(add: Add, batch: int, scores: Sequence[float | None], seed: int = 0, **columns: Any) -> None:
    """Runs of one config, a fold each, in their order; none where there is no score."""
    for fold, score in enumerate(scores):
        changes = {"training.batch_size": batch, "data.folds": len(scores), "data.fold": fold, "seed": seed}
        if score is not None:
            config, metrics = with_values(add.raw, changes), {"val_accuracy": [score]}
            add.run(name=f"net · fold {fold + 1} of {len(scores)}", config=config, metrics=metrics, **columns)


def test_folds_that_are_not_decided_want_all_folds_of_further_seeds(context: Context, add: Add) -> None:
    ahead = [score + change for score, change in zip(CLOSE, (0.03, 0.012, 0.02, 0.003, 0.025), strict=True)]
    add_folds(add, 16, CLOSE)
    add_folds(add, 64, ahead)
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    assert found.against[0].wanted == 20  # of each: 4 seeds
    assert settling(found, names) == (
        "3 more seeds of each with all 5 folds (30 runs) would tell a difference of 1.80 points with 80 % power."
    )
    every = lacking(found)
    assert every is not None
    assert (
        every.places[1] == every.places[6] == tuple((str(seed), str(fold)) for seed in (1, 2, 3) for fold in range(5))
    )
    assert every.first(12).places[1] == every.places[1][:10]  # whole seeds
    assert every.first(2).sides == {6: 5, 1: 5}

    # One of the two has another seed, and a fold of it is under way: the other is given the same.
    add_folds(add, 64, [*ahead[:-1], None], seed=7)
    add_folds(add, 64, [None, None, None, None, 0.5], seed=7, state=RunState.RUNNING)
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    every = lacking(found)
    assert every is not None
    assert settling(found, names).startswith(
        f"26 more folds (11 of {names[6]} and 15 of {names[1]}) would tell a difference of "
    )
    assert every.places[6][:2] == (("7", "4"), ("8", "0"))
    rest = every.beside(found.repeats)
    assert rest is not None
    assert (rest.sides, rest.places[1]) == ({6: 10, 1: 15}, every.places[1])


def test_of_folds_that_no_number_of_seeds_decides_it_is_said(context: Context, add: Add) -> None:
    changes = (0.03, -0.01, 0.02, -0.01, 0.02)
    add_folds(add, 16, CLOSE)
    add_folds(add, 64, [score + change for score, change in zip(CLOSE, changes, strict=True)])
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    least = 100 * np.std(changes, ddof=1) / 2 * (stats.norm.isf(0.025) + stats.norm.isf(0.2))
    told = settling(found, names)
    assert told.startswith(
        "No number of further seeds would tell a difference of 1.00 points with 80 % power, as all their folds are cut "
        f"from the same examples: it would have to be more than {least:.2f} points. More examples would: about 22 times"
    )
    assert lacking(found) is None


def test_level_cross_validations_say_what_further_seeds_would_tell(context: Context, add: Add) -> None:
    add_folds(add, 16, CLOSE)
    add_folds(add, 64, CLOSE[::-1])
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    assert found.against[0].wanted == 10
    assert settling(found, names).startswith(
        "1 more seed of each with all 5 folds (10 runs) would tell a difference of "
    )
    of_folds = repeated_folds(found.against[0], 5)
    assert of_folds is not None
    told_by = of_folds.told_by(2)
    assert replace(of_folds, difference=1.001 * told_by).seeds == 2
    assert replace(of_folds, difference=0.999 * told_by).seeds == 3


def test_folds_of_which_none_are_common_are_completed_first(context: Context, add: Add) -> None:
    add_folds(add, 16, (0.90, 0.91, None))
    add_folds(add, 64, (None, 0.92, 0.93))
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    assert heading(found, names) == (
        "No verdict: 1 fold has a value of both, and two are needed. net (batch_size 64) beside net (batch_size 16): "
        "mean 0.9250 over 2 folds beside 0.9050 over 2."
    )
    assert settling(found, names) == ""
    every = lacking(found)
    assert every == Lacking({3: 1, 1: 1}, "", 3, {3: (("0", "0"),), 1: (("0", "2"),)})
    assert every is not None
    assert of_whom(found, every, names) == "1 more fold of each"


def test_a_seed_that_ran_twice_is_one_and_runs_without_a_result_are_told(context: Context, add: Add) -> None:
    add(16, CLOSE)
    add(64, (0.97,))
    add(64, (0.98,))
    for state in (RunState.FAILED, RunState.RUNNING):
        config = with_values(add.raw, {"training.batch_size": 64, "seed": 9})
        add.run(name="net", config=config, state=state, metrics={"test_accuracy": [0.2]})
    found, names = verdict(context)
    assert found is not None
    assert [len(each.values) for each in found.repeats.values()] == [1, 5]
    assert heading(found, names).startswith(
        "No verdict: one of the two is a single run, which says nothing of another seed. net (batch_size 64) beside "
        "net "
        "(batch_size 16): mean 0.9750 over 1 seed beside 0.9120 over 5."
    )
    assert "1 run not at rest yet is not counted. 1 run that failed" in grounds(found)


def test_two_single_networks_are_compared_by_their_answers(context: Context, add: Add) -> None:
    add(16, (0.5,))
    add(64, (0.9,))
    label = pd.Series([0, 1] * 50)
    right = {1: 86, 2: 90}

    def answers(run_id: int) -> pd.DataFrame:
        return pd.DataFrame({"label": label, "predicted": label.where(label.index < right[run_id], 1 - label)})

    found, names = verdict(context, predictions=answers)
    assert found is not None
    assert not found.is_sure  # McNemar's p value is 12.5 %, though four of four are 2.0 errors by Agresti and Min
    assert found.against[0].interval[0] < 0
    assert grounds(found).startswith(
        "McNemar's exact test (standard error by Agresti and Min) of their answers to the same test examples: another "
        "seed of each may rank otherwise; intervals are made from p values where these are less sure than standard"
    )
    right[1] = 50
    found, names = verdict(context, predictions=answers)
    assert found is not None
    assert found.is_sure
    assert found.against[0].basis == "examples"
    assert heading(found, names) == (
        "net (batch_size 64) is better than net (batch_size 16) by 40.00 points (95 % interval 28.88 to 51.12): 0.9000 "
        "beside 0.5000, one seed of each."
    )
    found, names = verdict(context)
    assert found is not None
    assert heading(found, names).startswith(
        "No verdict: each is a single run, and not both have kept their test predictions."
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"data.source": "iris"}, "they learned from other data"),
        ({"data.validation_split": 0.4}, "they were validated on other examples (data.validation_split differs)"),
        ({"data.folds": 5}, "they were validated on other examples (data.folds differs)"),
        ({"data.test_split": 0.1}, "they were validated on other examples (data.test_split differs)"),
    ],
)
def test_nothing_is_said_of_other_data(context: Context, add: Add, changes: dict[str, object], why: str) -> None:
    add(16, CLOSE, "val_accuracy")
    add(64, APART, "val_accuracy", **changes)
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    assert heading(found, names).startswith(f"No verdict: {why}. ")


def test_shares_do_not_differ_by_more_than_all(context: Context, add: Add) -> None:
    add(16, (0.1, 0.1))
    add(64, (0.90, 0.96))
    found, names = verdict(context)
    assert found is not None
    low, high = found.against[0].interval
    assert (low < 0, high) == (True, 1.0)
    assert "to 100.00)" in heading(found, names)


def test_nothing_is_said_of_another_test_part_of_the_same_series(context: Context, add: Add) -> None:
    add(16, CLOSE, "test_mase", **{"data.test_split": 0.2, "data.horizon": 4})
    add(64, APART, "test_mase", **{"data.test_split": 0.3, "data.horizon": 8})
    found, names = verdict(context, "test_mase")
    assert found is not None
    why = "they were tested on other examples (data.test_split and data.horizon differ)"
    assert heading(found, names).startswith(f"No verdict: {why}. ")


def test_a_script_without_chance_that_is_run_again_is_one_run(context: Context, add: Add) -> None:
    for lr, score in ((0.1, 0.5), (0.01, 0.7)):
        for _ in range(5):
            config = {"entry": "train.py", "arguments": {"lr": lr}}
            add.run(name="train", kind="script", config=config, metrics={"val_accuracy": [score]})
    found, names = verdict(context, "val_accuracy")
    assert found is not None
    assert not found.is_sure
    told = "each is a single run (done again without a seed it gave the very same value)"
    assert heading(found, names).startswith(f"No verdict: {told}, which says nothing of another seed. train (lr 0.01) ")


def test_the_best_of_many_must_lead_by_more(context: Context, add: Add) -> None:
    for batch in range(1, 9):
        add(batch, [score + batch / 10_000 for score in CLOSE])
    add(64, APART)
    found, names = verdict(context)
    assert found is not None
    assert heading(found, names) == (
        "net (batch_size 64) is the best of 9, and better than each of the others. The nearest is net (batch_size 8), "
        "behind by 5.52 points (95 % interval 1.98 to 9.06): mean 0.9680 over 5 seeds beside 0.9128 over 5."
    )
    assert told(found, names)[0].startswith(
        "net (batch_size 64) leads net (batch_size 8) by 5.52 points (95 % interval 1.98 to 9.06): mean 0.9680 over 5 "
        "seeds beside 0.9128 over 5: sure, as p "
    )
    assert len(told(found, names)) == 8
    assert "Picked from 9 by their test results" in grounds(found)
    assert "Picked from 44 by their test results" in grounds(found, 44)
    alone = found.against[0].estimate
    assert alone is not None
    assert found.against[-1].chance > alone.chance
    low, _ = found.against[0].interval
    assert 0 < low < alone.interval()[0]


def test_scripts_and_clients_have_seeds_by_other_names(context: Context, add: Add) -> None:
    for lr, scores in ((0.1, CLOSE), (0.01, APART)):
        for seed, score in enumerate(scores):
            config = {"entry": "train.py", "arguments": {"lr": lr, "random_state": seed}}
            add.run(name="train", kind="script", config=config, metrics={"test_accuracy": [score]})
    found, names = verdict(context)
    assert found is not None
    assert [len(each.values) for each in found.repeats.values()] == [5, 5]
    assert names == {1: "train (lr 0.1)", 6: "train (lr 0.01)"}


@pytest.mark.parametrize("value", [math.inf, 1e80])
def test_a_run_that_diverged_has_no_result(context: Context, add: Add, value: float) -> None:
    add(16, (0.5, 0.6, value), "test_mae")
    add(64, (0.7, 0.8, 0.9), "test_mae")
    found, _ = verdict(context, "test_mae")
    assert found is not None
    assert [found.repeats[side].missing for side in (1, 4)] == [1, 0]
    assert found.best == 1
    assert "1 run that failed, diverged or never had a value is not counted" in grounds(found)


def test_a_run_that_was_pruned_did_not_fail(context: Context, add: Add) -> None:
    add(16, (0.5, 0.6), "val_mae")
    add(64, (0.7, 0.8), "val_mae")
    config = with_values(add.raw, {"training.batch_size": 16, "seed": 7})
    add.run(config=config, metrics={"val_mae": [0.9]}, state=RunState.PRUNED)
    found, _ = verdict(context, "val_mae")
    assert found is not None
    assert [found.repeats[1].missing, found.repeats[1].pruned] == [0, 1]
    assert "1 run that was pruned, as worse than others early on, is not counted." in grounds(found)
    assert "failed" not in grounds(found)


@pytest.mark.parametrize("metric", ["test_accuracy", "test_loss"])
def test_single_forecasts_and_generators_have_a_verdict_or_a_reason(context: Context, add: Add, metric: str) -> None:
    add(16, (0.5,), metric)
    add(64, (0.7,), metric)
    windows = pd.DataFrame({"loss": [1.0, 1.1] * 30, "accuracy": [0.5, 0.6] * 30, "text": [str(n) for n in range(60)]})
    found, names = verdict(context, metric, lambda run: windows.assign(loss=windows["loss"] + (run == 1) * 0.3))
    assert found is not None
    assert found.against[0].basis == "examples"
    steps = {"time 1": list(range(60)), "true 1": [0.5] * 60, "predicted 1": [0.6] * 60}
    found, names = verdict(context, metric, lambda run: pd.DataFrame(steps))
    assert found is not None
    assert heading(found, names).startswith(
        f"No verdict: each is a single run, and forecasts are compared by test_mae, and not by {metric}."
    )


def test_what_is_better_than_all_that_it_can_be_compared_with_is_said_to_be(context: Context, add: Add) -> None:
    add(16, CLOSE)
    add(64, APART)
    add(8, CLOSE)
    add(32, CLOSE, **{"data.source": "iris"})
    found, names = verdict(context)
    assert found is not None
    told = f"{names[6]} is better than each of the 2 others that it can be compared with, of 3. The nearest is "
    assert heading(found, names).startswith(f"{told}{names[1]}, behind by 5.60 points (95 % interval ")
