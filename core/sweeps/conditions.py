"""Conditions of varied fields: whether they can hold, what it takes that they do, and where one is needed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.common.text import quoted
from core.config.edit import variants_at
from core.config.list_paths import first_list
from core.runs.search_names import KINDS
from core.sweeps.fields import Choices, Real, Varied, When, Whole, in_words
from core.sweeps.same_values import is_among
from core.sweeps.setting import Setting, changes


def never_set(varied: Varied, known: Mapping[str, Any], fields: Sequence[Varied], setting: Setting) -> str:
    """What is wrong with its condition, "" where it can hold. What fields depend on stands before them."""
    when = varied.when
    if when is None:
        return ""
    place = list(fields).index(varied)
    before, needs = fields[:place], needed_before(varied, fields)
    if later := [each.field for each in fields[place:] if each.field in needs]:
        told = "itself" if later[0] == varied.field else f"{later[0]}, whose own condition goes by it"
        return f"its condition is about {told}; leave that out"
    wanted = " or ".join(map(json.dumps, when.values))
    ranges = [each.range for each in before if each.field == when.field]
    if ranges:
        if any(found.has(value) for found in ranges for value in when.values):
            return ""
        return f"it would never be set: {when.field}={in_words(ranges[0])} does not have {wanted}"
    changing = [each for each in before if changes(each.field, when.field)]
    ends = [setting.settings({each.field: value}) for each in changing for value in _ends(each.range)]
    if when.field not in known and not any(when.field in each for each in ends):
        told = f"its condition is about {quoted(when.field)}, and there is no such field"
        return f"{told}; write it as @optimizer=sgd"
    is_list = len(changing) == 1 and isinstance(changing[0].range, Choices)
    if is_list and not any(is_among(each.get(when.field), when.values) for each in ends):
        return f"it would never be set: with no choice of {changing[0].field} {when.field} is {wanted}"
    if not changing and not is_among(known[when.field], when.values):
        is_now = json.dumps(known[when.field])
        return f"it would never be set: {when.field} is {is_now}, not {wanted}; vary {when.field}, too"
    return ""


def needed_before(varied: Varied, fields: Sequence[Varied]) -> set[str]:
    """The varied fields by which its condition goes: the one that it names, or those that change what it names."""
    when = varied.when
    if when is None:
        return set()
    names = {each.field for each in fields}
    if when.field in names:
        return {when.field}
    return {name for name in names - {varied.field} if changes(name, when.field)}


def _ends(of: Choices | Real | Whole) -> Sequence[Any]:
    return of.values if isinstance(of, Choices) else (of.at(0.0), of.at(1.0))


def needed_for(varied: Varied, fields: Sequence[Varied], setting: Setting) -> dict[str, Any]:
    """Values with which it is set, its condition's own condition, and so on, included."""
    found: dict[str, Any] = {}
    when = varied.when
    while when is not None and when.field not in found:
        field, value = _bringing(when, fields, setting)
        found[field] = value
        when = next((each.when for each in fields if each.field == field), None)
    return found


def _bringing(when: When, fields: Sequence[Varied], setting: Setting) -> tuple[str, Any]:
    """A field and a value of it with which a condition holds."""
    if not any(each.field == when.field for each in fields):
        for each in fields:
            for value in _ends(each.range) if changes(each.field, when.field) else ():
                if is_among(setting.settings({each.field: value}).get(when.field), when.values):
                    return each.field, value
    return when.field, when.values[0]


def not_of_all(varied: Varied, fields: Sequence[Varied]) -> str:
    """What is wrong where a section's choice is varied, too, and some of what is tried there does not have the field:
    momentum, of adam. "" where its condition leaves these out, or nothing is wrong.
    """
    choice, having, without = by_choice(varied.field, fields)
    if (when := varied.when) is not None:
        if when.field != choice:
            return ""
        having, without = ([each for each in some if each in when.values] for some in (having, without))
    if not having or not without:
        return ""
    verb = "has" if len(without) == 1 else "have"
    leaf = (first_list(varied.field) or varied.field).rpartition(".")[2]
    return f"{' and '.join(without)} {verb} no {leaf}; write {condition(choice, having)} behind its range"


def by_choice(path: str, fields: Sequence[Varied]) -> tuple[str, list[str], list[str]]:
    """The field that says which of several the section of a path is, where that is varied, too; which of what is tried
    there have the path, and which have not.
    """
    *section, leaf = (first_list(path) or path).split(".")
    for varied in fields:
        around, _, kind = varied.field.rpartition(".")
        if section and around == ".".join(section) and kind in KINDS and leaf not in KINDS:
            known = variants_at(section)
            values = varied.range.values if isinstance(varied.range, Choices) else ()
            tried = [each for each in values if isinstance(each, str) and each in known]
            having = [each for each in tried if leaf in known[each].model_fields]
            return varied.field, having, [each for each in tried if each not in having]
    return "", [], []


def condition(choice: str, values: Sequence[str]) -> str:
    """As people write it: @optimizer=sgd|rmsprop."""
    return f"@{choice.split('.')[-2]}={'|'.join(values)}"
