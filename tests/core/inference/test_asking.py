"""What an exported folder carries: read without any library, and the same decisions as the product's."""

import base64
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.common.errors import DataError
from core.data.data_info import DataInfo, Feature
from core.data.number_scaling import Columns, Numbers, Target
from core.data.picture_input import picture_input
from core.data.pictures import png_of
from core.data.series_facts import Frequency, SeriesFacts
from core.export.bundle import sources
from core.inference.description import BundleError, Description, made, read
from core.inference.engines import of_kind
from core.inference.inputs import batch_of, coded
from core.inference.told import answer_of
from core.models.version_manifest import Manifest

SERIES = SeriesFacts(Frequency("month", 3), "time", ("shop",), ("a", "b"), ((0, 5), (1, 9)), calendar=("year",))
TABLE = DataInfo(
    (3,),
    ("no", "yes"),
    10,
    5,
    task="binary",
    kind="table",
    features=(
        Feature("age", "number", decimal=",", missing=("n/k",)),
        Feature("place", "category", ("land", "sea")),
        Feature("since", "number"),
    ),
)


def describe(info: DataInfo, **more: Any) -> Description:
    plain = Description("m", 1, info, (), Numbers(), None, (), {}, "onnx", "network.onnx", None)
    return replace(plain, **more)


@pytest.mark.parametrize("info", [TABLE, replace(TABLE, kind="series", task="forecast", series=SERIES)])
def test_a_manifest_is_read_without_pydantic_as_it_was_written(info: DataInfo, tmp_path: Path) -> None:
    numbers = Numbers(Columns((0.0, 1.7e9), (1.0, 1.0)), Target("log", 1.5, 2.0, 30.0), lagged=True)
    manifest = Manifest(
        info=info, stored_shape=(3,), numbers=numbers.raw(), threshold=0.3, levels=(0.5, 0.7), ranges={"age": (0, 99)}
    )
    network = {"format": "litert", "file": "network.tflite", "batch": 1}
    raw = manifest.model_dump(mode="json") | {"model": "m", "version": 3, "network": network}
    (tmp_path / "manifest.json").write_text(json.dumps(raw))
    found = read(tmp_path)
    assert (found.info, found.numbers, found.threshold, found.levels) == (info, numbers, 0.3, (0.5, 0.7))
    assert (found.model, found.version, found.format, found.batch) == ("m", 3, "litert", 1)
    assert found.ranges == {"age": (0.0, 99.0)}
    assert Manifest.model_validate_json(json.dumps(raw)).info == info
    assert made(DataInfo, json.loads(json.dumps(asdict(info))) | {"of_a_later_version": 1}) == info


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"layout": 2}', '{"layout": 1, "info": {"shape": 3}}'])
def test_a_damaged_manifest_is_told(text: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(BundleError, match=r"Give the folder of an export|Export the model again"):
        read(tmp_path)


def test_rows_are_read_by_name_or_in_order_with_their_words_for_missing() -> None:
    known = describe(TABLE, ranges={"age": (0.0, 50.0)})
    x, notes = batch_of(known, [{"age": "1.234,5", "place": " SEA ", "since": 3}, ["n/k", None, 4]])
    assert isinstance(x, dict)
    np.testing.assert_array_equal(x["numbers"], [[1234.5, 3], [np.nan, 4]])
    assert coded(TABLE, x["categories"]).tolist() == [[2], [0]]
    assert "outside what was learned" in notes[0][-1]
    with pytest.raises(DataError, match=r"Instance 1: A row has 3 values \(age, place, since\); received 2"):
        batch_of(known, [[1, "sea", 2], [1, 2]])
    with pytest.raises(DataError, match="The row is empty"):
        batch_of(known, [{}])
    with pytest.raises(DataError, match="There is no feature 'agee'"):
        batch_of(known, [{"agee": 1}])


@pytest.mark.parametrize("row", [{"age": [5], "place": ["sea"], "since": 3}, [[5, "sea", 3]], [[5], ["sea"], [3]]])
def test_values_in_lists_of_one_are_values(row: Any) -> None:
    x, _ = batch_of(describe(TABLE), [row])
    assert isinstance(x, dict)
    assert (x["numbers"].tolist(), x["categories"].tolist()) == ([[5, 3]], [["sea"]])


@pytest.mark.parametrize("value", [{}, {"a": 1}, [], [1, 2], [[1, 2]], b"1", np.zeros(2)])
def test_a_value_that_is_none_is_refused(value: Any) -> None:
    for name in ("age", "place"):
        with pytest.raises(DataError, match=f"{name} must be one number, a text, or null where it is missing"):
            batch_of(describe(TABLE), [{name: value}])


@pytest.mark.parametrize("row", [np.float64(3), np.array(3), b"abc", "abc", ["abc"], [[1, 2, 3], [4, 5, 6]]])
def test_what_is_no_row_is_refused(row: Any) -> None:
    with pytest.raises(DataError, match=r"A row has 3 values|The network takes a row"):
        batch_of(describe(TABLE), [row])


def test_numbers_come_in_the_shape_of_the_network_alone_in_a_batch_of_one_or_in_one_list() -> None:
    known = describe(DataInfo((2, 3), (), 1, 1, kind="series", task="forecast"))
    for shape in ((2, 3), (1, 2, 3), (6,)):
        x, _ = batch_of(known, [np.arange(6).reshape(shape).tolist()])
        assert np.asarray(x).tolist() == [[[0, 1, 2], [3, 4, 5]]]
    for other in ((3, 2), (6, 1), (1, 6), (2, 3, 1), (1, 1, 2, 3)):
        with pytest.raises(DataError, match=r"of shape \[2, 3\]; received"):
            batch_of(known, [np.arange(6).reshape(other).tolist()])
    grey = describe(DataInfo((4, 4, 1), ("a", "b"), 1, 1, kind="image"), stored=(4, 4, 1))
    assert np.asarray(batch_of(grey, [[[0] * 4] * 4])[0]).shape == (1, 4, 4, 1)
    with pytest.raises(DataError, match="received"):
        batch_of(grey, [[[[0] * 4] * 4]])  # channels first


@pytest.mark.parametrize("instance", [[[0] * 4] * 3, "text", {"b64": "?"}, [[0] * 4] * 4 + [[256] * 4], None])
def test_what_is_no_picture_is_refused(instance: Any) -> None:
    known = describe(DataInfo((4, 4, 1), ("a", "b"), 1, 1, kind="image"), stored=(4, 4, 1))
    with pytest.raises(DataError):
        batch_of(known, [instance])


def test_a_drawing_is_cut_out_and_centred_as_where_it_is_tried() -> None:
    known = describe(DataInfo((28, 28, 1), ("0", "1"), 1, 1, kind="image"), stored=(28, 28, 1))
    sheet = np.zeros((280, 280, 1), np.uint8)
    sheet[20:90, 30:40] = 255  # a small stroke at the top left
    picture = {"b64": png_of(sheet)}

    (drawn, _), (as_it_is, _) = (batch_of(known, [each]) for each in ({**picture, "drawn": True}, picture))

    wanted = picture_input(base64.b64decode(picture["b64"]), "", (28, 28, 1), (28, 28, 1), max_pixels=10**6, drawn=True)
    assert np.array_equal(np.asarray(drawn)[0], wanted.pixels)
    assert not np.array_equal(np.asarray(drawn), np.asarray(as_it_is))
    assert np.asarray(drawn)[0, 10:18, 10:18].max() > 200  # it is in the middle


def test_answers_decide_as_the_evaluation_does() -> None:
    assert answer_of(describe(TABLE), np.array([0.4], np.float32))["prediction"] == "no"
    assert answer_of(describe(TABLE, threshold=0.3), np.array([0.4], np.float32))["prediction"] == "yes"
    labels = replace(TABLE, task="multilabel")
    found = answer_of(describe(labels, levels=(0.5, 0.9)), np.array([0.6, 0.8], np.float32))
    assert (found["prediction"], [each["given"] for each in found["labels"]]) == (["no"], [True, False])
    numbers = describe(replace(TABLE, task="regression", target="price"))
    assert answer_of(numbers, np.array([12.5])) == {"prediction": 12.5, "target": "price"}
    assert "not a number" in answer_of(numbers, np.array([np.nan]))["problem"]


@pytest.mark.parametrize("kind", ["image", "text", "table", "rows", "series", "corpus"])
def test_what_a_folder_carries_imports_nothing_but_itself_and_its_runtime(kind: str) -> None:
    heavy = ("import pydantic", "from pydantic", "import sqlalchemy", "import pandas", "import tensorflow")
    for path in sources(kind):
        text = path.read_text()
        assert not [each for each in heavy if each in text], path
        assert "pyarrow" not in "".join(line for line in text.splitlines() if line.startswith(("import", "from")))


def test_an_input_of_whole_numbers_takes_no_others() -> None:
    known = describe(replace(TABLE, kind="series", task="forecast", shape=(3,), units=1, whole=(0, 255)))
    x, _ = batch_of(known, [[3, 0, 255]])
    assert isinstance(x, np.ndarray)
    assert of_kind(x, np.uint8, "x").tolist() == [[3, 0, 255]]
    for values, place in (([300, -2, 1.7], 0), ([3, -2, 1], 1), ([3, 2, 1.7], 2)):
        why = rf"takes whole numbers from 0 to 255; received {values[place]:g} at \[{place}\] of example 0"
        with pytest.raises(DataError, match=why):
            batch_of(known, [values])
        with pytest.raises(DataError, match=why):
            of_kind(np.array([values], np.float32), np.uint8, "x")
    assert of_kind(np.array([1.7]), np.float32, "x").dtype == np.float32
