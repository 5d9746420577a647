"""What `launch` starts from."""

from pathlib import Path

import numpy as np
import pytest

from core.cli.launch import read_config
from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.config.check import parse
from core.config.presets import PRESETS
from core.data import library


def test_a_data_set_begins_with_what_suits_it(settings: Settings) -> None:
    raw, preset = read_config(settings, "sunspots")
    assert raw["data"]["source"] == "sunspots"
    assert preset == ""
    parse(raw, settings)


@pytest.mark.parametrize(("side", "filters"), [(9, 2), (33, 3), (100, 4)])
def test_few_pictures_are_passed_over_often_by_a_network_as_deep_as_they_are_large(
    settings: Settings, tmp_path: Path, side: int, filters: int
) -> None:
    x = np.zeros((20, side, side, 1), np.uint8)
    np.savez(tmp_path / "x.npz", x_train=x, y_train=np.arange(20) % 2, x_test=x[:4], y_test=np.arange(4) % 2)
    library.add_arrays(settings, "small", tmp_path / "x.npz")
    raw, _ = read_config(settings, "small")
    assert (len(raw["architecture"]["filters"]), raw["training"]["epochs"], raw["training"]["batch_size"]) == (
        filters, 40, 32,
    )  # fmt: skip
    assert raw["data"]["augmentation"]["crop"] == min(side, 64) // 8
    parse(raw, settings)


def test_a_preset_comes_before_a_file_of_its_name(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("digits-mlp").write_text("no config")
    assert read_config(settings, "digits-mlp") == (PRESETS["digits-mlp"].raw, "digits-mlp")


def test_what_is_none_of_them_is_told_what_there_is(settings: Settings) -> None:
    with pytest.raises(NotFoundError, match=r"neither a preset, nor a file, nor a data set.*digits-mlp"):
        read_config(settings, "no-such")
