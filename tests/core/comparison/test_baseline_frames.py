"""What runs reach on the test set beside what baselines reach there. Records made here, no store."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from core.cli import baseline_rows
from core.comparison import beside_baselines, seed_groups, singles
from core.runs.records import RunRecord, Summary
from tests.core.comparison.test_comparison import run, summary

LOGISTIC = "logistic regression"


def evaluated(run_id: int, logistic: float, data: str = "digits", **facts: Any) -> RunRecord:
    baselines = [
        {"name": name, "metrics": {"test_accuracy": value, "test_loss": 1.0}, "fitted_on": 80, "available": 80}
        for name, value in (("the majority class", 0.1), (LOGISTIC, logistic))
    ]
    known = {"task": "multiclass", "examples": {"test": 1000}, "baselines": baselines, **facts}
    return replace(run(run_id, f"net · seed {run_id}"), facts=known, config={"data": {"source": data}, "seed": run_id})


def scores(accuracies: Mapping[int, float]) -> dict[int, dict[str, Summary]]:
    return {
        number: {"test_accuracy": summary(number, "test_accuracy", value, value)}
        for number, value in accuracies.items()
    }


def test_baselines_stand_among_the_runs_the_best_first() -> None:
    [found] = beside_baselines(singles([evaluated(1, 0.9), evaluated(2, 0.9)]), scores({1: 0.8, 2: 0.95}))
    assert [row.name for row in found.rows] == [
        "#2 net · seed 2 · digits",
        LOGISTIC,
        "#1 net · seed 1 · digits",
        "the majority class",
    ]
    assert (found.data, found.ranked_by, found.metrics) == ("digits", "test_accuracy", ("test_accuracy", "test_loss"))
    assert found.rows[0].told == "5.0 points above logistic regression (0.900)"
    assert [row.run_id for row in found.rows] == [2, None, 1, None]


def test_seeds_are_a_row_and_so_are_their_baselines() -> None:
    runs = [evaluated(1, 0.9), evaluated(2, 0.8)]
    params = {each.id: {"data.source": "digits", "seed": str(each.id)} for each in runs}
    [found] = beside_baselines(seed_groups(runs, params), scores({1: 0.9, 2: 0.96}))
    network, logistic, majority = found.rows
    assert network.values["test_accuracy"] == (0.9, 0.96)
    assert network.told == "8.0 points above logistic regression (0.850)"
    assert logistic.values["test_accuracy"] == (0.9, 0.8)
    assert majority.values["test_accuracy"] == (0.1,)


def test_a_seed_that_was_run_twice_weighs_once_beside_its_baselines() -> None:
    runs = [evaluated(1, 0.9), evaluated(2, 0.9), evaluated(3, 0.7)]
    params = {each.id: {"data.source": "digits", "seed": seed} for each, seed in zip(runs, "001", strict=True)}
    [found] = beside_baselines(seed_groups(runs, params), scores({1: 0.9, 2: 0.94, 3: 0.96}))
    [network] = [row for row in found.rows if row.run_id]
    assert network.values["test_accuracy"] == pytest.approx((0.92, 0.96))
    assert network.told == "14.0 points above logistic regression (0.800)"


def test_runs_of_other_data_or_another_test_set_stand_by_themselves() -> None:
    runs = [evaluated(1, 0.9), evaluated(2, 0.9, "iris"), evaluated(3, 0.9, examples={"test": 500}), evaluated(4, 0.9)]
    found = beside_baselines(singles(runs), scores({1: 0.8, 2: 0.9, 3: 0.7, 4: 0.6}))
    assert [[row.run_id for row in each.rows if row.run_id] for each in found] == [[1, 4], [2], [3]]


def test_runs_whose_threshold_is_chosen_by_another_rule_stand_by_themselves() -> None:
    plain, chosen = evaluated(1, 0.9), evaluated(2, 0.8)
    chosen = replace(chosen, config=chosen.config | {"evaluation": {"threshold": {"name": "f1"}}})
    found = beside_baselines(singles([plain, chosen]), scores({1: 0.8, 2: 0.85}))
    assert [each.data for each in found] == ["digits", "digits, threshold: best F1"]
    verdicts = [next(row.told for row in each.rows if row.run_id) for each in found]
    assert verdicts[0].startswith("10.0 points below logistic regression")
    assert verdicts[1].startswith("5.0 points above logistic regression")


def test_losses_of_another_kind_are_not_set_beside_those_of_baselines() -> None:
    focal = evaluated(1, 0.9, loss={"name": "focal", "gamma": 2.0})
    [found] = beside_baselines(singles([focal]), scores({1: 0.8}))
    assert found.metrics == ("test_accuracy",)


@pytest.mark.parametrize("facts", [{"baselines": []}, {"baselines": "nonsense"}])
def test_without_baselines_there_is_nothing_to_show(facts: dict[str, Any]) -> None:
    assert beside_baselines(singles([evaluated(1, 0.9, **facts)]), scores({1: 0.8})) == []
    assert beside_baselines(singles([evaluated(1, 0.9)]), {}) == []


def test_the_command_line_compares_them_in_the_same_words() -> None:
    rows = baseline_rows.rows([evaluated(1, 0.9), run(2)], scores({1: 0.95}))
    assert rows == [
        ["test_accuracy of the majority class", 0.1, None],
        [f"test_accuracy of {LOGISTIC}", 0.9, None],
        ["beside the best baseline", "5.0 points above logistic regression (0.900)", None],
    ]
