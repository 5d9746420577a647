"""More seeds of configs that are there: of networks, of scripts, and of what cannot be launched from here."""

from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.config.edit import Raw
from core.runs.repeating import can_repeat, more_seeds
from tests.conftest import AddRun

SCRIPT = """import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--random-seed", type=int, default=3)
args = parser.parse_args()
"""


def test_seeds_of_a_network_count_up_from_the_highest(context: Context, raw_config: Raw) -> None:
    first = runs.create(context, runs.Draft({**raw_config, "seed": 4}, "net", tags=("a",)), seeds=2)
    made = runs.get_many(context, more_seeds(context, runs.get_many(context, first), 2))
    assert [(run.name, run.config["seed"], run.tags) for run in made] == [
        ("net · seed 6", 6, ("a",)),
        ("net · seed 7", 7, ("a",)),
    ]
    (alone,) = runs.get_many(context, more_seeds(context, made, 1))
    assert (alone.name, alone.config["seed"]) == ("net · seed 8", 8)


def test_of_a_cross_validation_every_fold_is_run_with_each(context: Context, raw_config: Raw) -> None:
    config = {**raw_config, "data": {**raw_config["data"], "folds": 2}, "seed": 0}
    first = runs.create(context, runs.Draft(config, "net", all_folds=True))
    made = runs.get_many(context, more_seeds(context, runs.get_many(context, first), 1))
    assert [(run.config["seed"], run.config["data"]["fold"]) for run in made] == [(1, 0), (1, 1)]


def test_seeds_of_a_script_are_its_own_argument_and_its_code_is_the_same(context: Context, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(SCRIPT)
    spec = {"project": {"folder": str(tmp_path)}, "entry": "train.py", "arguments": {"lr": 0.5}}
    first = runs.get_many(context, runs.create_script(context, runs.Draft(spec, "mine")))
    (tmp_path / "train.py").write_text("")
    made = runs.get_many(context, more_seeds(context, first, 2))
    assert [run.config["arguments"] for run in made] == [{"lr": 0.5, "random_seed": seed} for seed in (4, 5)]
    assert {run.config["project"]["snapshot"] for run in made} == {first[0].config["project"]["snapshot"]}
    assert made[0].facts["code"] == first[0].facts["code"]


def test_what_clients_report_cannot_be_launched_from_here(context: Context, add_run: AddRun) -> None:
    reported = runs.get_many(context, [add_run(kind="logged")])
    assert not can_repeat(reported)
    with pytest.raises(ConfigError, match="none was named"):
        more_seeds(context, [], 1)
