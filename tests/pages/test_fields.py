"""Values go into widgets and come back as they were."""

import pytest

from core.architectures.layer import Layer
from core.architectures.layers import Layers
from core.architectures.mlp import MLP
from core.config.losses import ClassWeight
from core.config.optimizers import Adam
from core.config.resources import Resources
from core.config.run import RunConfig, Training
from pages.parts.launch.fields import Kind, leaf
from pages.parts.launch.items import from_lines, to_lines, trouble


@pytest.mark.parametrize(
    ("model", "name", "kind"),
    [
        (Training, "epochs", Kind.INTEGER),
        (Training, "max_steps", Kind.INTEGER),
        (Training, "precision", Kind.CHOICE),
        (Training, "record_steps", Kind.FLAG),
        (Adam, "learning_rate", Kind.NUMBER),
        (Adam, "clip_norm", Kind.NUMBER),
        (MLP, "hidden", Kind.SERIES),
        (Layers, "layers", Kind.ITEMS),
        (Resources, "slot", Kind.TEXT),
    ],
)
def test_the_kind_of_a_field_is_told_from_its_type(model: type, name: str, kind: Kind) -> None:
    assert leaf(name, model.model_fields[name]).kind is kind  # type: ignore[attr-defined]


def test_bounds_stand_in_the_help_and_the_step_suits_the_default() -> None:
    rate = leaf("learning_rate", Adam.model_fields["learning_rate"])
    assert rate.help.endswith("Above 0 to 100.")
    assert rate.step == 0.001
    assert leaf("seed", RunConfig.model_fields["seed"]).help.endswith("From 0 below 2,147,483,648.")


@pytest.mark.parametrize("value", [[], [64], [64, 32]])
def test_a_series_comes_back_as_it_was(value: list[int]) -> None:
    hidden = leaf("hidden", MLP.model_fields["hidden"])
    assert hidden.from_widget(hidden.to_widget(value)) == value


@pytest.mark.parametrize(("text", "value"), [("64;32", [64, 32]), ("64, x", [64, "x"]), (" , ", []), ("1.5", [1.5])])
def test_a_series_is_read_as_people_write_it(text: str, value: list[object]) -> None:
    assert leaf("hidden", MLP.model_fields["hidden"]).from_widget(text) == value


@pytest.mark.parametrize("value", ["many", None, True, 2.5, [1], float("nan"), 1e300])
def test_a_value_that_is_no_whole_number_leaves_its_widget_empty(value: object) -> None:
    assert leaf("epochs", Training.model_fields["epochs"]).to_widget(value) is None


@pytest.mark.parametrize(
    "layers",
    [
        [{"layer": "Flatten", "arguments": {}}, {"layer": "Dense", "arguments": {"units": 3, "activation": "relu"}}],
        [{"layer": "odd: name, {x}", "arguments": {"a": [1, 2], "text": "- 'quoted' \"twice\"\nand a line"}}],
        [{"layer": "Dense", "arguments": 5}, {"layer": "Dense", "units": 5}, {"layer": 3}, "null", 7],
        [],
    ],
)
def test_items_come_back_as_they_were(layers: list[object]) -> None:
    back = from_lines(to_lines(layers, Layer), Layer)
    whole = [{"layer": item, "arguments": {}} if isinstance(item, str) else item for item in layers]
    assert [{"arguments": {}, **item} if isinstance(item, dict) else item for item in back] == [
        {"arguments": {}, **item} if isinstance(item, dict) else item for item in whole
    ]


def test_items_are_one_line_each() -> None:
    layers = [{"layer": "Flatten", "arguments": {}}, {"layer": "Dense", "arguments": {"units": 3}}]
    assert to_lines(layers, Layer) == "- Flatten\n- Dense: {units: 3}"


def test_weights_of_classes_are_written_in_short() -> None:
    weights = [{"class_name": "cat", "weight": 3.0}, {"class_name": "7", "weight": 0.5}]
    assert to_lines(weights, ClassWeight) == "- cat: 3.0\n- '7': 0.5"
    assert from_lines("- cat: 3.0\n- '7': 0.5", ClassWeight) == weights


@pytest.mark.parametrize("text", ["Dense: 3", "- a\nb: 1", "- {", "- &a x\n- *a", "\t- x", "words"])
def test_text_that_is_no_list_stays_text_and_says_why(text: str) -> None:
    assert from_lines(text, Layer) == text
    assert trouble(text)


@pytest.mark.parametrize("text", ["", "\n", "[]"])
def test_nothing_is_an_empty_list(text: str) -> None:
    assert from_lines(text, Layer) == []
