"""Changes of a network by the names that people type."""

import pytest

from core.common.errors import ConfigError
from core.common.settings import Settings
from core.config.check import check
from core.config.edit import with_values
from core.config.presets import get_preset
from core.runs.param_names import by_paths

RAW = get_preset("iris-mlp").raw


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("lr", "training.optimizer.learning_rate"),
        ("learning_rate", "training.optimizer.learning_rate"),
        ("epochs", "training.epochs"),
        ("optimizer", "training.optimizer.name"),
        ("momentum", "training.optimizer.momentum"),  # of another optimizer than the preset's
        ("hidden", "architecture.hidden"),
        ("hidden[0]", "architecture.hidden[0]"),
        ("seed", "seed"),
        ("training.batch_size", "training.batch_size"),
        ("training.epoch", "training.epoch"),  # which the check of the config refuses
    ],
)
def test_a_name_stands_for_the_param_that_it_ends(name: str, path: str) -> None:
    assert by_paths(RAW, {name: 1}) == {path: 1}


def test_what_could_be_several_is_refused() -> None:
    with pytest.raises(ConfigError) as error:
        by_paths(RAW, {"name": "sgd", "epochs": 3})
    [problem] = map(str, error.value.problems)
    assert problem.startswith("name: could be architecture.name or training.loss.name")
    assert problem.endswith("; write which")


def test_a_name_goes_by_the_config_as_it_will_be() -> None:
    assert by_paths(RAW, {"gamma": 2, "loss": "focal"}) == {"training.loss.gamma": 2, "training.loss.name": "focal"}
    falling = with_values(RAW, {"training.schedule.name": "exponential"})
    assert by_paths(falling, {"gamma": 0.9}) == {"training.schedule.gamma": 0.9}
    with pytest.raises(ConfigError, match=r"gamma: could be training\.loss\.gamma or training\.schedule"):
        by_paths(falling, {"gamma": 2, "loss": "focal"})
    flat = {"schedule": "constant", "loss": "focal", "gamma": 2}
    assert "training.loss.gamma" in by_paths(falling, flat)


def test_what_is_given_twice_by_two_names_is_refused() -> None:
    with pytest.raises(ConfigError, match="learning_rate, which is given already"):
        by_paths(RAW, {"lr": 0.1, "learning_rate": 0.2})


def test_what_is_none_is_told_by_the_check_of_the_config(settings: Settings) -> None:
    _, problems = check(with_values(RAW, by_paths(RAW, {"dropouts": 0.1})), settings)
    assert [str(each) for each in problems if "dropouts: is not a known field (did you mean dropout?)" in str(each)]


def test_a_config_that_is_not_right_yet_has_the_names_that_it_says() -> None:
    assert by_paths({"training": {"epochs": -3}}, {"epochs": 3}) == {"training.epochs": 3}
