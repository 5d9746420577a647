"""Test examples as people read them."""

import pandas as pd

from core.evaluation.example_table import class_told, example_table, example_told


def test_a_prediction_that_is_no_finite_number_has_no_class() -> None:
    frame = pd.DataFrame({"index": [3, 4], "label": [0, 1], "predicted": [-1, 1], "confidence": [float("nan"), 0.75]})
    assert [class_told(["cat", "dog"], each) for each in (-1, 0, 1)] == ["no finite answer", "cat", "dog"]
    assert list(example_table(frame, ["cat", "dog"])["Predicted"]) == ["no finite answer", "dog"]
    first, second = frame.to_dict("records")
    assert example_told(first, ["cat", "dog"]).startswith("Test example 3: cat, predicted no finite answer")
    assert example_told(second, ["cat", "dog"]) == "Test example 4: dog, predicted dog with 75 %"
