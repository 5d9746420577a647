"""Configs of runs that make another run's network smaller."""

import pytest

from core.architectures.layers import Layers
from core.common.errors import NotFoundError, StateError
from core.common.settings import Settings
from core.config.check import check
from core.config.complete import complete
from core.config.edit import Raw
from core.runs.compressing import METHODS, compressed, in_words


@pytest.mark.parametrize("method", METHODS)
def test_each_method_makes_a_config_that_is_accepted(method: str, settings: Settings, raw_config: Raw) -> None:
    raw = compressed(raw_config, 3, method)
    config, problems = check(raw, settings)
    assert problems == []
    assert config is not None
    assert compressed(raw, 3, method, METHODS[method].usual) != raw_config


@pytest.mark.parametrize(
    ("method", "architecture", "expected"),
    [
        ("units", {"name": "cnn", "filters": [8, 1], "hidden": [5]}, {"filters": [4, 1], "hidden": [2]}),
        ("factorise", {"name": "mlp", "hidden": [5]}, {"hidden": [5], "dense_share": 0.5}),
        (
            "distil",
            {"name": "recurrent", "units": [64], "embedding": 10},
            {"units": [32], "embedding": 5, "hidden": []},
        ),
        ("distil", {"name": "transformer", "layers": 4}, {"layers": 2, "width": 64}),
        ("distil", {"name": "pretrained"}, {"hidden": []}),
    ],
)
def test_an_architecture_becomes_smaller_by_its_own_options(
    method: str, architecture: Raw, expected: Raw, raw_config: Raw
) -> None:
    made = compressed({**raw_config, "architecture": architecture}, 1, method, 0.5)["architecture"]
    assert {name: made[name] for name in expected} == expected


def test_layers_of_a_list_become_narrower_where_a_layer_that_can_follow_comes_next(raw_config: Raw) -> None:
    layers = [
        *({"Conv1D": {"filters": 8, "kernel_size": 3}}, {"LSTM": {"units": 8}}, "ReLU"),
        *({"Dense": {"units": 6}}, {"Dense": {"units": 3}}),
    ]
    given = complete({**raw_config, "architecture": {"name": "layers", "layers": layers}})
    given["architecture"]["layers"] = [each.model_dump() for each in Layers(layers=tuple(layers)).layers]
    made = compressed(given, 1, "units")["architecture"]["layers"]
    sizes = [each["arguments"].get("units", each["arguments"].get("filters")) for each in made]
    assert sizes == [8, 8, None, 3, 3]
    assert in_words(made_of := given | {"architecture": {**given["architecture"], "layers": made}}, given) == ""
    assert in_words(made_of | {"fine_tune": {"run": 1, "reduce": True}}, given) == "12 % fewer units"


@pytest.mark.parametrize(("method", "name"), [("units", "resnet"), ("factorise", "transformer"), ("units", "gpt")])
def test_what_cannot_be_made_smaller_so_is_told_what_can_be_done(method: str, name: str, raw_config: Raw) -> None:
    with pytest.raises(StateError, match=r"Prune its weights, or distil it into a smaller network\.$"):
        compressed({**raw_config, "architecture": {"name": name}}, 1, method)


def test_another_method_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"'prun' is no way to compress a network.*prune.*accepted are prune"):
        compressed({}, 1, "prun")
    with pytest.raises(
        StateError, match=r"units of each layer that go is a number above 0 and below 1, such as 0\.5; received 5\."
    ):
        compressed({}, 1, "units", 5)


@pytest.mark.parametrize(
    ("method", "amount", "expected", "alone"),
    [
        ("prune", 0.85, "pruned 85 %", "pruned 85 %"),
        ("units", 0.5, "50 % fewer units", "units removed"),
        ("factorise", 0.3, "factorised to 30 %", "factorised to 30 %"),
        ("distil", 0.25, "distilled, 25 % fewer units", "distilled"),
    ],
)
def test_a_config_says_how_and_how_much_smaller_it_makes_a_network(
    method: str, amount: float, expected: str, alone: str, raw_config: Raw
) -> None:
    whole = complete({**raw_config, "architecture": {"name": "mlp", "hidden": [40, 80]}})
    made = compressed(whole, 1, method, amount)
    assert (in_words(made, whole), in_words(made), in_words(whole)) == (expected, alone, "")
