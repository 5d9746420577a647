"""What the demo page asks for, and what programs are told that a model takes: a date is one field."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.data.category_order import in_order
from core.data.data_info import DataInfo, Feature
from core.data.number_scaling import Numbers
from core.inference.description import EXAMPLES, Description
from core.serving import open_inference, tf_serving
from core.serving.demo_page import described
from core.serving.options import Options

DAYS = "date days since 2023-01-01"
WEEKDAYS = ("Friday", "Monday", "Sunday", "Thursday", "Tuesday", "Wednesday", "Saturday")
INFO = DataInfo(
    shape=(5,),
    class_names=("no", "yes"),
    train_examples=10,
    test_examples=10,
    kind="table",
    features=(
        Feature("date year", "number", date_order="ymd"),
        Feature("date weekday", "category", WEEKDAYS, date_order="ymd"),
        Feature(DAYS, "number", date_order="ymd"),
        Feature("city", "category", ("Rome 10", "Rome 9")),
        Feature("price", "number"),
    ),
)
ROW: dict[str, Any] = {"date year": 2023.0, "date weekday": "Sunday", DAYS: 7.0, "city": "Rome 9", "price": 3.0}
RANGES = {DAYS: (0.0, 31.0), "price": (1.0, 9.0)}
KNOWN = Description("m", 1, INFO, (5,), Numbers(), None, (), RANGES, "onnx", "f", None)


def test_a_date_is_asked_for_as_one_and_examples_are_such(tmp_path: Path) -> None:
    (tmp_path / EXAMPLES).write_text(json.dumps([ROW, ROW | {"date year": 2025.0}]))  # the second one is no date
    told = described(KNOWN, Options(), tmp_path, 1)
    assert [(each["name"], each["kind"], each["low"], each["high"]) for each in told["fields"]] == [
        ("date", "date", "2023-01-01", "2023-02-01"),
        ("city", "category", None, None),
        ("price", "number", 1.0, 9.0),
    ]
    assert told["examples"] == [{"date": "2023-01-08", "city": "Rome 9", "price": 3.0}]
    assert told["fields"][1]["choices"] == ["Rome 9", "Rome 10"]


def test_programs_are_told_the_type_of_each_column_and_that_a_date_is_one() -> None:
    signature = tf_serving.metadata("m", 1, KNOWN)["metadata"]["signature_def"]["signature_def"]["serving_default"]
    kinds = {name: each["dtype"] for name, each in signature["inputs"].items()}
    assert kinds == {"date": "DT_STRING", "city": "DT_STRING", "price": "DT_FLOAT"}
    told = open_inference.metadata("m", ["1"], KNOWN)["inputs"]
    assert {each["name"]: each["datatype"] for each in told} == {"date": "BYTES", "city": "BYTES", "price": "FP64"}
    tensor = {"name": "date", "shape": [1], "datatype": "BYTES", "data": ["2023-01-08"]}
    assert open_inference.read(KNOWN, {"inputs": [tensor]}).instances == [{"date": "2023-01-08"}]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (WEEKDAYS, "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        (("L", "", "S", "XL", "M"), "S M L XL"),
        (("Mar", "Jan", "Feb"), "Jan Feb Mar"),
        (("10", "2", "9.5"), "2 9.5 10"),
        (("b", "C", "a"), "a b C"),
        (("1", "x", "x1"), "1 x x1"),
    ],
)
def test_categories_are_offered_in_an_order_that_means_something(given: tuple[str, ...], found: str) -> None:
    assert in_order(given) == found.split()
