"""Which losses and weights of classes fit which task."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.common.settings import Settings
from core.config.check import check, parse
from core.config.edit import Raw, with_values
from core.config.losses import LOSSES
from core.data import library

SOURCES: dict[str, Raw] = {
    "binary": {"source": "breast_cancer"},
    "multiclass": {"source": "iris"},
    "regression": {"source": "arrays", "dataset": "numbers"},
    "generation": {"source": "corpus", "dataset": "poem", "length": 8},
}


@pytest.fixture
def data(settings: Settings, tmp_path: Path) -> Settings:
    x = np.random.default_rng(0).normal(size=(60, 2))
    np.savez(tmp_path / "numbers.npz", x=x, y=x[:, 0] + 0.5)
    library.add_arrays(settings, "numbers", tmp_path / "numbers.npz")
    (tmp_path / "poem.txt").write_text("The woods are lovely, dark and deep.\n" * 30)
    library.add_corpus(settings, "poem", tmp_path / "poem.txt")
    return settings


def told(settings: Settings, task: str, changes: dict[str, Any]) -> list[tuple[str, str]]:
    network = {"name": "recurrent_generator" if task == "generation" else "mlp"}
    raw = with_values({"data": SOURCES[task], "architecture": network}, changes)
    return [(problem.field, problem.message) for problem in check(raw, settings)[1]]


@pytest.mark.parametrize("task", SOURCES)
def test_a_loss_is_accepted_for_the_tasks_that_it_is_for_and_no_other(data: Settings, task: str) -> None:
    accepted = [name for name, loss in LOSSES.items() if task in loss.tasks]
    assert len(accepted) >= 2
    for name in LOSSES:
        message = f"{name} is not for {task}; accepted are {', '.join(accepted)}"
        expected = [] if name in accepted else [("training.loss.name", message)]
        assert told(data, task, {"training.loss.name": name}) == expected


def test_what_a_loss_cannot_do_for_a_task_is_told_with_what_to_do(data: Settings) -> None:
    smoothed = {"training.loss": {"name": "cross_entropy", "label_smoothing": 0.1}}
    [(field, message)] = told(data, "generation", smoothed)
    assert (field, message[-6:]) == ("training.loss.label_smoothing", "take 0")
    [(field, message)] = told(data, "multiclass", {"training.loss": {"name": "focal", "alpha": 0.3}})
    assert (field, message.partition(";")[0]) == ("training.loss.alpha", "alpha weighs two classes, and here are 3")


@pytest.mark.parametrize("task", ["regression", "generation"])
def test_classes_are_weighed_where_there_are_any(data: Settings, task: str) -> None:
    for name in ("balanced", "given"):
        [(field, message)] = told(data, task, {"training.class_weights.name": name})
        assert field == "training.class_weights.name"
        assert message == f"{name} weighs classes, and the task here is {task}; take none"


def test_a_weight_is_of_a_class_that_there_is_and_there_is_one_for_it(data: Settings) -> None:
    weights = [{"setoas": 2}, {"virginica": 3}, {"virginica": 4}]
    found = told(data, "multiclass", {"training.class_weights": {"name": "given", "weights": weights}})
    assert found == [
        (
            "training.class_weights.weights",
            "'setoas' is no class (did you mean setosa?); there are setosa, versicolor, virginica",
        ),
        ("training.class_weights.weights", "'virginica' has 2 weights; give it one"),
    ]
    [(_, message)] = told(data, "multiclass", {"training.class_weights.name": "given"})
    assert message.startswith("no class has a weight")


def test_a_threshold_is_between_two_classes_and_chosen_where_there_is_validation(data: Settings) -> None:
    for task in ("multiclass", "regression", "generation"):
        for rule in ("f1", "youden", "given"):
            [(field, message)] = told(data, task, {"evaluation.threshold.name": rule})
            assert field == "evaluation.threshold.name"
            assert message.startswith(f"{rule} is between two classes, and here is ")
    alone = {"data.validation_split": 0.0}
    for rule, accepted in {"half": True, "given": True, "f1": False, "youden": False}.items():
        assert told(data, "binary", {"evaluation.threshold.name": rule}) == []
        assert (told(data, "binary", {**alone, "evaluation.threshold.name": rule}) == []) == accepted


def test_weights_are_written_in_short_and_classes_may_be_named_by_numbers() -> None:
    raw = {"data": {"source": "digits"}, "architecture": {"name": "mlp"}}
    given = [{7: 2}, {"3": 4.5}, {"class_name": 1, "weight": 2}]
    config = parse({**raw, "training": {"class_weights": {"name": "given", "weights": given}}}, Settings())
    assert config.training.class_weights.model_dump()["weights"] == (
        {"class_name": "7", "weight": 2},
        {"class_name": "3", "weight": 4.5},
        {"class_name": "1", "weight": 2},
    )


def test_views_are_of_pictures_and_slow_weights_stand_in_for_a_mean(data: Settings) -> None:
    [(field, message)] = told(data, "multiclass", {"evaluation.test_time_augmentation": "flip"})
    assert (field, message) == (
        "evaluation.test_time_augmentation",
        "flip mirrors pictures, and this data set has rows of numbers; take none",
    )
    both = {"training.optimizer": {"name": "sgd", "ema_momentum": 0.9, "lookahead": {}}}
    [(field, message)] = told(data, "multiclass", both)
    assert (field, message.rpartition("; ")[2]) == ("training.optimizer.lookahead", "take one of the two")
