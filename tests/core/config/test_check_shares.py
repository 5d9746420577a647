"""A share that leaves a part without an example is a problem of the config, not of the training."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.config.check import check
from core.data import library
from core.data.prepare import load


def _told(settings: Settings, **data: Any) -> dict[str, str]:
    generator = {"name": "recurrent_generator"} if data["source"] == "corpus" else {"name": "mlp"}
    _, problems = check({"data": data, "architecture": generator}, settings)
    return {problem.field: problem.message for problem in problems}


@pytest.fixture
def poem(settings: Settings, tmp_path: Path) -> str:
    """A running text of 1,000 characters."""
    path = tmp_path / "poem.txt"
    path.write_text("abcdefgh\n" * 112)
    library.add_corpus(settings, "poem", path)
    return "poem"


def test_one_percent_of_twelve_examples_is_none(settings: Settings, tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(30.0).reshape(15, 2), y=np.arange(15.0) / 7)
    library.add_arrays(settings, "a", tmp_path / "a.npz")
    assert library.get(settings, "a").info.train_examples == 12
    found = _told(settings, source="arrays", dataset="a", validation_split=0.01)
    assert found == {
        "data.validation_split": "0.01 of 12 training examples is less than half an example, so that none is held "
        "back; take at least 0.042, or 0 for no validation"
    }
    assert _told(settings, source="arrays", dataset="a", validation_split=0.042) == {}
    assert _told(settings, source="arrays", dataset="a", validation_split=0) == {}


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 10, 49, 96])
@pytest.mark.parametrize("split", [0.001, 0.01, 0.1, 0.5, 0.9])
def test_what_is_accepted_loads_with_an_example_in_every_part(settings: Settings, limit: int, split: float) -> None:
    raw = {"source": "iris", "limit": limit, "validation_split": split}
    config, problems = check({"data": raw, "architecture": {"name": "mlp"}}, settings)
    assert config is not None
    expected = config.data.sizes(config.data.info(settings))
    assert bool(problems) == (0 in expected)
    if not problems:
        data = load(config.data, settings, 0)
        assert (len(data.y_train), len(data.y_val)) == expected


def test_a_fold_without_folds_is_a_problem(settings: Settings, poem: str) -> None:
    assert _told(settings, source="iris", fold=3) == {
        "data.fold": "fold 3 is to be held back, and there are no folds; set data.folds to 4 or more, or data.fold to 0"
    }
    assert set(_told(settings, source="corpus", dataset=poem, fold=1)) == {"data.fold"}
    assert set(_told(settings, source="iris", folds=5, fold=5)) == {"data.fold"}
    assert set(_told(settings, source="iris", folds=100, limit=50)) == {"data.folds"}
    assert _told(settings, source="iris", folds=5, fold=4) == {}


def test_a_running_text_is_counted_in_windows(settings: Settings, poem: str) -> None:
    assert _told(settings, source="corpus", dataset=poem, length=20) == {}
    found = _told(settings, source="corpus", dataset=poem, length=64, test_split=0.01, validation_split=0.02)
    assert set(found) == {"data.validation_split", "data.test_split"}
    assert "a window takes 65" in found["data.test_split"]
    assert "or 0 for no test" in found["data.test_split"]
    assert set(_told(settings, source="corpus", dataset=poem, length=2000)) == {"data.length"}
    assert _told(settings, source="corpus", dataset=poem, test_split=0, validation_split=0) == {}


def test_a_text_that_is_not_to_be_tested_needs_no_part_for_it(settings: Settings, poem: str) -> None:
    data = {"source": "corpus", "dataset": poem, "test_split": 0.01}
    raw = {"data": data, "architecture": {"name": "recurrent_generator"}, "evaluation": {"test": False}}
    assert check(raw, settings)[1] == []


def test_a_test_share_has_an_example_of_every_class(settings: Settings) -> None:
    found = _told(settings, source="iris", test_split=0.01)
    assert set(found) == {"data.test_split"}
    assert "leaves 2 for the test" in found["data.test_split"]
    assert _told(settings, source="iris", test_split=0.02) == {}


def test_metrics_of_validation_need_validation_examples(settings: Settings) -> None:
    raw = {"data": {"source": "iris", "validation_split": 0}, "architecture": {"name": "mlp"}}
    _, problems = check({**raw, "evaluation": {"monitor": "val_accuracy"}}, settings)
    assert [problem.field for problem in problems] == ["evaluation.monitor"]


def test_target_scaling_is_for_regression(settings: Settings) -> None:
    raw = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}, "training": {"target_scaling": "log"}}
    _, problems = check(raw, settings)
    assert [problem.field for problem in problems] == ["training.target_scaling"]


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e200, np.nan])
def test_targets_that_are_no_number_to_learn_from_are_refused(settings: Settings, tmp_path: Path, value: float) -> None:
    y = np.arange(20.0) / 7
    y[3] = value
    np.savez(tmp_path / "a.npz", x=np.arange(40.0).reshape(20, 2), y=y)
    with pytest.raises(DataError):
        library.add_arrays(settings, "a", tmp_path / "a.npz")


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"window": 600}, "data.window", "a window takes 600 steps and 12 to forecast"),
        ({"horizon": 30, "window": 20}, "data.window", "take at least 30"),
        ({"test_split": 0.01}, "data.test_split", "7 of the times are left for the test"),
        ({"validation_split": 0.01}, "data.validation_split", "6 of the times are left for validation"),
        ({"folds": 3}, "data.folds", "a fold would be judged by its future"),
    ],
)
def test_windows_of_series_that_do_not_fit_are_told(
    settings: Settings, data: dict[str, object], field: str, words: str
) -> None:
    raw = {"data": {"source": "elnino", **data}, "architecture": {"name": "mlp"}}
    (problem,) = check(raw, settings)[1]
    assert problem.field == field
    assert words in problem.message
