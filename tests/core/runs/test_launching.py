import pytest

from core import comparison, runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.common.workspace import Workspace
from core.config.edit import Raw, with_values
from core.config.run import RunConfig
from core.runs import Draft
from core.runs.data_names import default_name
from db.records import RunState
from tests.conftest import AddRun


def problems_of(context: Context, draft: Draft, seeds: int = 1) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        runs.create(context, draft, seeds)
    return {problem.field: problem.message for problem in caught.value.problems}


def test_a_run_is_queued_with_its_whole_config_and_who_launched_it(context: Context, raw_config: Raw) -> None:
    draft = Draft(raw_config, name=" wide ", experiment="mnist", preset="digits-mlp", tags=("a", " a ", ""), notes="n")

    run = runs.get(context, runs.create(context, draft)[0])

    assert (run.name, run.experiment, run.preset, run.tags, run.notes) == ("wide", "mnist", "digits-mlp", ("a",), "n")
    assert (run.state, run.created_by, run.step) == (RunState.QUEUED, "ada", 0)
    assert run.config["training"]["optimizer"]["name"] == "adam"  # the default is written out
    assert len(run.uid) == 32
    assert runs.params(context, [run.id])[run.id]["training.epochs"] == "2"


def test_a_run_without_a_name_gets_one_of_its_own(context: Context, raw_config: Raw) -> None:
    first, second = (runs.create(context, Draft(raw_config))[0] for _ in range(2))
    third = runs.create(context, Draft(raw_config, preset="mine"))[0]

    names = [run.name for run in runs.get_many(context, [first, second, third])]

    assert names == [f"digits-mlp-{first}", f"digits-mlp-{second}", f"mine-{third}"]


@pytest.mark.parametrize(
    ("changes", "preset", "name"),
    [
        ({}, "digits-mlp", "digits-mlp"),
        ({"data": {"source": "iris"}}, "digits-mlp", "iris-mlp"),
        ({"architecture": {"name": "cnn"}}, "digits-mlp", "digits-cnn"),
        ({"data": {"source": "digits", "validation_split": 0.3}}, "digits-mlp", "digits-mlp"),
        ({"data": {"source": "iris"}}, "", "iris-mlp"),
        ({"data": {"source": "iris"}}, "somebody's", "somebody's"),
    ],
)
def test_a_run_is_named_after_its_preset_only_where_data_and_network_are_the_presets(
    context: Context, raw_config: Raw, changes: Raw, preset: str, name: str
) -> None:
    [run_id] = runs.create(context, Draft({**raw_config, **changes}, preset=preset))
    assert runs.get(context, run_id).name == f"{name}-{run_id}"


def test_a_run_of_added_data_is_named_after_them(raw_config: Raw) -> None:
    config = RunConfig.model_validate({**raw_config, "data": {"source": "table", "dataset": "churn"}})
    assert default_name(config, "") == default_name(config, "digits-mlp") == "churn-mlp"


def test_several_seeds_make_several_runs_counting_up(context: Context, raw_config: Raw) -> None:
    ids = runs.create(context, Draft({**raw_config, "seed": 7}, name="net"), seeds=3)

    found = runs.get_many(context, ids)
    assert [run.config["seed"] for run in found] == [7, 8, 9]
    assert [run.name for run in found] == ["net · seed 7", "net · seed 8", "net · seed 9"]


def test_everything_wrong_is_told_at_once_and_nothing_is_queued(
    workspace: Workspace, context: Context, raw_config: Raw
) -> None:
    config = with_values(raw_config, {"training.epochs": 0, "training.optimizer.name": "adm", "seed": -1})
    draft = Draft(config, name="x" * 10_000, experiment="two\nlines", tags=("ok", "\ud800"), notes="n" * 200_000)

    found = problems_of(context, draft, seeds=101)

    assert set(found) == {
        "training.epochs", "training.optimizer.name", "seed", "seeds", "name", "experiment", "tags", "notes",
    }  # fmt: skip
    assert found["name"] == "must have at most 200 characters; received 10,000"
    assert "control characters" in found["experiment"]
    assert runs.active(context) == []


def test_seeds_past_the_largest_are_refused(workspace: Workspace, context: Context, raw_config: Raw) -> None:
    draft = Draft({**raw_config, "seed": 2**31 - 1})

    assert "seed" in problems_of(context, draft, seeds=2)
    assert len(runs.create(context, draft)) == 1


@pytest.mark.parametrize("name", ['O\'Brien "quoted"', "🚀👩‍👩‍👧", "<script>alert(1)</script>", "名前", "x" * 200])
def test_awkward_names_are_stored_to_the_letter(context: Context, raw_config: Raw, name: str) -> None:
    run_id = runs.create(context, Draft(raw_config, name=name, experiment=name, tags=(name,)))[0]

    run = runs.find(context, name)
    assert (run.id, run.name, run.experiment, run.tags) == (run_id, name, name, (name,))


def test_a_parent_that_was_deleted_meanwhile_is_forgotten(context: Context, raw_config: Raw) -> None:
    run = runs.get(context, runs.create(context, Draft(raw_config, parent_id=999))[0])

    assert run.parent_id is None


def test_a_relaunch_has_the_same_config_and_knows_its_parent(context: Context, add_run: AddRun) -> None:
    first = runs.get(context, add_run(experiment="mnist", tags=["t"], preset="mine"))

    second = runs.get(context, runs.relaunch(context, first.id))

    assert (second.parent_id, second.experiment, second.tags) == (first.id, "mnist", ("t",))
    assert (second.state, second.config["data"]["source"]) == (RunState.QUEUED, "digits")


def test_all_folds_make_a_run_for_each_and_for_each_seed(context: Context) -> None:
    raw = {"data": {"source": "iris", "folds": 2}, "architecture": {"name": "mlp"}}
    made = runs.get_many(context, runs.create(context, Draft(raw, name="a", all_folds=True), seeds=2))
    assert [run.name for run in made] == [f"a · fold {fold} of 2 · seed {seed}" for fold in (1, 2) for seed in (0, 1)]
    assert [(run.config["data"]["fold"], run.config["seed"]) for run in made] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    [group] = comparison.seed_groups(made, runs.params(context, [run.id for run in made]))
    assert group.name == "a (n=4)"


def test_all_folds_of_none_are_refused(context: Context) -> None:
    raw = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}}
    with pytest.raises(ConfigError, match="there are none; set at least 2"):
        runs.create(context, Draft(raw, all_folds=True))
