"""What is wrong with a definition that cannot even be read, in the words of other configs."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from core.common.errors import Problem
from core.common.text import quoted, shortened, suggestion
from core.sweeps.definition import Budget, Definition, Goal, Halving, Hyperband, Median, Unpruned, Wilcoxon
from core.sweeps.fields import Choices, Real, Varied, When, Whole

_SHORT = 60  # characters of a value
_RULES: dict[str, type[BaseModel]] = {
    str(each.model_fields["name"].default): each for each in (Unpruned, Median, Halving, Hyperband, Wilcoxon)
}
_RANGES: dict[str, type[BaseModel]] = {"choices": Choices, "real": Real, "whole": Whole, "when": When}


def unreadable(error: ValidationError) -> list[Problem]:
    """Each at its field."""
    found = error.errors(include_url=False)
    told = [each for each in found if "after validation" not in each["msg"]]
    return [Problem(".".join(map(str, each["loc"])), _message(each)) for each in told or found]


def _message(details: Mapping[str, Any]) -> str:
    context, loc = details.get("ctx", {}), details["loc"]
    match details["type"]:
        case "extra_forbidden":
            names = list(_model(loc).model_fields)
            return f"is not known{suggestion(str(loc[-1]), names)}; accepted are {', '.join(names)}"
        case "union_tag_invalid":
            names = [name.strip("' ") for name in str(context["expected_tags"]).split(",")]
            tag = str(context["tag"])
            return f"{quoted(tag)} is not known{suggestion(tag, names)}; accepted are {', '.join(names)}"
        case "missing":
            return "is missing"
        case "value_error":  # a sentence of ours
            return str(details["msg"]).removeprefix("Value error, ")
        case _:
            text = str(details["msg"]).replace("Input should", "must").replace("Tuple should", "must")
            text = text.partition(" after validation")[0].partition(", unable to")[0]
            return f"{text[0].lower()}{shortened(text[1:])}; received {quoted(details['input'], _SHORT)}"


def _model(loc: tuple[int | str, ...]) -> type[BaseModel]:
    """What stands around the place."""
    match loc:
        case ("pruning", str(rule), _):
            return _RULES[rule]
        case ("budget", _):
            return Budget
        case ("goals", _, _):
            return Goal
        case ("fields", _, _):
            return Varied
        case ("fields", _, _, *rest) if rest[:-1] and str(rest[0]) in _RANGES:
            return _RANGES[str(rest[0])]
        case ("fields", _, "when", _):
            return When
        case _:
            return Definition
