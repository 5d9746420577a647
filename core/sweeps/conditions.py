"""Whether the conditions of varied fields can hold, and what it takes that they do."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.sweeps.fields import Varied, in_words
from core.sweeps.short_names import unknown_condition


def never_set(varied: Varied, known: Mapping[str, Any], before: Sequence[Varied]) -> str:
    """What is wrong with its condition, "" where it can hold."""
    when = varied.when
    if when is None:
        return ""
    ranges = [each.range for each in before if each.field == when.field]
    if not ranges and when.field not in known:
        return unknown_condition(when.field)
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
