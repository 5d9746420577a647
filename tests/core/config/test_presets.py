"""The presets are complete, valid configs."""

import json

import pytest

from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.config.check import check
from core.config.presets import PRESETS, get_preset
from core.config.run import RunConfig


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_valid_and_survives_the_way_through_json(settings: Settings, name: str) -> None:
    preset = get_preset(name)
    raw = json.loads(json.dumps(preset.raw))

    # Nothing is wrong with it but that a data set of the user's own is not there yet.
    assert [problem.field for problem in check(raw, settings)[1]] == (
        ["data.dataset"] if "dataset" in raw["data"] else []
    )
    assert RunConfig.model_validate(raw) == preset.config
    assert preset.summary
    assert "\n" not in preset.summary


def test_the_presets_of_the_product_are_there() -> None:
    wanted = (
        "xor digits-mlp iris-mlp mnist-mlp mnist-cnn cifar10-cnn cifar10-resnet sentiment-lstm sentiment-transformer"
    )
    assert {*wanted.split(), "text-classifier-lstm", "text-generator", "text-gpt"} <= set(PRESETS)


def test_an_unknown_preset_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"no preset 'mnist'\. Accepted are digits-mlp, "):
        get_preset("mnist")
