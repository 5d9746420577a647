"""Lists that are varied value by value: layers that exist only if there are so many."""

import itertools
from pathlib import Path

import pytest

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.fields import written
from core.sweeps.list_fields import all_written, as_lists, columns_of
from core.sweeps.trials import view
from tests.core.sweeps.conftest import Begin, End

HIDDEN = "architecture.hidden"
BASE: dict[str, dict[str, object]] = {"data": {"source": "iris"}, "architecture": {"name": "mlp", "hidden": [64, 64]}}


def _with(**options: float) -> dict[str, object]:
    return {**BASE["architecture"], **options}


def refused(begin: Begin, fields: list[str]) -> str:
    with pytest.raises(ConfigError) as error:
        begin(fields, base=BASE)
    return str(error.value.problems[0])


@pytest.mark.parametrize(
    ("method", "units"), [("random", "16..64:log"), ("tpe", "16..64"), ("qmc", "16..64:step=8"), ("grid", "16,64")]
)
def test_each_config_has_as_many_layers_as_it_says(method: str, units: str, begin: Begin, context: Context) -> None:
    sweep = begin([f"hidden=1..3 of {units}"], base=BASE, method=method, budget={"trials": 14}, at_once=14)
    for _ in range(14):
        Advancing(context).look(sweep)
    trials = view(context, sweep).trials
    counts = set()
    for trial in trials:
        assert trial.runs[0].run is not None
        hidden = runs.get(context, trial.runs[0].run.id).config["architecture"]["hidden"]
        assert len(hidden) == trial.params[f"{HIDDEN}[count]"]
        assert hidden == [trial.params[f"{HIDDEN}[{place}]"] for place in range(len(hidden))]
        assert len(trial.params) == 1 + len(hidden)
        assert all(16 <= units <= 64 for units in hidden)
        counts.add(len(hidden))
    assert counts == {1, 2, 3}


def test_it_is_a_count_and_a_field_for_each_value(begin: Begin, context: Context) -> None:
    fields = view(context, begin(["hidden=1..3 of 16..64:log"], base=BASE)).definition.fields
    assert [written(each) for each in fields] == [
        f"{HIDDEN}[count]=1..3",
        f"{HIDDEN}[0]=16..64:log",
        f"{HIDDEN}[1]=16..64:log@{HIDDEN}[count]=2|3",
        f"{HIDDEN}[2]=16..64:log@{HIDDEN}[count]=3",
    ]
    assert all_written(fields) == [f"{HIDDEN}=1..3 of 16..64:log"]


@pytest.mark.parametrize(
    "texts",
    [
        ["architecture.hidden=2 of 16, 32"],
        ["architecture.hidden=1, 3 of 16..64"],
        ["architecture.dropout=0..0.5", "architecture.hidden=1..2 of 8..16:step=4"],
        ["architecture.hidden[0]=16..64", "architecture.hidden[1]=8..16"],
        ["architecture.hidden[count]=1, 3", "architecture.hidden[0]=20000..30001"],
        ["architecture.dropout=0.1, 0.5", "architecture.hidden=1..2 of 8..16@architecture.dropout=0.5"],
    ],
)
def test_what_is_written_is_read_as_the_same(texts: list[str], begin: Begin, context: Context) -> None:
    """As a link to the form has it."""
    fields = view(context, begin(texts, base=BASE)).definition.fields
    told = all_written(fields)
    assert told == texts or len(told) > len(texts)
    assert view(context, begin(told, base=BASE)).definition.fields == fields


def test_some_of_its_values_may_be_varied_and_others_not(begin: Begin, context: Context) -> None:
    sweep = begin(["hidden[1]=8,16", "hidden[2]=4@dropout=0.5", "dropout=0.1,0.5"], base=BASE, method="grid", at_once=4)
    for _ in range(4):
        Advancing(context).look(sweep)
    found = [runs.get(context, each.runs[0].run.id).config for each in view(context, sweep).trials if each.runs[0].run]
    assert sorted((each["architecture"]["dropout"], each["architecture"]["hidden"]) for each in found) == [
        (0.1, [64, 8]), (0.1, [64, 16]), (0.5, [64, 8, 4]), (0.5, [64, 16, 4])
    ]  # fmt: skip


@pytest.mark.parametrize("counts", ["1.0..3.0", "1,2,3.0", "1..3", "3,2,1"])
def test_a_value_is_there_with_every_count_that_has_it_however_that_is_written(
    counts: str, begin: Begin, context: Context
) -> None:
    fields = view(context, begin([f"hidden[count]={counts}", "hidden[1]=8,16"], base=BASE)).definition.fields
    assert fields[1].when is not None
    assert fields[1].when.values == (2, 3)
    fields = view(context, begin(["hidden[count]=1..20", "hidden[1]=8,16"], base=BASE)).definition.fields
    assert fields[1].when is not None
    assert fields[1].when.values == tuple(range(2, 21))


def test_an_empty_list_has_nothing_to_repeat(begin: Begin, context: Context) -> None:
    empty = {**BASE, "architecture": {"name": "mlp", "hidden": []}}
    with pytest.raises(ConfigError, match="is empty in the config"):
        begin(["hidden[count]=1..3"], base=empty)
    assert len(view(context, begin(["hidden=1..3 of 8,16"], base=empty)).definition.fields) == 4


def test_a_condition_stands_behind_the_whole(begin: Begin, context: Context) -> None:
    fields = ["hidden=1..2 of 8,16@dropout=0.5", "dropout=0.1,0.5"]
    sweep = begin(fields, base=BASE, method="grid", budget={}, at_once=10)
    for _ in range(10):
        Advancing(context).look(sweep)
    found = [each.params for each in view(context, sweep).trials]
    assert sum("architecture.hidden[count]" in each for each in found) == 2 + 4
    assert sum(len(each) == 1 for each in found) == 1  # with the layers of the config


def test_an_earlier_run_has_its_values(begin: Begin, end: End, context: Context) -> None:
    first = begin(["hidden=[32, 16],[48]", "dropout=0.5"], base=BASE, method="grid", budget={})
    for value in (0.4, 0.3):
        Advancing(context).look(first)
        end(view(context, first).active[0].kept.run_id, [value])
    made = [each.run_ids[0] for each in view(context, first).trials]
    later = begin(["hidden=1..3 of 16..64:log"], tuple(made), base={**BASE, "architecture": _with(dropout=0.5)})
    assert [each.params for each in view(context, later).trials if each.origin == "earlier"] == [
        {f"{HIDDEN}[count]": 2, f"{HIDDEN}[0]": 32, f"{HIDDEN}[1]": 16},
        {f"{HIDDEN}[count]": 1, f"{HIDDEN}[0]": 48},
    ]


def test_a_trial_by_hand_has_the_last_value_again_where_none_is_given(begin: Begin, context: Context) -> None:
    sweep = begin(["hidden=1..3 of 16..64:log"], base=BASE)
    with pytest.raises(ConfigError, match="must be a list; received 'three'"):
        managing.add_trial(context, sweep, {f"{HIDDEN}[count]": "three", f"{HIDDEN}[0]": 20})
    number = managing.add_trial(context, sweep, {f"{HIDDEN}[count]": 3, f"{HIDDEN}[0]": 20})
    trial = next(each for each in view(context, sweep).trials if each.number == number)
    assert trial.runs[0].run is not None
    assert runs.get(context, trial.runs[0].run.id).config["architecture"]["hidden"] == [20, 64, 64]


def test_a_trial_by_hand_goes_by_short_names_and_whole_lists(begin: Begin, context: Context) -> None:
    sweep = begin(["hidden=1..3 of 16..64:log", "dropout=0..0.5", "lr=1e-4..1e-1:log"], base=BASE)
    number = managing.add_trial(context, sweep, {"hidden": [20, 30], "dropout": 0.2, "lr": 0.01})
    [trial] = [each for each in view(context, sweep).trials if each.number == number]
    assert trial.params == {
        f"{HIDDEN}[count]": 2, f"{HIDDEN}[0]": 20, f"{HIDDEN}[1]": 30, "architecture.dropout": 0.2,
        "training.optimizer.learning_rate": 0.01,
    }  # fmt: skip
    managing.add_trial(context, sweep, {"hidden[count]": 1, "hidden[0]": 40})
    with pytest.raises(ConfigError, match=r"architecture.hidden\[3\]: is not varied"):
        managing.add_trial(context, sweep, {"hidden": [1, 2, 3, 4]})
    with pytest.raises(ConfigError, match="batch_size: is not varied"):
        managing.add_trial(context, sweep, {"batch_size": 4})


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (["hidden=3..1 of 16..64"], "hidden: a list has from 1 to 20 values, the fewest first; received 3..1"),
        (["hidden=1,0 of 16..64"], "hidden: a list has from 1 to 20 values, the fewest first; received 1,0"),
        (["hidden=1..99 of 16..64"], "hidden: a list has from 1 to 20 values"),
        (["hidden=1..2 of 64..16"], "hidden: low must be below high; received 64 and 16"),
        (["hidden[4]=16..64"], f"{HIDDEN}[4]: {HIDDEN} has 2 values in the config, the first of which is {HIDDEN}[0]"),
        (["hidden[0]=16..64", "hidden=[8],[9]"], f"{HIDDEN}[0]: {HIDDEN} is varied as a whole, too"),
        (["hidden[count]=1..2", "hidden[2]=16..64"], f"{HIDDEN}[2]: it would never be set: {HIDDEN}[count] is 1..2"),
        (["hidden=1..2 of 0..64"], f"{HIDDEN}[0]: with 0, {HIDDEN}: item 1: must be"),
        (["hidden[count]=1..2", "hidden[1]=8..9@dropout=0.5", "dropout=0.1,0.5"], f"{HIDDEN}[1]: it is set where"),
        (["dropout[0]=0.1,0.2"], "architecture.dropout[0]: architecture.dropout is 0.0 and no list"),
        (["dropout=1..2 of 0..1"], "architecture.dropout[count]: architecture.dropout is 0.0 and no list"),
        (
            ["hidden[-1]=8,9"],
            f"{HIDDEN}[-1]: {HIDDEN} has the places {HIDDEN}[0], {HIDDEN}[1] and so on, and {HIDDEN}[count]",
        ),
        (["hidden[count]=a,b"], f"{HIDDEN}[count]: with \"a\", {HIDDEN}: must be a list; received 'a'"),
        (["hidden[count]=1..3", "hidden[2]=8,9@hidden[count]=1|3"], f"{HIDDEN}[2]: it is not there with each"),
        (['optimizer={"name":"adam"},{"name":"sgd"}', "lr=0.1..0.2"], "training.optimizer.name: "),
        (["hidden[01]=8,9"], f"{HIDDEN}[01]: {HIDDEN} has the places"),
        (["hidden[count]=1..40", "hidden[1]=8,9"], f"{HIDDEN}[count]: a list that is varied has at most 20 values"),
        (["hidden[count]=1..1000000000"], f"{HIDDEN}[count]: a list that is varied has at most 20 values"),
        (["hidden[]=8,9"], f"{HIDDEN}[]: {HIDDEN} has the places"),
        (["hidden[99999]=8,9"], f"{HIDDEN}[99999]: {HIDDEN} has the places"),
        (["hidden[0][1]=8,9"], f"{HIDDEN}[0][1]: "),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(fields: list[str], told: str, begin: Begin) -> None:
    assert refused(begin, fields).startswith(told)


def test_values_of_layers_are_varied_within_their_list(begin: Begin, context: Context) -> None:
    layers = [
        {"layer": "Dense", "arguments": {"units": 4, "activation": "relu"}},
        {"layer": "Dropout", "arguments": {"rate": 0.1}},
        {"layer": "Dense", "arguments": {"units": 3, "activation": "softmax"}},
    ]
    base = {"data": {"source": "iris"}, "architecture": {"name": "layers", "layers": layers}}
    fields = ["layers[0].arguments.units=8,16", "layers[1].arguments.rate=0.2,0.4"]
    sweep = begin(fields, base=base, method="grid", at_once=4)
    for _ in range(4):
        Advancing(context).look(sweep)
    found = [runs.get(context, each.runs[0].run.id).config for each in view(context, sweep).trials if each.runs[0].run]
    told = [[layer["arguments"] for layer in each["architecture"]["layers"]] for each in found]
    made = {(first["units"], second["rate"]) for first, second, _ in told}
    assert made == set(itertools.product((8, 16), (0.2, 0.4)))


def test_lists_of_a_script_are_varied_as_those_of_a_network(begin: Begin, context: Context, tmp_path: Path) -> None:
    script = (
        'import argparse\np = argparse.ArgumentParser()\np.add_argument("--hidden", type=int, nargs="+", default=[8])\n'
    )
    (tmp_path / "train.py").write_text(f'{script}p.add_argument("--rate", type=float, default=0.1)\np.parse_args()\n')
    base = {"project": {"folder": str(tmp_path)}, "entry": "train.py"}
    sweep = begin(["hidden=1..2 of 3,5"], kind="script", base=base, method="grid", at_once=9, budget={"trials": 6})
    for _ in range(6):
        Advancing(context).look(sweep)
    runs_made = [runs.get(context, each.runs[0].run.id) for each in view(context, sweep).trials if each.runs[0].run]
    made = sorted(run.config["arguments"]["hidden"] for run in runs_made)
    assert made == [[3], [3, 3], [3, 5], [5], [5, 3], [5, 5]]
    with pytest.raises(ConfigError, match=r"arguments.rate\[0\]: arguments.rate is 0.1 and no list"):
        begin(["rate[0]=1..2"], kind="script", base=base)


def test_a_list_that_is_varied_by_its_values_is_told_as_a_list() -> None:
    hidden, known = "architecture.hidden", {"architecture.hidden": [64, 64, 64]}
    fields = [f"{hidden}[count]", f"{hidden}[0]", f"{hidden}[1]", "training.batch_size"]
    assert columns_of(fields) == [hidden, "training.batch_size"]
    params = {f"{hidden}[0]": 63, f"{hidden}[1]": 34, f"{hidden}[count]": 2, "training.batch_size": 8}
    assert as_lists(params, fields, known) == {hidden: [63, 34], "training.batch_size": 8}
    assert as_lists({f"{hidden}[count]": 1, f"{hidden}[0]": 63}, fields, {}) == {hidden: [63]}
    assert as_lists({f"{hidden}[1]": 34}, [f"{hidden}[1]"], known) == {hidden: [64, 34, 64]}
    within = ["layers[0].units", "layers[count]"]
    assert columns_of(within) == within  # a list of more than values
    assert as_lists({"layers[0].units": 8}, within, {}) == {"layers[0].units": 8}
