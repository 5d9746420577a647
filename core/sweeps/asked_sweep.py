"""Sweeps as people and programs ask for them: a config to begin from, and the rest in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.common.errors import ConfigError, Problem
from core.common.text import quoted
from core.config.edit import Raw, with_values
from core.config.files import value_from_text
from core.runs.kinds import NETWORK
from core.runs.param_names import by_paths
from core.runs.queueing import DEFAULT_EXPERIMENT
from core.sweeps.fields import Varied
from core.sweeps.list_fields import fields_from_words

USUAL_TRIALS = 50
_OPTIONS = {"direction": ("auto", "min", "max"), "kind": ("best", "last")}  # of a goal


@dataclass(frozen=True)
class AskedSweep:
    """`vary`: FIELD=RANGE, see `core.sweeps.list_fields.fields_from_words`; `goals`: METRIC, METRIC:max,
    METRIC:min:last; `pruning`: a rule's name, as asha:first=2,factor=4 with its options.
    """

    base: Raw
    vary: Sequence[str]
    kind: str = "network"
    preset: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)  # of the base, by dotted path
    experiment: str = DEFAULT_EXPERIMENT
    goals: Sequence[str] = ("val_loss",)
    method: str = "tpe"
    pruning: str = "none"
    trials: int | None = None
    hours: float | None = None
    no_gain: int | None = None
    repeats: int = 1
    at_once: int = 1
    seed: int = 0
    tags: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def definition_of(asked: AskedSweep) -> dict[str, Any]:
    """The definition, to be checked: core.sweeps.managing.start.

    Without trials, hours and no-gain it has 50 trials, and of a grid every cell.

    Raises:
        ConfigError: words that cannot be read, with every problem.
    """
    budget = {"trials": asked.trials, "hours": asked.hours, "no_gain": asked.no_gain}
    if all(each is None for each in budget.values()) and asked.method != "grid":
        budget["trials"] = USUAL_TRIALS
    is_network = asked.kind == NETWORK.name
    return {
        "kind": asked.kind,
        "base": with_values(asked.base, by_paths(asked.base, asked.changes) if is_network else asked.changes),
        "preset": asked.preset,
        "experiment": asked.experiment,
        "fields": [varied.model_dump(mode="json") for varied in fields_of(asked.vary)],
        "goals": [_goal(text) for text in asked.goals],
        "method": asked.method,
        "pruning": _pruning(asked.pruning),
        "budget": budget,
        "repeats": asked.repeats,
        "at_once": asked.at_once,
        "seed": asked.seed,
        "tags": list(asked.tags),
        "facts": dict(asked.facts),
    }


def fields_of(texts: Sequence[str]) -> list[Varied]:
    """Raises ConfigError with every problem."""
    fields: list[Varied] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            fields += fields_from_words(text)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return fields


def _goal(text: str) -> dict[str, str]:
    """Raises ConfigError."""
    metric, *options = text.split(":")
    goal = {"metric": metric}
    for option in options:
        name = next((name for name, accepted in _OPTIONS.items() if option in accepted), "")
        if not name or name in goal:
            told = "a goal is METRIC, METRIC:max, METRIC:min:last; of min and max one, and of best and last one"
            raise ConfigError([Problem("goals", f"{told}; received {quoted(text)}")])
        goal[name] = option
    return goal


def _pruning(text: str) -> dict[str, Any]:
    """Raises ConfigError."""
    name, _, options = text.partition(":")
    found: dict[str, Any] = {"name": name.strip()}
    for option in filter(None, map(str.strip, options.split(","))):
        key, equals, value = (each.strip() for each in option.partition("="))
        if not key or not equals or not value:
            raise ConfigError([Problem("pruning", f"an option looks like first=2; received {quoted(option)}")])
        if key in found:
            raise ConfigError([Problem("pruning", f"{key} is given twice; give it once")])
        found[key] = value_from_text(value)
    return found
