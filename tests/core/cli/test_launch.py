"""What `launch` starts from."""

from pathlib import Path

import pytest

from core.cli.launch import read_config
from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.config.check import parse
from core.config.presets import PRESETS


def test_a_data_set_begins_with_what_suits_it(settings: Settings) -> None:
    raw, preset = read_config(settings, "sunspots")
    assert raw["data"]["source"] == "sunspots"
    assert preset == ""
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
