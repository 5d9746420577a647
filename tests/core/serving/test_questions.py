"""The bodies of the two protocols, read and written."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.common.errors import DataError
from core.data.data_info import DataInfo, Feature
from core.data.number_scaling import Numbers
from core.inference.description import Description
from core.serving import open_inference, tf_serving
from core.serving.questions import ANSWER, BINARY, INFER, MOST_INSTANCES, PREDICT, read
from tests.core.serving.conftest import INFO

OUTPUTS = np.array([[0.25, 0.75], [0.5, 0.5]], np.float32)


def known(info: DataInfo = INFO) -> Description:
    return Description("sides", 3, info, (2,), Numbers(), None, (), {}, "onnx", "network.onnx", None)


def asked(code: int, body: Any, info: DataInfo = INFO) -> Any:
    """The raw examples, and the answer for two outputs."""
    found = read(known(info), code, json.dumps(body).encode())
    return np.asarray(found.x).tolist(), found.answer(OUTPUTS[: found.examples])


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"instances": [[1, 2], [3, 4]]}, "predictions"),
        ({"instances": [{"input": [1, 2]}, {"input": [3, 4]}]}, "predictions"),
        ({"instances": [{"width": 1, "height": 2}, {"height": 4, "width": 3}]}, "predictions"),
        ({"signature_name": "serving_default", "inputs": [[1, 2], [3, 4]]}, "outputs"),
        ({"inputs": {"input": [[1, 2], [3, 4]]}}, "outputs"),
        ({"inputs": {"width": [1, 3], "height": [[2], [4]]}}, "outputs"),
        ({"signature_name": "", "inputs": {"any": [[1, 2], [3, 4]]}}, "outputs"),
    ],
)
def test_tensorflow_serving_is_asked_by_row_and_by_column(body: Any, key: str) -> None:
    assert asked(PREDICT, body) == ([[1, 2], [3, 4]], {key: [[0.25, 0.75], [0.5, 0.5]]})


@pytest.mark.parametrize(
    "tensors",
    [
        [{"name": "input", "shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3, 4]}],
        [{"name": "input", "shape": [2, 2], "datatype": "INT64", "data": [[1, 2], [3, 4]]}],
        [
            {"name": "width", "shape": [2], "datatype": "FP64", "data": [1, 3]},
            {"name": "height", "shape": [2, 1], "datatype": "FP64", "data": [2, 4]},
        ],
    ],
)
def test_the_open_inference_protocol_takes_one_tensor_or_one_for_each_feature(tensors: Any) -> None:
    tensor = {"name": "output", "datatype": "FP32", "shape": [2, 2], "data": [0.25, 0.75, 0.5, 0.5]}

    named = {"model_name": "sides", "model_version": "3", "id": "42"}

    assert asked(INFER, {"id": "42", "inputs": tensors}) == ([[1, 2], [3, 4]], {**named, "outputs": [tensor]})


@pytest.mark.parametrize(
    ("info", "told"),
    [
        (
            {"task": "binary", "class_names": ("no", "yes")},
            "one number, the probability of 'yes' (that of 'no' is 1 minus it)",
        ),
        ({"task": "binary", "class_names": ("no", "yes")}, "; the answer is 'yes' where its probability is above 0.5"),
        ({"class_names": ("a", "b", "c")}, "the probability of each class, in the order of class_names"),
        ({"task": "multilabel", "class_names": ("a", "b")}, "the probability of each label"),
        ({"task": "regression", "class_names": (), "target": "price"}, "price, in its own unit"),
    ],
)
def test_metadata_say_what_the_numbers_of_an_answer_mean(info: Any, told: str) -> None:
    described = known(replace(INFO, **info))
    ours = tf_serving.metadata("m", 1, described)["metadata"]["traindeck"]
    (output,) = open_inference.metadata("m", ["1"], described)["outputs"]
    assert told in ours["output"]
    assert output["parameters"]["output"] == ours["output"]
    assert json.loads(output["parameters"].get("class_names", "[]")) == list(info["class_names"])
    assert ours.get("class_names", []) == list(info["class_names"])


def test_tensorflow_servings_question_may_have_what_its_server_ignores() -> None:
    assert tf_serving.read({"instances": [[1, 2]], "context": {}}).instances == [[1, 2]]


def test_our_own_answers_have_names_and_probabilities() -> None:
    _, told = asked(ANSWER, {"instances": [[1, 2]]})

    assert told["answers"][0]["prediction"] == "right"
    assert told["answers"][0]["classes"][0] == {"name": "right", "probability": 0.75}


@pytest.mark.parametrize(
    "body",
    [  # https://www.tensorflow.org/tfx/serving/api_rest, "Encoding binary values"
        {"instances": [{"b64": "iVBORw=="}, {"b64": "iVBORw=="}]},
        {"signature_name": "serving_default", "instances": [{"image_bytes": {"b64": "iVBORw=="}}]},
        {"inputs": {"image_bytes": [{"b64": "iVBORw=="}]}},
        {"inputs": [{"image_bytes": {"b64": "iVBORw=="}}]},
    ],
)
def test_files_in_base64_come_as_tensorflow_serving_has_them(body: Any) -> None:
    assert tf_serving.read(body).instances == [{"b64": "iVBORw=="}] * len(tf_serving.read(body).instances)


def test_several_named_inputs_and_texts_come_as_tensorflow_serving_has_them() -> None:
    instance = {"tag": "foo", "signal": [1, 2, 3, 4, 5], "sensor": [[1, 2], [3, 4]]}  # of the same page, row format
    assert tf_serving.read({"instances": [instance]}).instances == [instance]
    assert tf_serving.read({"instances": ["foo", "bar", "baz"]}).instances == ["foo", "bar", "baz"]
    columns = {"tag": ["foo", "bar"], "signal": [[1, 2, 3], [4, 5, 6]]}
    assert tf_serving.read({"inputs": columns}).instances == [
        {"tag": "foo", "signal": [1, 2, 3]},
        {"tag": "bar", "signal": [4, 5, 6]},
    ]


def test_binary_tensors_are_numbers_and_texts_with_their_lengths() -> None:
    told = {"parameters": {"binary_data_size": 8}, "datatype": "FP32", "name": "a", "shape": [2]}
    words = {"parameters": {"binary_data_size": 11}, "datatype": "BYTES", "name": "b", "shape": [2]}
    data = np.array([1, -2], "<f4").tobytes() + b"\x03\0\0\0yes" + b"\0\0\0\0"
    first, second = open_inference.with_data({"inputs": [told, words]}, data)["inputs"]
    assert (first["data"].tolist(), second["data"]) == ([1.0, -2.0], ["yes", ""])
    with pytest.raises(DataError, match="19 bytes of data came; the tensors are said to have 8"):
        open_inference.with_data({"inputs": [told]}, data)
    with pytest.raises(DataError, match="A text of 3 bytes is told; 2 are there"):
        open_inference.with_data({"inputs": [words | {"parameters": {"binary_data_size": 6}}]}, data[8:14])
    for length, wrong in ((99, "99 bytes are JSON; the whole body has 2"), (1, "first 1 bytes, by .* are not JSON")):
        with pytest.raises(DataError, match=wrong):
            read(known(), INFER + BINARY, length.to_bytes(8) + b"{}")
    with pytest.raises(DataError, match="8 bytes of data came"):
        open_inference.with_data({"inputs": [told, words]}, data[:8])
    with pytest.raises(DataError, match="no whole numbers"):
        open_inference.with_data({"inputs": [told | {"parameters": {"binary_data_size": 3}}]}, data)


def test_texts_come_as_bytes_tensors() -> None:
    with pytest.raises(DataError, match="vocabulary is not in the folder"):
        asked(INFER, {"inputs": [{"name": "input", "shape": [1], "datatype": "BYTES", "data": ["good"]}]},
              DataInfo((8,), SIDES, 1, 1, kind="text", vocabulary=10))  # fmt: skip


SIDES = INFO.class_names
TENSOR = {"name": "input", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}


@pytest.mark.parametrize(
    ("code", "body", "told"),
    [
        (PREDICT, [1], "an object with instances; received a list"),
        (PREDICT, {"instance": [[1, 2]]}, "received an object with instance"),
        (PREDICT, {"instances": [], "inputs": []}, "received both"),
        (PREDICT, {"instances": []}, "the list is empty"),
        (PREDICT, {"instances": [[1, 2]] * (MOST_INSTANCES + 1)}, "Send them in parts"),
        (PREDICT, {"instances": [[1, 2], [1]]}, "Instance 1: A row has 2 values"),
        (PREDICT, {"instances": [{"width": 1, "depth": 2}]}, "no feature 'depth'"),
        (PREDICT, {"inputs": {"width": [1, 2], "height": [1]}}, "lists of one length; received width 2, height 1"),
        (ANSWER, {"instances": [[1, 2]], "nonsense": 1}, "no field 'nonsense'; accepted are instances, inputs, sig"),
        (PREDICT, {"signature_name": "other", "instances": [[1, 2]]}, "'other' is not there"),
        (INFER, {"inputs": []}, "at least one tensor"),
        (INFER, {"inputs": [{"name": "input", "shape": [1, 2], "datatype": "FP32", "data": [1]}]}, "has 1 values"),
        (INFER, {"inputs": [{"name": "input", "shape": [1, 2], "datatype": "FP99", "data": [1, 2]}]}, "'FP99'"),
        (INFER, {"inputs": [{"name": "input", "shape": "x", "datatype": "FP32", "data": [1, 2]}]}, "received 'x'"),
        (INFER, {"inputs": [{"name": "input", "shape": [2], "datatype": "FP32", "data": ["a", 2]}]}, "not of the"),
        (INFER, {"inputs": [TENSOR | {"data": ["1", "2"]}]}, "not of the datatype FP32: there is a value of type str"),
        (INFER, {"inputs": [TENSOR | {"shape": [10**30, 0], "data": []}]}, "a list of up to 8 sizes from 1 on"),
        (INFER, {"inputs": [TENSOR | {"shape": [1] * 99}]}, "a list of up to 8 sizes"),
        (INFER, {"inputs": [TENSOR | {"shape": [10**30, 2]}]}, "may hold 1,000 instances"),
        (INFER, {"inputs": [TENSOR, TENSOR]}, "two tensors with the name 'input'"),
        (INFER, {"inputs": [TENSOR | {"name": "x"}]}, "one tensor 'input', or one each of height, width; received x"),
        (INFER, {"inputs": [TENSOR], "outputs": [{"name": "logits"}]}, "no output 'logits'; the network has one"),
        (INFER, {"inputs": [TENSOR | {"name": "width"}]}, "Tensor width has the shape"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_sentence(code: int, body: Any, told: str) -> None:
    with pytest.raises(DataError, match=told):
        asked(code, body)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"instances": NaN}', b"null", b"3"])
def test_no_body_however_odd_raises_anything_else(body: bytes) -> None:
    for code in (PREDICT, INFER, ANSWER):
        with pytest.raises(DataError):
            read(known(), code, body)


def test_rows_that_are_empty_or_mostly_so_and_pixels_that_are_no_numbers_are_told() -> None:
    features = tuple(Feature(name, "number", date_order="ymd" * (name == "day year")) for name in ("day year", *"abc"))
    table = DataInfo((4,), SIDES, 1, 1, kind="table", features=features)
    for empty in ({}, {"a": None, "b": ""}):
        with pytest.raises(DataError, match=r"The row is empty.*of day year, a, b, c"):
            read(known(table), ANSWER, json.dumps({"instances": [empty]}).encode())
    found = read(known(table), ANSWER, b'{"instances": [{"a": 1}]}').answer(OUTPUTS[:1])
    assert "3 of 4 values are missing" in found["answers"][0]["notes"][0]
    assert (
        "notes" not in read(known(table), ANSWER, b'{"instances": [[2020, 1, 2, 3]]}').answer(OUTPUTS[:1])["answers"][0]
    )
    with pytest.raises(DataError, match="in the years 1000 to 2999; received '9999-12-31'"):
        read(known(table), ANSWER, b'{"instances": [{"day": "9999-12-31", "a": 1}]}')
    with pytest.raises(DataError, match="all finite; 1 of 4 are NaN, null or infinite"):
        read(known(DataInfo((2, 2, 1), SIDES, 1, 1, kind="image")), ANSWER, b'{"instances": [[[1, NaN], [3, 4]]]}')


BIG = DataInfo((224, 224, 3), SIDES, 1, 1, kind="image")


@pytest.mark.parametrize("info", [INFO, BIG])
@pytest.mark.parametrize("instance", [b"[]", b"1", b"[1]", b"[1,1,1]", b'""', b"{}"])
def test_what_holds_too_much_is_refused_before_it_is_read(
    info: DataInfo, instance: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json, "loads", lambda _: pytest.fail("it was read"))
    body = b'{"instances": [' + b", ".join([instance] * 100_000) + b"]}"
    with pytest.raises(DataError, match="A request may hold 1,000 instances; received"):
        read(known(info), PREDICT, body)


def test_the_most_that_may_be_asked_passes_however_it_is_written() -> None:
    body = json.dumps({"instances": [{"width": 1, "height": 2e-9}] * MOST_INSTANCES}).encode()
    assert read(known(), PREDICT, body).examples == MOST_INSTANCES
    rows = [[[1.0] * 40] * 40] * MOST_INSTANCES
    info = DataInfo((40, 40, 1), SIDES, 1, 1, kind="image")
    for instances in (rows, [[[[1]] * 40] * 40] * 10, [{"input": row} for row in rows[:20]]):
        body = json.dumps({"instances": instances}, indent=1).encode()
        assert read(known(info), PREDICT, body).examples == len(instances)
