"""Defaults are written out, also where other parts are wrong; what no form can show is named."""

import pytest

from core.config.complete import complete, unknown
from core.config.edit import Raw, dump
from core.config.presets import PRESETS
from core.config.run import RunConfig

LEAST: Raw = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}}


def test_the_least_config_is_completed_as_validation_would() -> None:
    assert complete(LEAST) == dump(RunConfig.model_validate(LEAST))


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
def test_a_complete_config_stays_as_it_is(preset: object) -> None:
    raw = preset.raw  # type: ignore[attr-defined]
    assert complete(raw) == raw
    assert unknown(raw) == []


def test_wrong_values_stay_and_the_rest_is_completed() -> None:
    raw = complete({**LEAST, "training": {"epochs": "many", "optimizer": {"name": "sgd", "momentum": -1}}})
    assert raw["training"]["epochs"] == "many"
    assert raw["training"]["optimizer"]["momentum"] == -1
    assert raw["training"]["optimizer"]["learning_rate"] == 0.01
    assert raw["training"]["batch_size"] == 32


def test_a_field_that_must_be_given_gets_its_example_only_when_asked() -> None:
    raw: Raw = {**LEAST, "architecture": {"name": "layers"}}
    assert "layers" not in complete(raw)["architecture"]
    assert complete(raw, examples=True)["architecture"]["layers"]


def test_the_input_is_not_changed() -> None:
    raw: Raw = {**LEAST, "architecture": {"name": "mlp", "hidden": [1]}}
    complete(raw)["architecture"]["hidden"].append(2)
    assert raw["architecture"]["hidden"] == [1]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"foo": 1}, "foo"),
        ({"training": {"foo": 1}}, "training.foo"),
        ({"training": 3}, "training"),
        ({"training": {"optimizer": {"name": "sdg"}}}, "training.optimizer"),
        ({"training": {"optimizer": None}}, "training.optimizer"),
        ({"training": {"early_stopping": 5}}, "training.early_stopping"),
        ({"data": {}}, "data"),
        ({"data": {"source": ["iris"]}}, "data"),
    ],
)
def test_what_no_form_can_show_is_named(change: Raw, path: str) -> None:
    assert unknown({**LEAST, **change}) == [path]


def test_a_missing_section_of_unknown_kind_is_named() -> None:
    assert unknown({"architecture": {"name": "mlp"}}) == ["data"]


def test_values_out_of_range_can_be_shown() -> None:
    assert unknown({**LEAST, "training": {"epochs": -1, "early_stopping": None}}) == []
