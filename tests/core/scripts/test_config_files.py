"""The values of a script's own config file: what may be set, and how the file has it then."""

import json
from pathlib import Path

import pytest
import yaml

from core.scripts.config_files import config_problems, filled, meant_config

CONTENT = {"lr": 1, "rate": 0.5, "epochs": 10, "units": [8, 4], "mixed": [1, 0.5], "on": True}


@pytest.mark.parametrize(("name", "load"), [("c.yaml", yaml.safe_load), ("c.json", json.loads)])
def test_whole_numbers_may_become_others_and_stay_whole_where_they_can(tmp_path: Path, name: str, load: object) -> None:
    (tmp_path / name).write_text(json.dumps(CONTENT))
    values = {"lr": 0.5, "rate": 2, "epochs": 20.0, "units": [16.0, 8], "mixed": [2], "on": False}
    assert config_problems(tmp_path, name, values) == []
    read = load(filled(tmp_path, name, values))  # type: ignore[operator]
    assert read == values
    assert [type(read[each]) for each in ("rate", "epochs")] == [float, int]
    assert [type(each) for each in read["units"]] == [int, int]
    assert [each.field for each in config_problems(tmp_path, name, {"lr": "x", "on": 1})] == ["config.lr", "config.on"]


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("open('config.yaml')", "config.yaml"),
        ('p.add_argument("--config", default="conf/deep.json")', "conf/deep.json"),
        ('Path(__file__).parent / "deep.json"', "conf/deep.json"),
        ("open('config.yaml'); open('conf/deep.json')", ""),
        ("open('myconfig.yaml')  # config.yaml", ""),
        ("open('other.yaml')", ""),
        ("", ""),
    ],
)
def test_the_file_that_a_script_names_is_the_one_that_is_meant(tmp_path: Path, source: str, meant: str) -> None:
    (tmp_path / "train.py").write_text(source)
    assert meant_config(tmp_path, "train.py", ["config.yaml", "conf/deep.json"]) == meant
    assert meant_config(tmp_path, "-m package", ["config.yaml"]) == ""
