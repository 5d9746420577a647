"""Exported networks with known causes are explained by asking them: a patch, a word, a column."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from core.common.errors import DataError
from core.data.data_info import Array, DataInfo, Feature
from core.data.series_facts import Frequency, SeriesFacts
from core.data.vocabulary import RESERVED, Vocabulary
from core.explain.explain_exported import BACKGROUND, ExportedExplainer, explained
from core.explain.explained_row import sampled
from core.export import bundle
from core.inference.description import VOCABULARY
from core.inference.export_formats import FORMATS
from core.models.version_manifest import Manifest

CLASSES = ("no", "yes")
ROWS = DataInfo((2,), CLASSES, 1, 1, kind="rows", features=(Feature("width", "number"), Feature("height", "number")))


def exported(folder: Path, info: DataInfo, weights: Array, *, ids: bool = False, tokens: Sequence[str] = ()) -> Path:
    """Softmax of what the weights [inputs, 2] make of the inputs, of series without it; of token ids, of the sum of
    their rows.
    """
    folder.mkdir()
    given = TensorProto.INT32 if ids else TensorProto.FLOAT
    middle = [
        helper.make_node("Gather", ["weights", "input"], ["rows"]),
        helper.make_node("ReduceSum", ["rows", "one"], ["sums"], keepdims=0),
    ] if ids else [
        helper.make_node("Flatten", ["input"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["sums"]),
    ]  # fmt: skip
    last = helper.make_node("Identity" if info.series else "Softmax", ["sums"], ["output"])
    kept = [helper.make_tensor("weights", TensorProto.FLOAT, weights.shape, weights.astype(float).ravel())]
    kept += [helper.make_tensor("one", TensorProto.INT64, [1], [1])] if ids else []
    graph = helper.make_graph(
        [*middle, last], "made",
        [helper.make_tensor_value_info("input", given, ["n", *info.shape])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, ["n", 2])], kept,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.save(model, folder / FORMATS["onnx"].file)
    if tokens:
        Vocabulary("word", tuple(tokens)).save(folder / VOCABULARY)
    described = {"model": "m", "version": 1, "network": {"format": "onnx", "file": FORMATS["onnx"].file, "batch": None}}
    bundle.write(folder, Manifest(info=info, stored_shape=info.shape), described, FORMATS["onnx"], [])
    return folder


def asked(folder: Path, instance: Any, target: str = "") -> dict[str, Any]:
    (found,) = explained(ExportedExplainer(folder), {"instances": [instance], "target": target})["explanations"]
    json.dumps(found)
    assert found["checks"], "it says how far it is to be believed"
    return dict(found)


def test_of_a_picture_the_patch_that_decides_is_found(tmp_path: Path) -> None:
    patch = np.zeros((14, 14), bool)
    patch[2:5, 8:11] = True
    info = DataInfo((14, 14, 1), CLASSES, 1, 1, kind="image")
    weights = np.column_stack([np.zeros(196), patch.ravel() / 255 - 0.001])
    picture = np.where(patch, 255, np.random.default_rng(0).integers(0, 60, (14, 14)))[..., np.newaxis]
    found = asked(exported(tmp_path / "m", info, weights), picture.tolist())
    heat = np.array(found["heat"])
    assert (found["target"], found["method"], bool(found["picture"])) == ("yes", "occlusion", True)
    assert set(zip(*np.where(heat > 0.7 * heat.max()), strict=True)) <= set(zip(*np.where(patch), strict=True))
    assert found["curves"]["deletion_area"] < found["curves"]["random_deletion_area"]
    assert abs(found["sanity"]) < 0.5


def test_of_a_text_the_word_that_decides_is_found_for_either_class(tmp_path: Path) -> None:
    words = ("the", "film", "is", "good", "long")
    info = DataInfo((8,), CLASSES, 1, 1, kind="text", vocabulary=len(words) + RESERVED)
    weights = np.zeros((len(words) + RESERVED, 2))
    weights[RESERVED + words.index("good"), 1] = 3.0
    folder = exported(tmp_path / "m", info, weights, ids=True, tokens=words)
    found = asked(folder, "the film is good")
    values = {part["name"]: part["value"] for part in found["parts"]}
    assert (found["target"], max(values, key=lambda name: values[name])) == ("yes", "good")
    assert values["good"] == pytest.approx(found["answer"] - 0.5, abs=1e-6)
    other = {part["name"]: part["value"] for part in asked(folder, "the film is good", "no")["parts"]}
    assert other["good"] == pytest.approx(-values["good"], abs=1e-6)


def test_of_a_row_values_add_up_against_the_rows_that_came_with_the_export(tmp_path: Path) -> None:
    folder = exported(tmp_path / "m", ROWS, np.array([[0.0, 2.0], [0.0, 0.0]]))
    with pytest.raises(DataError, match="no rows to compare with"):
        asked(folder, [1.0, 5.0])
    (folder / BACKGROUND).write_text(json.dumps([{"width": width, "height": 1.0} for width in (-1.0, 0.0, 1.0)]))
    found = asked(folder, [1.0, 5.0])
    assert [part["name"] for part in found["parts"]] == ["width", "height"]
    assert (found["parts"][0]["given"], found["parts"][1]["value"]) == ("1", pytest.approx(0.0, abs=1e-6))
    assert sum(part["value"] for part in found["parts"]) == pytest.approx(found["answer"] - found["baseline"], abs=1e-6)


def test_of_a_forecast_the_span_that_decides_is_found_and_numbers_without_a_meaning_are_none(tmp_path: Path) -> None:
    facts = SeriesFacts(Frequency("step"), "time", past=1, horizon=2)
    info = DataInfo((24, 2), (), 1, 1, task="forecast", kind="series", features=(Feature("wind", "number"),),
                    target="load", series=facts)  # fmt: skip
    weights = np.zeros((24, 2, 2))
    weights[20:22, 1] = [[3.0, 0.0], [3.0, 0.0]]  # wind, 4 to 3 back, to the first step ahead; the second is 0
    window = np.random.default_rng(0).normal(size=(24, 2))
    window[20:22, 1] += 5
    folder = exported(tmp_path / "m", info, weights.reshape(48, 2))
    found = asked(folder, window.tolist())
    first, second = found["parts"][:2]
    lost = 3 * (window[20:22, 1] - window[:, 1].mean()).sum()
    assert (found["target"], found["method"], found["unit"]) == ("load, mean of 2 steps ahead", "spans", "load")
    assert (first["name"], first["value"]) == ("wind, 4 to 3 back", pytest.approx(lost / 2, abs=1e-3))
    assert float(first["given"]) == pytest.approx(window[20:22, 1].mean(), rel=1e-2)
    assert abs(second["value"]) < 1e-5
    assert found["answer"] - found["baseline"] == pytest.approx(lost / 2, abs=1e-3)
    assert "where every channel keeps its mean" in found["compared"]
    assert found["curves"]["deletion_area"] < found["curves"]["random_deletion_area"]
    assert found["sanity"] is not None
    assert asked(folder, window.tolist(), "1")["parts"][0]["value"] == pytest.approx(lost, abs=1e-3)
    with pytest.raises(DataError, match=r"no step '3' to explain\. The forecast has steps 1 to 2"):
        asked(folder, window.tolist(), "3")
    bare = DataInfo((2, 3), (), 0, 0, task="forecast", kind="series", units=2)
    with pytest.raises(DataError, match="it must be known what they mean"):
        asked(exported(tmp_path / "bare", bare, np.zeros((6, 2))), [[1, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize("body", [{}, {"instances": []}, {"instances": [1, 2]}, {"instances": [[1, 2]], "target": 3}])
def test_what_cannot_be_explained_is_refused_in_a_sentence(tmp_path: Path, body: Any) -> None:
    explainer = ExportedExplainer(exported(tmp_path / "m", ROWS, np.zeros((2, 2))))
    with pytest.raises(DataError, match="one instance at a time"):
        explained(explainer, body)
    with pytest.raises(DataError, match="no field 'method'; accepted are instances, target"):
        explained(explainer, {"instances": [[1, 2]], "method": "integrated_gradients"})
    with pytest.raises(DataError, match="no class 'maybe'"):
        explained(explainer, {"instances": [[1, 2]], "target": "maybe"})


def test_rows_of_a_sorted_test_set_are_compared_with_a_sample_that_is_told_with_its_uncertainty(tmp_path: Path) -> None:
    folder = exported(tmp_path / "m", ROWS, np.array([[0.0, 2.0], [0.0, 0.0]]))
    x = np.column_stack([np.linspace(-3, 3, 1000), np.ones(1000)])  # as of rows in order of time
    sample = sampled(x)
    assert not isinstance(sample.rows, dict)
    rows = [{"width": width, "height": height} for width, height in sample.rows.tolist()]
    (folder / BACKGROUND).write_text(json.dumps({"rows": rows, "of": sample.of}))
    found = asked(folder, [3.0, 1.0])
    whole = np.mean(1 / (1 + np.exp(-2 * x[:, 0])))
    assert abs(found["baseline"] - whole) < 4 * found["rows_error"] < 0.4
    assert found["rows_error"] == pytest.approx(np.std(1 / (1 + np.exp(-2 * sample.rows[:, 0])), ddof=1) / 50**0.5)
    assert "50 rows drawn at random from 1,000 of the test set" in found["compared"]
    assert any("Compared with other rows" in each["text"] for each in found["checks"])


def test_what_a_date_gives_is_one_part_of_the_row_and_adds_up(tmp_path: Path) -> None:
    names = ("date year", "date month", "date days since 2023-01-01", "price")
    features = tuple(Feature(name, "number", date_order="ymd" if name != "price" else "") for name in names)
    info = DataInfo((4,), CLASSES, 1, 1, kind="rows", features=features)
    folder = exported(tmp_path / "m", info, np.array([[0, 0], [0, 0.1], [0, 0.01], [0, 0.3]]))
    rows = [{"date": day, "price": price} for day, price in (("2023-01-05", 1), ("2023-03-09", 2), ("2023-06-01", 4))]
    (folder / BACKGROUND).write_text(json.dumps({"rows": rows, "of": 3}))
    found = asked(folder, {"date": "2023-08-03", "price": 7})
    assert {part["name"]: part["given"] for part in found["parts"]} == {"date": "2023-08-03", "price": "7"}
    total = sum(part["value"] for part in found["parts"])
    assert total == pytest.approx(found["answer"] - found["baseline"], abs=1e-6)
