"""The presets are complete, valid configs."""

import pytest

from core.config.check import check, parse
from core.config.presets import PRESETS, get_preset
from core.errors import NotFoundError
from core.settings import Settings


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_valid_and_survives_the_way_through_json(name: str) -> None:
    preset = get_preset(name)
    assert check(preset.raw, Settings())[1] == []
    assert parse(preset.raw, Settings()) == preset.config
    assert preset.summary and "\n" not in preset.summary


def test_the_presets_of_the_product_are_there() -> None:
    assert {"xor", "digits-mlp", "digits-cnn", "iris-mlp", "mnist-mlp", "fashion-cnn", "cifar10-cnn"} <= set(PRESETS)


def test_an_unknown_preset_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"no preset 'mnist'\. Accepted are digits-mlp, "):
        get_preset("mnist")
