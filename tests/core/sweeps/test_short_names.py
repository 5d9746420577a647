"""Fields of a sweep by the short names that a search takes, too."""

from pathlib import Path

import pytest

from core.common.context import Context
from core.common.errors import ConfigError
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.fields import Varied, written
from core.sweeps.trials import view
from tests.core.sweeps.conftest import Begin

NAME, MOMENTUM = "training.optimizer.name", "training.optimizer.momentum"
_SCRIPT = """import argparse
p = argparse.ArgumentParser()
p.add_argument('--alpha', type=float, default=1)
p.add_argument('--hidden-size', type=int, default=7)
p.parse_args()
"""


def fields(context: Context, sweep: int) -> tuple[Varied, ...]:
    return view(context, sweep).definition.fields


@pytest.mark.parametrize("condition", ["optimizer=sgd", "optimizer.name=sgd", "opt=sgd", f"{NAME}=sgd"])
def test_a_condition_is_about_what_its_name_means(condition: str, begin: Begin, context: Context) -> None:
    sweep = begin([f"momentum=0..0.95@{condition}", "optimizer=adam,sgd"])
    found = fields(context, sweep)
    assert [each.field for each in found] == [NAME, MOMENTUM]  # what others depend on comes first
    assert written(found[1]) == f"{MOMENTUM}=0..0.95@{NAME}=sgd"


@pytest.mark.parametrize("name", ["optimizer.learning_rate", "learning_rate", "lr", "Learning_Rate"])
def test_a_field_goes_by_the_end_of_its_path(name: str, begin: Begin, context: Context) -> None:
    [field] = fields(context, begin([f"{name}=1e-4..1e-1:log"]))
    assert field.field == "training.optimizer.learning_rate"


def test_a_name_of_several_fields_says_which_they_are(begin: Begin) -> None:
    with pytest.raises(ConfigError) as refused:
        begin(["batch_size=8,16@name=sgd"])
    [problem] = refused.value.problems
    assert problem.field == "training.batch_size"
    assert problem.message.startswith("name in its condition could be ")
    assert f" or {NAME} or " in problem.message


def test_what_has_no_such_name_is_refused_in_a_sentence(begin: Begin) -> None:
    with pytest.raises(ConfigError) as refused:
        begin(["batch_size=8,16@optimiser=sgd"])
    [problem] = refused.value.problems
    assert problem.message == (
        "its condition is about 'optimiser', and there is no such field; write it as @optimizer=sgd"
    )


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("method", ["random", "tpe", "grid"])
def test_conditions_may_hang_on_one_another(optimizer: str, method: str, begin: Begin, context: Context) -> None:
    """Whatever the base config has: of a field that is not set, no value holds."""
    fields = ["optimizer=adam,sgd", "momentum=0.1,0.9@optimizer=sgd", "nesterov=true,false@momentum=0.9"]
    base = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}, "training": {"optimizer": {"name": optimizer}}}
    sweep = begin(fields, base=base, method=method, budget={"trials": 4}, at_once=4)
    for _ in range(4):
        Advancing(context).look(sweep)
    trials = view(context, sweep).trials
    assert len(trials) == 4
    for trial in trials:
        name, momentum = trial.params[NAME], trial.params.get(MOMENTUM)
        assert trial.state == "queued"
        assert (momentum is not None) == (name == "sgd")
        assert ("training.optimizer.nesterov" in trial.params) == (momentum == 0.9)


def test_of_a_script_it_is_a_parameter(context: Context, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(_SCRIPT)
    base = {"project": {"folder": str(tmp_path)}, "entry": "train.py"}
    told = [{"field": name, "range": {"kind": "real", "low": 1, "high": 9}} for name in ("alpha", "hidden-size")]
    definition = {"kind": "script", "base": base, "fields": told, "method": "random", "goals": [{"metric": "loss"}]}
    found = fields(context, managing.start(context, definition))
    assert [written(each) for each in found] == ["arguments.alpha=1..9", "arguments.hidden_size=1..9"]


def test_what_only_some_of_the_optimizers_have_needs_a_condition(begin: Begin) -> None:
    with pytest.raises(ConfigError) as refused:
        begin(["momentum=0..0.9", "optimizer=sgd,adam,adamw"])
    [problem] = refused.value.problems
    assert str(problem) == (f"{MOMENTUM}: adam and adamw have no momentum; write @optimizer=sgd behind its range")
    begin(["momentum=0..0.9@optimizer=sgd", "lr=1e-4..1e-1:log", "optimizer=sgd,adam,adamw"])


def test_a_name_goes_by_what_the_config_has_with_the_choices_that_are_varied(begin: Begin, context: Context) -> None:
    loss = "training.loss"
    found = fields(context, begin(["loss=cross_entropy,focal", "gamma=0.5..4@loss=focal"]))
    assert [each.field for each in found] == [f"{loss}.name", f"{loss}.gamma"]
    with pytest.raises(ConfigError) as refused:
        begin(["loss=cross_entropy,focal", "schedule=constant,exponential", "gamma=0.5..0.9"])
    [problem] = refused.value.problems
    assert problem.field == "gamma"
    assert f"{loss}.gamma" in problem.message
    assert problem.message.endswith("; write which")
    assert problem.message.count(".gamma") == 2
