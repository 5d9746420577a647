"""Trials that people add by hand: whether they lie in the space that is searched, and what the budget makes of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.common.text import plural
from core.runs.search_names import short_name
from core.sweeps.definition import Definition
from core.sweeps.trials import SweepView, Trial

HAND = "hand"  # the origin of such a trial
BY_HAND = "by hand"  # as it is told


def outside(definition: Definition, params: Mapping[str, Any]) -> list[str]:
    """Fields that have a value here which the search would never try."""
    return [
        varied.field
        for varied in definition.fields
        if varied.field in params and not varied.range.has(params[varied.field])
    ]


def origin_told(definition: Definition, trial: Trial) -> str:
    """Where a trial is from that the search did not choose; "" of the others."""
    if trial.origin != HAND:
        return "earlier run" if trial.origin == "earlier" else ""
    beyond = outside(definition, trial.params)
    return f"{BY_HAND}, outside of the range of {_named(beyond)}" if beyond else BY_HAND


def added_told(view: SweepView, number: int) -> str:
    """What a trial that was added by hand does to the budget, and whether it lies in the space."""
    trial = next(each for each in view.trials if each.number == number)
    beyond = outside(view.definition, trial.params)
    where = f" It lies outside of the range of {_named(beyond)}, and is marked as such." if beyond else ""
    return f"Trial {number} is queued.{where} {budget_told(view)}".rstrip()


def budget_told(view: SweepView) -> str:
    """What a trial that is added by hand does to the budget."""
    budget = view.definition.budget
    limits = [name for name, value in (("hours", budget.hours), ("trials without a gain", budget.no_gain)) if value]
    told = []
    if budget.trials is not None:
        told.append(f"It comes on top of the budget's {plural(budget.trials, 'trial')}.")
    if limits:
        told.append(f"It counts for the budget's {' and '.join(limits)} as a trial of the search does.")
    return " ".join(told)


def _named(fields: Sequence[str]) -> str:
    names = [*dict.fromkeys(map(short_name, fields))]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
