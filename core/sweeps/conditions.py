"""Conditions of varied fields: whether they can hold, what it takes that they do, and where one is needed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.common.text import quoted
from core.config.edit import variants_at
from core.config.list_paths import first_list
from core.runs.search_names import KINDS
from core.sweeps.fields import Choices, Varied, in_words


def never_set(varied: Varied, known: Mapping[str, Any], before: Sequence[Varied]) -> str:
    """What is wrong with its condition, "" where it can hold."""
    when = varied.when
    if when is None:
        return ""
    ranges = [each.range for each in before if each.field == when.field]
    if not ranges and when.field not in known:
        told = f"its condition is about {quoted(when.field)}, and there is no such field"
        return f"{told}; write it as @optimizer=sgd"
    wanted = " or ".join(map(json.dumps, when.values))
    if ranges and not any(found.has(value) for found in ranges for value in when.values):
        return f"it would never be set: {when.field}={in_words(ranges[0])} does not have {wanted}"
    if not ranges and not varied.applies({}, known):
        is_now = json.dumps(known[when.field])
        return f"it would never be set: {when.field} is {is_now}, not {wanted}; vary {when.field}, too"
    return ""


def needed_for(varied: Varied, fields: Sequence[Varied]) -> dict[str, Any]:
    """Values with which it is set, its condition's own condition, and so on, included."""
    found: dict[str, Any] = {}
    when = varied.when
    while when is not None and when.field not in found:
        found[when.field] = when.values[0]
        when = next((each.when for each in fields if each.field == when.field), None)
    return found


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
