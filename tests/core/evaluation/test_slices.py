"""The groups in which a network is worst: those that were made worse are found, and none where there is none."""

import numpy as np
import pandas as pd
import pytest

from core.evaluation.chances import holm, wilson
from core.evaluation.slices import slices, told


def _classified(wrong: "np.ndarray", **columns: object) -> pd.DataFrame:
    label = np.arange(len(wrong)) % 2
    predicted = np.where(wrong, 1 - label, label)
    return pd.DataFrame({"index": np.arange(len(wrong)), "label": label, "predicted": predicted, "confidence": 0.9,
                         **columns})  # fmt: skip


def test_a_category_and_a_range_of_numbers_with_more_errors_come_first() -> None:
    drawn = np.random.default_rng(0)
    sex, age = drawn.choice(["male", "female"], 400), drawn.uniform(0, 80, 400)
    worse = (sex == "female") | (age > 60)
    wrong = drawn.uniform(size=400) < np.where(worse, 0.6, 0.05)
    frame = _classified(wrong, x_sex=sex, x_age=age, x_other=drawn.normal(size=400))
    found = slices(frame, ["a", "b"])
    assert found is not None
    first, second = found.rows[:2]
    assert first.what == "sex = female"
    assert second.what.startswith("age from ")
    assert max(each.p for each in found.rows) < 0.05, "what chance would give is not listed"
    assert len(found.rows) == found.sure
    assert first.low < first.share < first.high
    assert first.share > first.elsewhere
    assert first.wrong == wrong[sex == "female"].sum()
    assert "other" not in [each.what.split()[0] for each in found.rows]
    assert "groups were looked at; wrong means another class is predicted" in told(found)


def test_errors_without_a_cause_have_a_sure_group_in_about_one_table_of_twenty_at_most() -> None:
    sure = 0
    for seed in range(100):
        drawn = np.random.default_rng(seed)
        columns = {f"x_{name}": drawn.normal(size=200) for name in "abcd"}
        found = slices(_classified(drawn.uniform(size=200) < 0.2, **columns), ["a", "b"])
        assert found is not None
        assert found.looked >= 16
        sure += bool(found.rows)
        if not found.rows:
            assert told(found).startswith("No group is worse than the others by more than chance would give.")
    assert sure <= 8  # without the correction it would be half of them


def test_a_class_that_is_taken_for_another_is_named_as_a_pair() -> None:
    label = np.repeat(np.arange(5), 100)
    predicted = label.copy()
    predicted[400:430] = 2
    frame = pd.DataFrame({"index": np.arange(500), "label": label, "predicted": predicted, "confidence": 0.9})
    found = slices(frame, list("01234"))
    assert found is not None
    assert {each.what for each in found.rows} == {"4 taken for 2", "class 4"}


def test_long_texts_dark_pictures_and_missing_values_are_groups() -> None:
    drawn = np.random.default_rng(3)
    length = drawn.integers(1, 40, 300)
    text = [" ".join(["word"] * count) for count in length]
    brightness, age = drawn.uniform(0, 255, 300), drawn.normal(size=300)
    age[:60] = np.nan
    for columns, worse, what in (
        ({"text": text, "unseen": 0}, length > 29, "words from "),
        ({"brightness": brightness}, brightness < 60, "brightness (0 to 255) from "),
        ({"x_age": age}, np.isnan(age), "age is missing"),
    ):
        found = slices(_classified(drawn.uniform(size=300) < np.where(worse, 0.7, 0.02), **columns), ["a", "b"])
        assert found is not None
        assert found.rows[0].what.startswith(what)


def test_large_errors_of_a_regression_and_wrong_labels_count_as_wrong() -> None:
    drawn = np.random.default_rng(4)
    town = drawn.choice(["x", "y"], 200)
    residual = drawn.normal(size=200) * np.where(town == "y", 9, 1)
    frame = pd.DataFrame({"label": 1.0, "predicted": 1.0, "residual": residual, "x_town": town})
    found = slices(frame, [])
    assert found is not None
    assert found.rows[0].what == "town = y"
    assert found.share == pytest.approx(0.2)
    labels = pd.DataFrame({"label": "a", "predicted": "a", "wrong": (town == "x") * 2, "x_town": town})
    found = slices(labels, [])
    assert found is not None
    assert (found.rows[0].what, found.rows[0].share) == ("town = x", 1)


def test_a_network_without_a_mistake_and_one_without_a_hit_have_no_worst_group() -> None:
    assert slices(_classified(np.zeros(50, bool)), ["a", "b"]) is None
    assert slices(_classified(np.ones(50, bool)), ["a", "b"]) is None


def test_intervals_hold_at_the_ends_and_corrections_never_fall() -> None:
    low, high = wilson(0.0, 10)
    assert (low, high) == pytest.approx((0, 0.2775), abs=1e-3)
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
