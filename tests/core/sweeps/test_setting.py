"""Which fields a config of a sweep has: conditions about what changes with a field that is varied."""

from typing import Any

import pytest

from core import runs
from core.architectures.mlp import MLP
from core.common.context import Context
from core.common.errors import ConfigError
from core.config.edit import with_values
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.trials import view
from tests.core.sweeps.conftest import Begin, End

DROPOUT, HIDDEN, OPTIMIZER = "architecture.dropout", "architecture.hidden", "training.optimizer"
BASE: dict[str, dict[str, Any]] = {"data": {"source": "iris"}, "architecture": {"name": "mlp", "hidden": [64, 64]}}


def tried(context: Context, sweep: int, count: int) -> list[dict[str, Any]]:
    """The params of the first trials."""
    for _ in range(count):
        Advancing(context).look(sweep)
    found = [trial.params for trial in view(context, sweep).trials]
    assert len(found) == count
    return found


def test_a_condition_about_a_place_goes_by_the_list_that_is_varied_as_a_whole(begin: Begin, context: Context) -> None:
    fields = ["hidden=[16],[16,32],[64,64]", "dropout=0.1,0.3@hidden[count]=2"]
    made = tried(context, begin(fields, base=BASE, method="grid", at_once=9), 5)
    assert [(len(each[HIDDEN]), DROPOUT in each) for each in made] == [(1, False), *[(2, True)] * 4]


def test_a_condition_about_a_whole_list_goes_by_its_places(begin: Begin, context: Context) -> None:
    fields = ["hidden=1..2 of 16,32", "dropout=0.1,0.3@hidden=[32]|[16,32]"]
    made = tried(context, begin(fields, base=BASE, method="grid", at_once=9, budget={"trials": 8}), 8)
    having = {
        tuple(each[f"{HIDDEN}[{place}]"] for place in range(each[f"{HIDDEN}[count]"]))
        for each in made
        if DROPOUT in each
    }
    assert having == {(32,), (16, 32)}


def test_a_condition_about_what_a_choice_brings_goes_by_its_default(begin: Begin, context: Context) -> None:
    fields = ["optimizer=adam,sgd", "dropout=0.1,0.3@momentum=0.9"]
    made = tried(context, begin(fields, base=BASE, method="grid", at_once=9), 3)
    assert [(each[f"{OPTIMIZER}.name"], each.get(DROPOUT)) for each in made] == [
        ("adam", None),
        ("sgd", 0.1),
        ("sgd", 0.3),
    ]


@pytest.mark.parametrize("method", ["grid", "tpe", "random"])
@pytest.mark.parametrize("zero", ["0", "0.0"])
def test_numbers_are_the_same_however_they_are_written(zero: str, method: str, begin: Begin, context: Context) -> None:
    fields = ["dropout=0,0.5", f"l2=0.1,0.2@dropout={zero}"]
    made = tried(context, begin(fields, base=BASE, method=method, at_once=9, budget={"trials": 3}), 3)
    assert all(("architecture.l2" in each) == (each[DROPOUT] == 0) for each in made)
    assert {each[DROPOUT] for each in made} == {0, 0.5}


def test_an_earlier_run_with_a_zero_of_another_spelling_is_one_that_was_tried(
    begin: Begin, end: End, context: Context
) -> None:
    [run] = runs.create(context, runs.Draft(with_values(BASE, {DROPOUT: 0.0})))
    end(run, [0.5])
    sweep = begin(["dropout=0,0.5"], earlier=(run,), base=BASE, method="grid", at_once=2)
    assert [each[DROPOUT] for each in tried(context, sweep, 2)] == [0, 0.5]


def test_an_earlier_run_has_what_its_own_count_leaves_it(begin: Begin, end: End, context: Context) -> None:
    """The count itself may be there under a condition only."""
    [run] = runs.create(context, runs.Draft(with_values(BASE, {DROPOUT: 0.5, HIDDEN: [64, 64]})))
    end(run, [0.5])
    sweep = begin(["dropout=0,0.5", "hidden=1..2 of 16..64@dropout=0"], earlier=(run,), base=BASE)
    assert view(context, sweep).trials[0].params == {DROPOUT: 0.5}


def test_a_place_is_in_the_list_that_a_varied_choice_brings() -> None:
    raw = {"architecture": {"name": "cnn"}}
    made = with_values(raw, {"architecture.name": "mlp", f"{HIDDEN}[0]": 8})
    assert made["architecture"]["hidden"][0] == 8
    assert made["architecture"]["hidden"][1:] == list(MLP().hidden[1:])


def test_a_value_by_hand_that_its_trial_would_not_have_is_refused(begin: Begin, context: Context) -> None:
    sweep = begin(["optimizer=adam,sgd", "momentum=0..0.9@optimizer=sgd", "hidden=1..3 of 16..64"], base=BASE)
    with pytest.raises(ConfigError, match=r"momentum: is set only where training.optimizer.name is sgd; give that"):
        managing.add_trial(context, sweep, {"optimizer": "adam", "momentum": 0.5})
    with pytest.raises(ConfigError, match=r"hidden\[2\]: is set only where architecture.hidden\[count\] is 3"):
        managing.add_trial(context, sweep, {"hidden[count]": 2, "hidden[2]": 16})
    number = managing.add_trial(context, sweep, {"optimizer": "sgd"})
    [trial] = [each for each in view(context, sweep).trials if each.number == number]
    assert trial.params["training.optimizer.momentum"] == 0.9  # as sgd has it by itself


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (["hidden=[8],[9]", "dropout=0..0.5@hidden[count]=2"], f"with no choice of {HIDDEN} {HIDDEN}[count] is 2"),
        (["optimizer=adam,sgd", "dropout=0..0.5@momentun=0.9"], "there is no such field"),
        (
            ["dropout=0..0.5@momentum=0.0", "optimizer=adam,sgd"],
            "with no choice of training.optimizer.name",
        ),
        (["dropout=0..0.5@dropout=0"], "its condition is about itself"),
        (["dropout=0,0.5@batch_norm=true", "batch_norm=true,false@dropout=0.5"], "whose own condition goes by it"),
        (["optimizer=adam,sgd@hidden[0]=16", "hidden[0]=8,16@optimizer=adam"], "whose own condition goes by it"),
        (["dropout=0.1,0.2@"], "a condition looks like @optimizer=sgd"),
    ],
)
def test_a_condition_that_never_holds_is_refused(fields: list[str], told: str, begin: Begin) -> None:
    with pytest.raises(ConfigError) as error:
        begin(fields, base=BASE)
    assert told in str(error.value.problems[0])


@pytest.mark.parametrize(
    "fields",
    [
        ["dropout=0.1,0.3@momentum=0.9", "optimizer=adam,sgd"],
        ["dropout=0.1,0.3@hidden[count]=2", "hidden=[16],[16,32]"],
        ["dropout=0.1,0.3@hidden[0]=16", "hidden=[8,8],[16,8]"],
    ],
)
def test_a_condition_may_stand_before_what_it_goes_by(fields: list[str], begin: Begin, context: Context) -> None:
    base = with_values(BASE, {f"{OPTIMIZER}.name": "sgd", f"{OPTIMIZER}.momentum": 0.9, HIDDEN: [16, 8]})
    made = tried(context, begin(fields, base=base, method="grid", at_once=9), 3)
    assert [DROPOUT in each for each in made] in ([False, True, True], [True, True, False])


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        (["optimizer=adam,adamw", "weight_decay=0..1@optimizer=adamw"], "real"),
        (["clip_norm=1..5"], "real"),
        (["epochs=1..5"], "whole"),
        (["hidden[0]=8.0..16.0"], "whole"),
        (["hidden=1..3 of 8..16"], "whole"),
    ],
)
def test_a_range_is_of_the_field_s_numbers_whatever_stands_there(
    fields: list[str], kind: str, begin: Begin, context: Context
) -> None:
    assert view(context, begin(fields, base=BASE)).definition.fields[-1].range.kind == kind


def test_choices_are_as_the_config_has_them(begin: Begin, context: Context) -> None:
    fields = ["batch_norm=1,true,false,0", 'dropout=0,0.0,"0",0.5', "l2=0.1,0.2@batch_norm=1"]
    found = view(context, begin(fields, base=BASE)).definition.fields
    assert [getattr(each.range, "values", ()) for each in found[:2]] == [(True, False), (0, 0.5)]
    assert found[2].when is not None
    assert found[2].when.values == (True,)


def test_a_trial_by_hand_has_its_values_as_the_config_has_them(begin: Begin, context: Context) -> None:
    sweep = begin(["hidden=1,3 of 16..64"], base=BASE)
    managing.add_trial(context, sweep, {"hidden": ["20", 30.0, 40]})
    assert [*view(context, sweep).trials[0].params.values()] == [3, 20, 30, 40]
    for given in ({"hidden[count]": 1, "hidden": [8, 8, 8]}, {"hidden[0]": 64, f"{HIDDEN}[0]": 32}):
        with pytest.raises(ConfigError, match="give it once"):
            managing.add_trial(context, sweep, given)
