"""What people ask of a sweep that cannot be, or not as they wrote it, and what they are told."""

import re
from pathlib import Path
from typing import Any

import pytest

from core.common.context import Context
from core.common.errors import ConfigError
from core.config.edit import Raw, with_values
from core.sweeps import managing
from core.sweeps.advancing import Advancing
from core.sweeps.asked_sweep import AskedSweep, definition_of
from core.sweeps.fields import Choices
from core.sweeps.trials import view
from tests.core.sweeps.conftest import Begin, End

RATE, SIZE = "training.optimizer.learning_rate", "training.batch_size"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"vary": [f"{RATE}=-1e308..1e308"]}, "from -1e+308 to 1e+308 is too wide to draw from"),
        ({"vary": [f"{RATE}=1e-320..1:log"]}, "is too wide to draw from: at most 1e308 lie between its ends"),
        ({"vary": [f"{RATE}=1e-3..1:step=1e-320"]}, "at most 1,000,000,000 steps; received a step of 9.99989e-321"),
        ({"vary": [f"{RATE}=0.1..0.1"]}, "received 0.1 and 0.1: take the value alone"),
        ({"vary": [f"{RATE}=1e-6..1:step=1e-6"], "method": "grid"}, "1,000,000 cells, and at most 100,000"),
        ({"vary": [f"{SIZE}=16,16.0"]}, "have one value each"),
        ({"trials": 0}, "budget.trials: must be greater than or equal to 1; received 0"),
        ({"hours": float("inf")}, "budget.hours: must be a finite number; received inf"),
        ({"goals": ["val_loss:min:last:max"]}, "of min and max one, and of best and last one; received 'val_loss:min"),
        ({"goals": ["val_loss:lowest"]}, "goals: a goal is METRIC, METRIC:max, METRIC:min:last"),
        ({"method": "bayes"}, "method: must be 'random', 'grid', 'qmc'"),
        (
            {"pruning": "asha:frist=1"},
            "pruning.frist: is not a known field (did you mean first?); accepted are factor, first, name",
        ),
        (
            {"pruning": "ahsa"},
            "pruning.name: 'ahsa' is not known (did you mean asha?); accepted are none, median, asha",
        ),
        ({"pruning": "asha:first"}, "pruning: an option looks like first=2; received 'first'"),
        ({"pruning": "asha:first="}, "pruning: an option looks like first=2; received 'first='"),
        ({"pruning": "asha:first=2,first=3"}, "pruning: first is given twice; give it once"),
        ({"vary": ["architecture.dropout=.nan,0.1"]}, "architecture.dropout: a choice is no nan; leave it out"),
        ({"vary": []}, "fields: must have at least 1 item; received []"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_received_and_what_is_accepted(
    context: Context, raw_config: Raw, asked: dict[str, Any], told: str
) -> None:
    values = {"vary": [f"{RATE}=1e-4..1e-1:log"], **asked}
    with pytest.raises(ConfigError, match=re.escape(told)):
        managing.start(context, definition_of(AskedSweep(raw_config, **values)))


def test_problems_of_the_base_config_are_told_as_launching_it_tells_them(context: Context, raw_config: Raw) -> None:
    asked = AskedSweep(with_values(raw_config, {"training.epochs": 0}), [f"{RATE}=1e-4..1e-1:log"])
    with pytest.raises(ConfigError) as caught:
        managing.start(context, definition_of(asked))
    assert [problem.field for problem in caught.value.problems] == ["training.epochs"]


def test_a_choice_that_is_written_twice_is_tried_once(context: Context, begin: Begin) -> None:
    sweep = begin([f"{SIZE}=16,32,16.0"], at_once=9, budget={"trials": 9})
    Advancing(context).look(sweep)
    assert sorted(trial.params[SIZE] for trial in view(context, sweep).trials) == [16, 32]


def test_a_grid_that_the_budget_does_not_hold_is_not_left_in_one_corner_and_goes_on_when_it_is_extended(
    context: Context, begin: Begin, end: End
) -> None:
    fields = ["training.epochs=1,2,3", f"{SIZE}=8,16,32", f"{RATE}=0.1,0.01,0.001"]
    sweep = begin(fields, method="grid", budget={"trials": 8}, at_once=27)
    advancing = Advancing(context)
    advancing.look(sweep)
    made = [trial.params for trial in view(context, sweep).trials]
    assert len(made) == 8
    assert len({params["training.epochs"] for params in made}) > 1  # which changes slowest
    managing.extend(context, sweep, trials=27)
    advancing.look(sweep)
    assert len({trial.config for trial in view(context, sweep).trials}) == 27


def test_choices_that_a_script_is_given_alike_are_one(context: Context, begin: Begin, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--tag', default='')\n"
        "p.add_argument('--host', default='')\np.parse_args()\n"
    )
    base = {"project": {"folder": str(tmp_path)}, "entry": "train.py"}
    sweep = begin(['tag=1,"1",2', 'host="me@here",other'], kind="script", base=base, method="grid")
    tag, host = view(context, sweep).definition.fields
    assert isinstance(tag.range, Choices)
    assert isinstance(host.range, Choices)
    assert (tag.range.values, host.range.values) == ((1, 2), ("me@here", "other"))
