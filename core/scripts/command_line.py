"""The values of a form as a script wants to be given them, and what is wrong with them before."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from core.common.errors import Problem
from core.common.text import quoted, suggestion
from core.scripts.parameter import Parameter, Reading

_NAMED = 20  # parameters in a sentence


def defaults(reading: Reading, command: str = "") -> dict[str, Any]:
    """Every parameter's own default; None where the script has none, or only running would tell it."""
    return {each.name: each.default for each in reading.of(command)}


def value_problems(reading: Reading, command: str, values: Mapping[str, Any]) -> list[Problem]:
    """Everything for which the script would refuse its arguments, by field."""
    if reading.commands and command not in reading.commands:
        received = f"; received {quoted(command)}{suggestion(command, reading.commands)}" if command else ""
        return [Problem("command", f"must be one of {', '.join(reading.commands)}{received}")]
    known = {each.name: each for each in reading.of(command)}
    taken = ", ".join([*known][:_NAMED]) + (", …" if len(known) > _NAMED else "") if known else "none that were found"
    problems = [
        Problem(f"arguments.{name}", f"is no parameter of the script{suggestion(name, known)}; it takes {taken}")
        for name in values
        if name not in known
    ]
    for name, each in known.items():
        value = values.get(name, each.default)
        told = _wrong(each, value)
        if told:
            problems.append(Problem(f"arguments.{name}", told))
    return problems


def _wrong(parameter: Parameter, value: Any) -> str:
    if value is None:
        return "is needed" if parameter.required else ""
    if not parameter.several:
        return _wrong_one(parameter, value)
    if not isinstance(value, list | tuple):
        return f"must be a list; received {quoted(value)}"
    if parameter.count is not None and len(value) != parameter.count:
        return f"must have {parameter.count} values; received {len(value)}"
    if parameter.required and not value:
        return "is needed"
    return next(filter(None, (_wrong_one(parameter, each) for each in value)), "")


def _wrong_one(parameter: Parameter, value: Any) -> str:
    if parameter.choices:
        # A default that is none of its own choices is the script's own business.
        if value in parameter.choices or value == parameter.default:
            return ""
        return f"must be one of {', '.join(map(str, parameter.choices))}; received {quoted(value)}"
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if parameter.type == "bool" and not isinstance(value, bool):
        return f"must be true or false; received {quoted(value)}"
    if parameter.type == "int" and not (number and (isinstance(value, int) or value.is_integer())):
        return f"must be a whole number; received {quoted(value)}"
    if parameter.type == "float" and not (number and not math.isnan(value)):
        return f"must be a number; received {quoted(value)}"
    if parameter.low is not None and number and value < parameter.low:
        return f"must be at least {parameter.low:g}; received {value:g}"
    if parameter.high is not None and number and value > parameter.high:
        return f"must be at most {parameter.high:g}; received {value:g}"
    if isinstance(value, str) and "\0" in value:
        return "must not contain the character NUL"
    return "" if isinstance(value, str | int | float | bool) else f"must be a plain value; received {quoted(value)}"


def command_line(reading: Reading, command: str, values: Mapping[str, Any]) -> list[str]:
    """The arguments of the script. What equals its default is left out: the script has it from itself."""
    own = [each for each in reading.of(command) if not each.command]
    inner = [each for each in reading.of(command) if each.command]
    parts = _arguments(own, values)
    return [*parts, command, *_arguments(inner, values)] if command else parts


def environment(reading: Reading, command: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Of the parameters that a script reads from its environment, those that differ from their defaults."""
    asked = [each for each in reading.of(command) if each.variable and _is_given(each, values)]
    return {each.variable: _as_json_or_text(values[each.name]) for each in asked}


def _arguments(parameters: Sequence[Parameter], values: Mapping[str, Any]) -> list[str]:
    """Positional ones first: an option of several values would take them for its own."""
    given = [each for each in parameters if not each.variable]
    places = [each for each in given if each.positional]
    last = max((place for place, each in enumerate(places) if _is_given(each, values)), default=-1)
    parts: list[str] = []
    for each in places[: last + 1]:  # those before one that is given have to be there, too
        value = values.get(each.name, each.default)
        parts += _texts(value, each.type) if value is not None else []
    if any(part.startswith("-") for part in parts):
        return [*_options(given, values), "--", *parts]
    return [*parts, *_options(given, values)]


def _options(given: Sequence[Parameter], values: Mapping[str, Any]) -> list[str]:
    return [part for each in given if not each.positional and _is_given(each, values) for part in _option(each, values)]


def _is_given(parameter: Parameter, values: Mapping[str, Any]) -> bool:
    value = values.get(parameter.name)
    if value is None:
        return False
    if parameter.required:
        return True
    default = parameter.default
    same = value == default and isinstance(value, bool) == isinstance(default, bool)
    return not (same and not parameter.default_text)


def _option(parameter: Parameter, values: Mapping[str, Any]) -> list[str]:
    value = values[parameter.name]
    if not parameter.takes_value:
        if parameter.type == "bool":
            flag = parameter.flag if value else parameter.off
            return [flag] if flag else []
        return [parameter.flag] * int(value)
    texts = [parameter.false] if value is False else _texts(value, parameter.type)
    if parameter.several == "commas":
        return [f"{parameter.flag}={','.join(texts)}"]
    if parameter.several == "spaces":
        return [parameter.flag, *texts] if texts else []
    return [part for text in texts for part in _pair(parameter, text)]


def _pair(parameter: Parameter, text: str) -> list[str]:
    joined = parameter.joined or text.startswith("-") or not text
    return [f"{parameter.flag}={text}"] if joined and parameter.flag.startswith("--") else [parameter.flag, text]


def _texts(value: Any, of_type: str) -> list[str]:
    """Whole numbers without a point, which scripts that want such do not take."""
    several = value if isinstance(value, list | tuple) else [value]
    is_whole = of_type == "int"
    return [str(int(each) if is_whole and isinstance(each, float) and each.is_integer() else each) for each in several]


def _as_json_or_text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, list | bool) else str(value)
