"""A cross-validation as one object: its figures, what lacks, and launching that."""

import math
import statistics
from dataclasses import replace

import pytest

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.config.edit import Raw, with_values
from core.config.run import RunConfig
from core.runs.folds import launch_folds, siblings
from core.runs.records import RunState
from core.verdicts.cross_validation import CrossValidation, Fold, cross_validation
from core.verdicts.folds_told import apart, folds_told
from core.verdicts.repeats import repeats
from tests.conftest import AddRun

SCORES = (0.90, 0.92, 0.94, 0.91)


def add(add_run: AddRun, raw: Raw, fold: int, score: float | None, **columns: object) -> int:
    config = with_values(
        RunConfig.model_validate(raw).model_dump(mode="json"), {"data.folds": 5, "data.fold": fold, "seed": 0}
    )
    metrics = {} if score is None else {"val_accuracy": [score]}
    return add_run(name=f"net · fold {fold + 1} of 5", config=config, metrics=metrics, **columns)


def found_of(context: Context, run_id: int) -> CrossValidation:
    together = siblings(context, runs.get(context, run_id))
    ids = [run.id for run in together]
    found = cross_validation(together, runs.params(context, ids), runs.summaries(context, ids), "val_accuracy")
    assert found is not None
    return found


def test_the_mean_is_worth_what_nadeau_and_bengio_say(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    ids = [add(add_run, raw_config, fold, score) for fold, score in enumerate((*SCORES, 0.93))]
    found = found_of(context, ids[2])
    assert found.mean == pytest.approx(0.92)
    assert found.deviation == pytest.approx(statistics.stdev((*SCORES, 0.93)))
    half = 2.7764451 * found.deviation * math.sqrt(1 / 5 + 1 / 4)  # Student's t of 4 degrees of freedom
    assert found.interval == pytest.approx((0.92 - half, 0.92 + half))
    assert folds_told(found) == [
        "val_accuracy 0.920 in the mean of 5 folds, with a standard deviation of 0.016; 95 % interval of the mean "
        f"{0.92 - half:.3f} to {0.92 + half:.3f} "
        "(Nadeau and Bengio, as folds share training examples)."
    ]
    assert found.missing == ()


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ((0.975, 0.95, 0.925), "val_accuracy 0.950 in the mean of 3 folds, with a standard deviation of 0.025; 95 % "
         "interval of the mean 0.868 to 1.000"),
        ((95.5, 95.0, 94.5), "val_accuracy 95.00 in the mean of 3 folds, with a standard deviation of 0.50; 95 % "
         "interval of the mean 93.36 to 96.64"),
        ((0.9, 0.8, 1e200), "val_accuracy 0.850 in the mean of 2 folds, with a standard deviation of 0.071; 95 % "
         "interval of the mean 0.072 to 1.000"),
    ],
    ids=["no accuracy is above one", "told in percent", "one diverged"],
)  # fmt: skip
def test_figures_are_in_one_unit_and_of_what_there_can_be(
    context: Context, add_run: AddRun, raw_config: Raw, scores: tuple[float, ...], told: str
) -> None:
    ids = [add(add_run, raw_config, fold, score) for fold, score in enumerate(scores)]
    assert folds_told(found_of(context, ids[0]))[0] == f"{told} (Nadeau and Bengio, as folds share training examples)."


def test_folds_that_lack_are_told_and_launched(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    first = add(add_run, raw_config, 0, SCORES[0])
    add(add_run, raw_config, 1, None, state=RunState.FAILED)
    add(add_run, raw_config, 2, None, state=RunState.RUNNING)
    add(add_run, raw_config, 3, SCORES[1], experiment="elsewhere")
    found = found_of(context, first)
    assert [each.told for each in found.folds] == [
        "", "failed, without a value", "running", "not launched", "not launched",
    ]  # fmt: skip
    assert found.missing == (("0", 1), ("0", 3), ("0", 4))
    assert folds_told(found)[1:] == [
        "1 fold is not at rest yet.", "2 folds were never launched.", "1 fold ended without a value.",
    ]  # fmt: skip
    wanted = [(int(seed), fold) for seed, fold in found.missing]
    made = runs.get_many(context, launch_folds(context, runs.get(context, first), wanted))
    assert [(run.name, run.config["data"]["fold"]) for run in made] == [
        (f"net · fold {fold + 1} of 5", fold) for _, fold in wanted
    ]
    assert found_of(context, first).missing == ()


def test_of_a_fold_that_ran_twice_the_one_with_a_value_counts(
    context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    first = add(add_run, raw_config, 0, 0.9)
    add(add_run, raw_config, 0, None, state=RunState.FAILED)
    assert found_of(context, first).values == [0.9]
    add(add_run, raw_config, 0, 0.8)
    assert found_of(context, first).values == [0.8]


@pytest.mark.parametrize("folds", [200_000_000, "9" * 5000, "many", "-3", 2.5])
def test_what_is_no_number_of_folds_makes_no_cross_validation(
    context: Context, add_run: AddRun, raw_config: Raw, folds: object
) -> None:
    """As a script may have logged it."""
    config = with_values(raw_config, {"data.folds": folds, "data.fold": 0})
    run_id = add_run(config=config, metrics={"val_accuracy": [0.9]})
    params, summaries = runs.params(context, [run_id]), runs.summaries(context, [run_id])
    assert cross_validation([runs.get(context, run_id)], params, summaries, "val_accuracy") is None
    assert repeats([runs.get(context, run_id)], params, summaries, "val_accuracy", "best").folds == 0


def test_a_fold_that_is_none_of_so_many_is_left_out(context: Context, add_run: AddRun, raw_config: Raw) -> None:
    ids = [
        add_run(config=with_values(raw_config, {"data.folds": 3, "data.fold": fold}), metrics={"val_accuracy": [0.9]})
        for fold in ("first", "0.0", 3, 1)
    ]
    together = [runs.get(context, run_id) for run_id in ids]
    params, summaries = runs.params(context, ids), runs.summaries(context, ids)
    assert cross_validation(together[:3], params, summaries, "val_accuracy") is None
    found = cross_validation(together, params, summaries, "val_accuracy")
    assert found is not None
    assert [each.run and each.run.id for each in found.folds] == [None, ids[-1], None]


def test_a_run_without_folds_has_none_to_launch(context: Context, add_run: AddRun) -> None:
    run = runs.get(context, add_run(metrics={"val_accuracy": [0.9]}))
    params = runs.params(context, [run.id])
    assert cross_validation([run], params, runs.summaries(context, [run.id]), "val_accuracy") is None
    for each in (run, replace(run, kind="logged")):
        with pytest.raises(ConfigError, match="none are there"):
            launch_folds(context, each, [(0, 1)])


def test_a_fold_that_is_at_the_mean_has_no_sign() -> None:
    folds = tuple(Fold("0", place, None, value) for place, value in enumerate((0.5, 0.7, 0.59999, 0.60001)))
    found = CrossValidation("val_accuracy", 4, folds)
    assert [apart(each, found) for each in folds] == ["-1.2 sd", "+1.2 sd", "0.0 sd", "0.0 sd"]
