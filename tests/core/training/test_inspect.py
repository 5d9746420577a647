"""What the standby answers about a config."""

from typing import Any

import pytest

from core.inspection import Inspection
from core.models.registry import ARCHITECTURES
from core.settings import Settings
from tests.core.warm import Warm


@pytest.fixture
def inspect(warm: Warm, settings: Settings) -> Any:
    def ask(**raw: Any) -> Inspection:
        return Inspection.model_validate(warm.call("tests.core.training.inside:answer", settings.environment(), raw))

    return ask


def test_layers_sizes_classes_and_examples_are_told(inspect: Any) -> None:
    found = inspect(data={"source": "digits"}, architecture={"name": "cnn", "filters": [4], "hidden": []})
    assert [(layer.kind, layer.output_shape, layer.params) for layer in found.layers] == [
        ("InputLayer", (8, 8, 1), 0),
        ("Rescaling", (8, 8, 1), 0),
        ("Conv2D", (8, 8, 4), 40),
        ("Activation", (8, 8, 4), 0),
        ("MaxPooling2D", (4, 4, 4), 0),
        ("Flatten", (64,), 0),
        ("Dense", (10,), 650),
        ("Activation", (10,), 0),
    ]
    assert found.layers[2].inputs == ("scale",)
    assert found.layers[2].detail == "4, 3 x 3, same"
    assert (found.train_examples, found.validation_examples, found.test_examples) == (1150, 287, 360)
    assert sum(found.class_counts.values()) == 1150
    assert [example.label for example in found.examples] == [*"0123456789", "0", "1"]
    assert found.examples[0].picture
    assert found.problems == ()


def test_rows_are_shown_as_values(inspect: Any) -> None:
    found = inspect(data={"source": "iris"}, architecture={"name": "mlp"})
    assert len(found.examples[0].values) == 4
    assert found.params == sum(layer.params for layer in found.layers)


def test_shapes_that_do_not_fit_are_told_in_one_sentence_with_the_layer(inspect: Any) -> None:
    layers = [
        {"Conv2D": {"filters": 4, "kernel_size": 9}},
        "Flatten",
        {"Dense": {"units": 10, "activation": "softmax"}},
    ]
    found = inspect(data={"source": "digits"}, architecture={"name": "layers", "layers": layers})
    [(field, message)] = found.problems
    assert field == "architecture.layers"
    assert message == (
        "layer 1 (Conv2D) does not fit: it receives 8 x 8 x 1 and Keras says: Computed output size would be zero or "
        "negative"
    )
    assert found.train_examples == 1150  # the data are told all the same


def test_problems_of_data_and_network_are_told_together(inspect: Any) -> None:
    found = inspect(data={"source": "mnist"}, architecture={"name": "mlp", "hidden": [100_000, 100_000, 100_000]})
    fields = [field for field, _ in found.problems]
    assert fields == ["architecture", "data.source"]
    assert "20,079,700,010 parameters" in found.problems[0][1]


def test_a_config_that_cannot_be_read_is_answered_with_its_problems(inspect: Any) -> None:
    found = inspect(data={"source": "nowhere"}, architecture={"name": "mlp"})
    assert found.problems[0][0] == "data.source"


@pytest.mark.parametrize("name", [a.model_fields["name"].default for a in ARCHITECTURES if a.__name__ != "Layers"])
@pytest.mark.parametrize("precision", ["float32", "mixed_float16"])
def test_every_architecture_builds_with_all_its_regularisers(inspect: Any, name: str, precision: str) -> None:
    architecture = {"name": name, "dropout": 0.5, "l2": 0.01, "batch_norm": True}
    found = inspect(data={"source": "digits"}, architecture=architecture, training={"precision": precision})
    assert found.problems == ()
    assert found.layers[-1].output_shape == (10,)
