"""More seeds of configs that are there: of networks, of scripts, and of what cannot be launched from here."""

from pathlib import Path

import pytest

import db.runs
from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.runs.repeating import can_repeat, further, more_of_each, more_seeds
from core.runs.same_config import may_join
from db.records import SUPERVISOR, RunState
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


def test_seeds_that_the_store_has_are_passed_over_and_are_the_same_of_both(
    context: Context, raw_config: Raw, workspace: Workspace
) -> None:
    def launched(batch: int, seed: int, seeds: int, experiment: str = "default") -> list[int]:
        config = {**raw_config, "training": {"epochs": 2, "batch_size": batch}, "seed": seed}
        return runs.create(context, runs.Draft(config, "net", experiment), seeds=seeds)

    one, other = launched(16, 0, 3), launched(64, 0, 2)
    there = [*launched(64, 3, 2), *launched(16, 1000, 1, "elsewhere")]
    gone, failed = launched(16, 5, 1), launched(64, 6, 1)
    with workspace.write() as session:
        for run_id in (*gone, *failed):
            for before, after in ((RunState.QUEUED, RunState.STARTING), (RunState.STARTING, RunState.FAILED)):
                db.runs.transition(session, run_id, [before], after, actor=SUPERVISOR)
    runs.trash(context, gone)

    sides = [runs.get_many(context, numbers) for numbers in (one, other)]
    assert [run.id for side in sides for run in may_join(context, side)] == [there[2], *there[:2]]
    made = runs.get_many(context, more_of_each(context, [(sides[0], 2), (sides[1], 3)]))
    assert [(run.config["training"]["batch_size"], run.config["seed"]) for run in made] == [
        (16, 5), (16, 6), (64, 2), (64, 5), (64, 6),
    ]  # fmt: skip
    again = runs.get_many(context, more_seeds(context, sides[0], 1))
    assert [run.config["seed"] for run in again] == [3]
    assert further([{0}, {0, 5}], [{1}, ()], [2, 2]) == [[5, 6], [6, 7]]
