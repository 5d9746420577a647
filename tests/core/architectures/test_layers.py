"""Layer lists: what is told without Keras, and what Keras builds."""

from pathlib import Path
from typing import Any

import pytest

from core.common.settings import Settings
from core.config.check import check, parse
from core.config.edit import from_text, with_values
from tests.conftest import Python
from tests.core.warm import Warm

END = {"Dense": {"units": 3, "activation": "softmax"}}


def _raw(*layers: Any, source: str = "iris") -> dict[str, Any]:
    return {"data": {"source": source}, "architecture": {"name": "layers", "layers": list(layers)}}


def _told(*layers: Any) -> list[str]:
    _, problems = check(_raw(*layers), Settings())
    assert {problem.field for problem in problems} <= {"architecture.layers"}
    return [problem.message for problem in problems]


def test_short_forms_mean_the_long_one() -> None:
    config = parse(_raw({"Dense": {"units": 4}}, "Flatten", {"BatchNormalization": None}, END), Settings())
    assert config.model_dump()["architecture"]["layers"] == (
        {"layer": "Dense", "arguments": {"units": 4}},
        {"layer": "Flatten", "arguments": {}},
        {"layer": "BatchNormalization", "arguments": {}},
        {"layer": "Dense", "arguments": {"units": 3, "activation": "softmax"}},
    )
    assert parse(config.model_dump(), Settings()) == config


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        ("Dens", "layer 1 (Dens): 'Dens' is not a known layer (did you mean Dense?); accepted are Dense, Activation"),
        ({"Lambda": {"function": "x"}}, "'Lambda' is not a known layer"),
        (
            {"Dense": {"unit": 3, "units": 3}},
            "'unit' is not a known argument (did you mean units?); accepted are units",
        ),
        ("Dense", "layer 1 (Dense): units is missing"),
        ({"Dense": {"units": 0}}, "units must be a whole number of at least 1; received 0"),
        ({"Dense": {"units": True}}, "units must be a whole number"),
        ({"Dense": {"units": 2, "activation": "rleu"}}, "activation must be one of relu"),
        ({"Dense": {"units": 2, "activation": {"class_name": "Lambda"}}}, "activation must be one of relu"),
        ({"Dense": {"units": 2, "activation": "__lambda__"}}, "activation must be one of relu"),
        ({"Dense": {"units": 2, "kernel_initializer": {"class_name": "X"}}}, "kernel_initializer must be one of"),
        ({"Dense": {"units": 2, "kernel_regularizer": {"class_name": "X"}}}, "or such as {l2: 0.001}"),
        ({"Dense": {"units": 2, "dtype": "string"}}, "dtype must be one of"),
        ({"Dropout": {"rate": 1.5}}, "rate must be a number from 0 to below 1; received 1.5"),
        ({"Dropout": {"rate": 0.5, "noise_shape": {"a": 1}}}, "noise_shape must be a number, a text"),
        ({"Conv2D": {"filters": 2, "kernel_size": [3, 0]}}, "kernel_size must be a whole number of at least 1, or a"),
    ],
)
def test_what_is_wrong_with_a_layer_is_told_with_its_position(layer: Any, told: str) -> None:
    assert any(told in message for message in _told(layer, END)), _told(layer, END)


def test_all_problems_are_told_at_once() -> None:
    assert len(_told("Dens", {"Dense": {"units": -1, "unit": 1}}, {"Dropout": {"rate": 7}})) == 4


def test_a_last_layer_without_probabilities_is_told() -> None:
    [told] = _told({"Dense": {"units": 3}})
    assert told == (
        "layer 1 (Dense) is the last and must give probabilities: its activation is linear; take softmax, or sigmoid "
        "for a single output"
    )


def test_a_name_can_stand_only_once() -> None:
    named = {"Dense": {"units": 3, "name": "a", "activation": "softmax"}}
    assert _told(named, named) == ["two layers are named a; each name must stand once"]
    assert _told({"Flatten": {"name": 3}}, END) == ["the name of a layer must be a text without a slash"]


def test_problems_are_told_without_tensorflow(python: Python) -> None:
    code = (
        "import sys; from core.config.check import check; from core.common.settings import Settings\n"
        "check({'data': {'source': 'iris'}, 'architecture': {'name': 'layers', 'layers': ['Dens']}}, Settings())\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    assert python(code).returncode == 0


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        (
            [{"LSTM": {"units": 3}}, END],
            "layer 1 (LSTM) does not fit: it receives 4 values and Keras says: it expects 2",
        ),
        ([{"Reshape": {"target_shape": [3]}}, END], "layer 1 (Reshape) does not fit: it receives 4 values and Keras"),
        ([{"BatchNormalization": {"axis": 7}}, END], "layer 1 (BatchNormalization) does not fit"),
        (
            [{"Dense": {"units": 4, "activation": "softmax"}}],
            "gives 4 values per example, but this data set has 3 classes",
        ),
        (
            [{"Reshape": {"target_shape": [2, 2]}}, END],
            "gives 2 x 3 per example, but this data set has 3 classes: flatten before it, then end with a Dense layer "
            "of 3 units and softmax",
        ),
    ],
)
def test_what_keras_refuses_is_told_in_one_sentence(
    warm: Warm, settings: Settings, layers: list[Any], told: str
) -> None:
    found = warm.call("tests.core.inside:answer", settings.environment(), _raw(*layers))
    [(field, message)] = found["problems"]
    assert field == "architecture.layers"
    assert told in message
    assert "\n" not in message
    assert "\x1b" not in message


@pytest.mark.parametrize(
    ("source", "layers"),
    [
        ("iris", ["Normalization", {"Dense": {"units": 8, "kernel_regularizer": {"l1": 0.1, "l2": 0.1}}}, "ReLU", END]),
        ("breast_cancer", ["Normalization", {"Dense": {"units": 1, "activation": "sigmoid"}}]),
        ("breast_cancer", ["Normalization", {"Dense": {"units": 2, "activation": "softmax"}}]),
        ("digits", [{"Reshape": {"target_shape": [8, 8]}}, {"GRU": {"units": 4}}, {"Dense": {"units": 10}}, "Softmax"]),
    ],
)
def test_layer_lists_that_fit_are_built(warm: Warm, settings: Settings, source: str, layers: list[Any]) -> None:
    found = warm.call("tests.core.inside:answer", settings.environment(), _raw(*layers, source=source))
    assert found["problems"] == []
    assert len(found["layers"]) == len(layers) + 1


def _s3(**changes: Any) -> list[str]:
    raw = with_values(from_text((Path(__file__).parent / "s3_as_printed.yaml").read_bytes()), changes)
    return [f"{problem.field}: {problem.message}" for problem in check(raw, Settings())[1]]


def test_an_input_that_the_data_do_not_have_is_told_with_what_to_change() -> None:
    assert _s3() == [
        "architecture.layers: layer 1 (InputLayer) declares 128 x 128 x 3 values, and the images of this data set are "
        "32 x 32 x 3: remove it, set its shape to [32, 32, 3], or set data.resize to 128, 128"
    ]
    assert _s3(**{"data.resize": [128, 128]}) == []


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        ([{"InputLayer": {"shape": [5]}}, END], "declares 5 values, and the examples of this data set are 4: remove"),
        ([{"InputLayer": {"shape": [4]}}, END], ""),
        ([{"InputLayer": {"shape": "4"}}, END], "shape must be a list of whole numbers, such as [32, 32, 3]; received"),
        ([{"InputLayer": {"shap": [4]}}, END], "'shap' is not a known argument (did you mean shape?)"),
        ([{"Dense": {"units": 2}}, {"InputLayer": {"shape": [2]}}, END], "layer 2 (InputLayer) can only be the first"),
        ([{"InputLayer": {"shape": [4]}}], "no layer that learns"),
    ],
)
def test_what_is_wrong_with_an_input_layer_is_told(layers: list[Any], told: str) -> None:
    found = _told(*layers)
    assert any(told in message for message in found) if told else found == []
