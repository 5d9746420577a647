"""The check of a sweep's definition: every problem at its field, before anything is queued."""

import importlib.util
import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from core import runs
from core.common.context import Context
from core.common.errors import Problem
from core.common.text import suggestion
from core.config.check import validation_problems
from core.config.edit import with_values
from core.config.run import METRICS, RunConfig
from core.scripts.check_script import look_up
from core.scripts.spec import ScriptSpec
from core.sweeps import short_names
from core.sweeps.completed_definition import completed
from core.sweeps.conditions import needed_for, never_set, not_of_all
from core.sweeps.definition import OWN, PARAMETERS, SECONDS, Definition, Halving, Hyperband, Median, Pruning
from core.sweeps.early_end import judged_at
from core.sweeps.fields import Choices, Varied
from core.sweeps.list_fields import misplaced
from core.sweeps.own_search import MOST_CELLS, count_of_cells
from core.sweeps.setting import Setting
from core.sweeps.trial_judge import epochs_of

_MOST_TRIED = 12  # values of a field with which the config is checked
_COLUMNS = ("number", "run", "state", "origin", "seconds", "best")  # as core.comparison.sweep_frames has them
_WITHIN = 0.381  # a share of a range where no round number lies: whether fractions are taken
_SEED = "seed"
# What says on which examples a result is measured: the search would find the easiest.
MEASURED_ON = frozenset(
    f"data.{name}"
    for name in ("source", "dataset", "fold", "folds", "test_split", "validation_split", "horizon", "target")
)


def check_definition(raw: dict[str, Any], context: Context) -> tuple[Definition | None, list[Problem]]:
    """The definition, None when it cannot even be read, and all that is wrong with it on this host."""
    try:
        definition = Definition.model_validate(raw)
    except ValidationError as error:
        return None, validation_problems(error, Definition)
    problems = _base_problems(definition, context)
    if not problems:
        definition, problems = _written_out(definition, context)
        definition = completed(definition, context)
        problems += _field_problems(definition, context) if not problems else []
        problems += [*_goal_problems(definition, context)]
        if definition.repeats > 1 and definition.kind == "script" and not seed_argument(definition, context):
            problems.append(Problem("repeats", "the script has no parameter that seeds it, such as --seed; take 1"))
    problems += [*_method_problems(definition), *_pruning_problems(definition)]
    return definition, problems


def field_problems(raw: dict[str, Any], context: Context) -> list[Problem]:
    """What is wrong with what a definition varies; none where its base is not right itself."""
    try:
        definition = Definition.model_validate(raw)
    except ValidationError as error:
        return validation_problems(error, Definition)
    if _base_problems(definition, context):
        return []
    definition, problems = _written_out(definition, context)
    return problems or [*_field_problems(completed(definition, context), context)]


def _written_out(definition: Definition, context: Context) -> tuple[Definition, list[Problem]]:
    """With the whole paths of what is varied."""
    if definition.kind == "script":
        spec = ScriptSpec.model_validate(definition.base)
        reading = look_up(spec, context.workspace.settings).reading
        meant = short_names.of_script(reading, spec.command, definition.settings_of_base)
    else:
        meant = short_names.of_varied(definition.base, definition.fields)
    fields, problems = short_names.written_out(definition.fields, meant)
    return definition.model_copy(update={"fields": fields}), problems


def draft_of(
    definition: Definition, params: dict[str, Any], repeat: int = 0, name: str = "", seed: str = ""
) -> runs.Draft:
    """The run of a config that the sweep tries. `repeat` counts its seeds up from the base config's.

    Args:
        seed: of a script, the argument that seeds it, as `seed_argument` tells.
    """
    config = with_values(definition.base, params)
    if definition.kind == "network" and repeat:
        config[_SEED] = int(config.get(_SEED) or 0) + repeat
    elif repeat:
        arguments = dict(config.get("arguments", {}))
        config["arguments"] = {**arguments, seed: int(arguments.get(seed) or 0) + repeat}
    return runs.Draft(
        config, name, definition.experiment, definition.preset, tags=definition.tags, facts=definition.facts
    )


def draft_problems(definition: Definition, draft: runs.Draft, context: Context) -> list[Problem]:
    """What is wrong with one config; as launching it would say."""
    if definition.kind == "script":
        return runs.check_script_draft(draft, context)[1]
    return runs.check_draft(draft, context)[1]


def seed_argument(definition: Definition, context: Context) -> str:
    """Of a script, the parameter that seeds it; "" without one, and for networks."""
    if definition.kind == "network":
        return ""
    spec = ScriptSpec.model_validate(definition.base)
    return look_up(spec, context.workspace.settings).reading.seed


def _base_problems(definition: Definition, context: Context) -> list[Problem]:
    return draft_problems(definition, draft_of(definition, {}), context)


def _field_problems(definition: Definition, context: Context) -> Iterator[Problem]:
    known, setting = _known(definition, context), Setting(definition)
    seen: set[str] = set()
    fields = definition.fields
    for varied in fields:
        if varied.field in seen:
            yield Problem(varied.field, "is varied twice; give it once")
        seen.add(varied.field)
        if varied.field == _SEED:
            yield Problem(varied.field, "the seed is varied by repeats, not by the search; give repeats")
        if definition.kind == "network" and varied.field in MEASURED_ON:
            told = "results on other examples cannot be ranked, and the search would find the easiest"
            yield Problem(varied.field, f"{told}; start a sweep for each")
            continue
        wrong = misplaced(varied, fields, known) or never_set(varied, known, fields, setting)
        if wrong := wrong or not_of_all(varied, fields):
            yield Problem(varied.field, wrong)
            continue
        if (step := getattr(varied.range, "step", None)) is not None and varied.range.at(0.0) == varied.range.at(1.0):
            told = f"its step {step:g} is longer than its range, of which only {varied.range.at(0.0):g} would be tried"
            yield Problem(varied.field, f"{told}; take a smaller step")
        yield from _value_problems(definition, varied, known, setting, context)
    if all(isinstance(each.range, Choices) and len(set(map(json.dumps, each.range.values))) == 1 for each in fields):
        yield Problem("fields", "have one value each, so that there is nothing to search; give more, or launch a run")


def _value_problems(
    definition: Definition, varied: Varied, known: dict[str, Any], setting: Setting, context: Context
) -> Iterator[Problem]:
    """With each of a few values, the others as they are in the base config; each problem once."""
    told: set[str] = set()
    needed = needed_for(varied, definition.fields, setting)
    for value in _some(varied):
        draft = draft_of(definition, {**needed, varied.field: value})
        for problem in draft_problems(definition, draft, context):
            unknown = problem.field == varied.field and "not a known field" in problem.message
            hint = suggestion(varied.field, list(known)) if unknown and "did you mean" not in problem.message else ""
            message = problem.message + hint
            line = message if problem.field == varied.field else f"with {json.dumps(value)}, {problem}"
            if line not in told and len(told) < 3:
                told.add(line)
                yield Problem(varied.field, line)


def _some(varied: Varied) -> list[Any]:
    if isinstance(varied.range, Choices):
        return list(varied.range.values[:_MOST_TRIED])
    return [varied.range.at(0.0), varied.range.at(1.0), varied.range.at(_WITHIN)]


def _known(definition: Definition, context: Context) -> dict[str, Any]:
    if definition.kind == "network":
        return definition.settings_of_base
    spec = ScriptSpec.model_validate(definition.base)
    found = look_up(spec, context.workspace.settings).reading.of(spec.command)
    return {**definition.settings_of_base, **{f"arguments.{each.name}": each.default for each in found}}


def _goal_problems(definition: Definition, context: Context) -> Iterator[Problem]:
    names = [goal.metric for goal in definition.goals]
    if len(set(names)) < len(names):
        yield Problem("goals", f"each goal once; received {', '.join(names)}")
    for place, name in enumerate(names):
        if name in _COLUMNS:
            told = f"{name} is a column of the table of trials, and cannot be a goal; record the metric by another name"
            yield Problem(f"goals.{place}.metric", told)
    if definition.kind != "network":
        return
    config = RunConfig.model_validate(definition.base)
    info = config.data.info(context.workspace.settings)
    measured = METRICS[info.task]
    validates = config.data.validates or config.data.sizes(info)[1] > 0
    accepted = [*measured, *(f"val_{name}" for name in measured if validates), PARAMETERS, SECONDS]
    for place, name in enumerate(names):
        if name.startswith("test_"):
            message = "the test set is for the end: what is searched by it no longer tells how good a network is"
            yield Problem(f"goals.{place}.metric", f"{name}: {message}; take {accepted[-3]}")
        elif name not in accepted:
            told = f"{name} is not measured for {info.task}{suggestion(name, accepted)}"
            yield Problem(f"goals.{place}.metric", f"{told}; accepted are {', '.join(accepted)}")


def _method_problems(definition: Definition) -> Iterator[Problem]:
    method, goals = definition.method, len(definition.goals)
    if method == "gp" and importlib.util.find_spec("torch") is None:
        yield Problem("method", "gp needs torch, which is not installed here; take tpe")
    if method not in OWN and importlib.util.find_spec("optuna") is None:
        yield Problem("method", f"{method} needs optuna; pip install -r requirements.txt, or take {', '.join(OWN)}")
    if method == "grid" and (count := count_of_cells(definition)) > MOST_CELLS:
        told = f"the grid has {count:,} cells, and at most {MOST_CELLS:,} are gone through"
        yield Problem("method", f"{told}; take longer steps or fewer fields, or random")
    if method == "cmaes" and goals > 1:
        yield Problem("method", f"cmaes is for one goal; received {goals}. Take nsga2 or tpe")
    if method == "cmaes" and all(isinstance(varied.range, Choices) for varied in definition.fields):
        yield Problem("method", "cmaes is for numbers, and all fields have choices; take tpe")
    if method == "nsga2" and goals < 2:
        yield Problem("method", "nsga2 is for two or three goals; received one. Take tpe")


def _most_epochs(definition: Definition) -> int | None:
    """Of its longest trials; None where nobody knows."""
    varied = next((each.range for each in definition.fields if each.field == "training.epochs"), None)
    if varied is None:
        return epochs_of(definition.base)
    ends = varied.values if isinstance(varied, Choices) else [varied.at(1.0)]
    return max((each for each in ends if isinstance(each, int)), default=None)


def _is_ever_judged(rule: Pruning, epochs: int) -> bool:
    """True also where nobody asked for a late first look: of two epochs there is nothing to save."""
    if (getattr(rule, "first", None) or 1) == 1:
        return True
    match rule:
        case Halving():
            return bool(judged_at(rule, 0, epochs, epochs))
        case Hyperband(brackets=brackets):
            return any(judged_at(rule, number, epochs, epochs) for number in range(brackets))
        case Median(first=first):
            return first < epochs
        case _:
            return True


def _pruning_problems(definition: Definition) -> Iterator[Problem]:
    name = definition.pruning.name
    if name != "none" and len(definition.goals) > 1:
        yield Problem("pruning", f"{name} goes by one goal; received {len(definition.goals)}. Take none")
    if name != "none" and definition.goals[0].metric in (PARAMETERS, SECONDS):
        yield Problem("pruning", f"{definition.goals[0].metric} is no metric with values over the epochs; take none")
    if (epochs := _most_epochs(definition)) is not None and not _is_ever_judged(definition.pruning, epochs):
        told = f"{name} would judge nobody: trials have {epochs} epochs, and its first look comes too late"
        yield Problem("pruning", f"{told}. Take more epochs, an earlier first look, or none")
    if name == "wilcoxon" and definition.repeats < 4:
        yield Problem(
            "pruning", f"wilcoxon compares repeats, at least 4; received {definition.repeats}. Give --repeats 8"
        )
