"""Runs of before that a sweep takes as trials: such as it might have made, or its best may be of another task."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError, DataError, NotFoundError, Problem
from core.common.text import shortened
from core.config.edit import Raw, differences, dump, leaves
from core.config.list_paths import with_places
from core.config.run import RunConfig
from core.data.library import known as library
from core.runs.data_names import data_set, is_repeat
from core.runs.kinds import NETWORK
from core.sweeps.check_sweep import draft_of
from core.sweeps.definition import Definition
from core.sweeps.setting import Setting
from db.records import RunRecord, RunState

_ADVICE = "take runs that this sweep might have made"
_MOST_TOLD = 3
_ENDED = (RunState.FINISHED, RunState.STOPPED, RunState.PRUNED)
# What says where and how a run is carried out, not what it is: its results are the same.
_NO_MATTER = ("resources.", "evaluation.", "training.engine", "training.record_steps", "training.keep_epochs")


def earlier_trials(
    context: Context, definition: Definition, numbers: Sequence[int]
) -> list[tuple[int, dict[str, Any]]]:
    """Runs, each with its values of the fields that are varied.

    Raises:
        NotFoundError: one of them is not there.
        ConfigError: with every problem, where this sweep could not have made one of them.
    """
    found, problems = [], []
    for run in [runs.get(context, number) for number in dict.fromkeys(numbers)]:
        values, wrong = _values(definition, run)
        found.append((run.id, values))
        told = wrong or _other(context, definition, run, values)
        problems += [Problem("earlier", f"run {run.id} {each}; {_ADVICE}") for each in told]
    if problems:
        raise ConfigError(problems)
    return found


def _values(definition: Definition, run: RunRecord) -> tuple[dict[str, Any], list[str]]:
    """Of the fields that are varied, and what is wrong with them."""
    own = with_places(leaves(run.config))
    values = Setting(definition).params(lambda varied, _: own.get(varied.field))
    ranges = {varied.field: varied.range for varied in definition.fields}
    wrong = [
        f"has {field} = {value}, which is not in its range"
        for field, value in values.items()
        if field not in own or not ranges[field].has(value)
    ]
    return values, wrong


def _other(context: Context, definition: Definition, run: RunRecord, values: dict[str, Any]) -> list[str]:
    """What tells it from a trial of this sweep with these values."""
    if run.kind != definition.kind:
        return [f"is of the kind {run.kind}, and the sweep of the kind {definition.kind}"]
    if run.state not in _ENDED:
        return [f"is {run.state}, and only what has finished, was stopped or was pruned has a result"]
    if run.kind != NETWORK.name:
        return []
    try:
        own = dump(RunConfig.model_validate(run.config))  # with what was no param yet when it was launched
    except ValidationError:
        return ["has a config that this version of Traindeck does not read"]
    made = dump(RunConfig.model_validate(draft_of(definition, values).config))
    if apart := _apart(own, made):
        more = f", and in {len(apart) - _MOST_TOLD} more" if len(apart) > _MOST_TOLD else ""
        return [f"differs in what the sweep does not vary: {', '.join(apart[:_MOST_TOLD])}{more}"]
    try:
        now = library.find(context.workspace.settings, data_set(run)).fingerprint
    except (DataError, NotFoundError):
        return []
    used = run.facts.get("data_fingerprint")
    if used and now and used != now:
        return [f"learned from other data than what is called {data_set(run)} now"]
    return []


def _apart(own: Raw, made: Raw) -> list[str]:
    return [
        f"{name} ({shortened(str(before))}, not {shortened(str(after))})"
        for name, (before, after) in differences(own, made).items()
        if not is_repeat(name) and not name.startswith(_NO_MATTER)
    ]
