"""The values of a form as a script wants to be given them, and what is wrong with them before."""

import csv
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.common.errors import Problem
from core.common.text import quoted, suggestion
from core.scripts.parameter import PARAMS_VARIABLE, Parameter, Reading

_NAMED = 20  # parameters in a sentence
_LIKE = {"int": "[1, 2]", "float": "[0.1, 0.2]", "bool": "[true, false]", "str": "[a, b]", "json": "[]"}
_NEGATIVE = re.compile(r"-\d+|-\d*\.\d+")  # what argparse takes for a number, not for an option


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
        told = _wrong(each, value) or _unspeakable(each, value, reading)
        if told:
            problems.append(Problem(f"arguments.{name}", told))
    return problems if problems or not command else _swallowing(reading, command, values)


def _wrong(parameter: Parameter, value: Any) -> str:
    if value is None:
        return "is needed" if parameter.required else ""
    if not parameter.several:
        return _wrong_one(parameter, value)
    if not isinstance(value, list | tuple):
        return f"must be a list, such as {_LIKE[parameter.type]}; received {quoted(value)}"
    if parameter.count is not None and len(value) != parameter.count:
        return f"must have {parameter.count} values; received {len(value)}"
    if parameter.required and not value:
        return "is needed"
    return next(filter(None, (_wrong_one(parameter, each) for each in value)), "")


def _unspeakable(parameter: Parameter, value: Any, reading: Reading) -> str:
    """What no command line can say, in words: to argparse, as it would be taken for an option."""
    if parameter.several == "words" and isinstance(value, list | tuple):
        odd = next((each for each in map(str, value) if each.split() != [each]), None)
        return f"takes words without blanks; received {quoted(odd)}" if odd is not None else ""
    if parameter.several != "spaces" or parameter.variable or not isinstance(value, list | tuple):
        return ""
    texts = [] if value == parameter.default or "click" in reading.ways else given_texts(value, parameter.type)
    if not parameter.flag or (len(texts) < 2 and parameter.count is None):
        return ""
    odd = next((each for each in texts if each.startswith("-") and not _NEGATIVE.fullmatch(each)), "")
    return f"can have a value that begins with a hyphen only alone; received {quoted(odd)} beside others" if odd else ""


def _swallowing(reading: Reading, command: str, values: Mapping[str, Any]) -> list[Problem]:
    """What of several values would take the sub-command for one more."""
    open_ended, _, others = _before_command(reading, values)
    told = f"can have one value only: the script would take {quoted(command)} for one more"
    found = [each for each in open_ended if len(values[each.name]) > 1 and not others]
    problems = [Problem(f"arguments.{each.name}", told) for each in found]
    told = f"must have no value that begins with a hyphen where the script has sub-commands such as {quoted(command)}"
    for each in (each for each in reading.of("") if each.positional and each.several):
        if any(str(one).startswith("-") for one in values.get(each.name) or ()):
            problems.append(Problem(f"arguments.{each.name}", told))
    return problems


def _wrong_one(parameter: Parameter, value: Any) -> str:
    if parameter.type == "json":
        told = f'must be JSON, such as {{"a": 1}}; received {quoted(value)}'
        return "" if isinstance(value, dict | list) and not _has_odd(value) else told
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


def _has_odd(value: Any) -> bool:
    """Whether it is no JSON: it holds dates, as YAML has them, or keys that are no texts."""
    try:
        return bool(json.loads(json.dumps(value)) != value)
    except (TypeError, ValueError, RecursionError):
        return True


def command_line(reading: Reading, command: str, values: Mapping[str, Any]) -> list[str]:
    """The arguments of the script. What equals its default is left out: the script has it from itself."""
    if not command:
        return _arguments(reading.of(""), values)
    open_ended, places, others = _before_command(reading, values)
    marked = ["--"] if any(part.startswith("-") for part in places) else []
    inner = [each for each in reading.of(command) if each.command]
    return [*_options(open_ended, values), *others, *marked, *places, command, *_arguments(inner, values)]


def environment(reading: Reading, command: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Of the parameters that a script reads from its environment, those that differ from their defaults."""
    asked = [each for each in reading.of(command) if each.variable and _is_given(each, values)]
    ours = {each.name: values[each.name] for each in asked if each.variable == PARAMS_VARIABLE}
    others = {each.variable: _as_json_or_text(values[each.name]) for each in asked if each.name not in ours}
    return others | ({PARAMS_VARIABLE: json.dumps(ours)} if ours else {})


def _before_command(reading: Reading, values: Mapping[str, Any]) -> tuple[list[Parameter], list[str], list[str]]:
    """Options that end with the next one only, what stands in places, and other options.

    Places come last, as argparse shares out at once what stands in a row. Where places or the sub-command would be
    taken by an option of several values, one that changes nothing ends that.
    """
    given = [each for each in reading.of("") if not each.variable]
    open_ended = [each for each in given if each.flag and each.several == "spaces" and each.count is None]
    open_ended = [each for each in open_ended if _is_given(each, values)]
    others = _options([each for each in given if each not in open_ended], values)
    if open_ended and not others:
        plain = [each for each in given if each.flag and each.takes_value and not each.several]
        known = {each.name: values.get(each.name, each.default) for each in plain}
        ender = next((each for each in plain if known[each.name] is not None), None)
        others = _option(ender, known) if ender else []
    return open_ended, _places(given, values), others


def _arguments(parameters: Sequence[Parameter], values: Mapping[str, Any]) -> list[str]:
    """Positional ones first: an option of several values would take them for its own."""
    given = [each for each in parameters if not each.variable]
    parts = _places(given, values)
    if any(part.startswith("-") for part in parts):
        return [*_options(given, values), "--", *parts]
    return [*parts, *_options(given, values)]


def _places(given: Sequence[Parameter], values: Mapping[str, Any]) -> list[str]:
    places = [each for each in given if each.positional]
    last = max((place for place, each in enumerate(places) if _is_given(each, values)), default=-1)
    parts: list[str] = []
    for each in places[: last + 1]:  # those before one that is given have to be there, too
        value = values.get(each.name, each.default)
        parts += given_texts(value, each.type) if value is not None else []
    return parts


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
    texts = [parameter.false] if value is False else given_texts(value, parameter.type)
    if parameter.several == "commas":
        row = io.StringIO()  # as absl reads it: what has a comma in it is quoted
        csv.writer(row, lineterminator="").writerow(texts)
        return [f"{parameter.flag}={row.getvalue()}"]
    if parameter.several == "words":
        return [f"{parameter.flag}={' '.join(texts)}"]
    if parameter.several == "spaces":
        if len(texts) == 1 and parameter.count is None:
            return _pair(parameter, texts[0])
        return [parameter.flag, *texts] if texts else []
    return [part for text in texts for part in _pair(parameter, text)]


def _pair(parameter: Parameter, text: str) -> list[str]:
    """In one word what could be taken for an option or for nothing, and what is one of several."""
    flag = parameter.flag
    if not (parameter.joined or parameter.several == "spaces" or text.startswith("-") or not text):
        return [flag, text]
    if flag.startswith("--") or len(flag) > len("-x"):
        return [f"{flag}={text}"]
    return [f"{flag}{text}"] if text else [flag, text]


def given_texts(value: Any, of_type: str) -> list[str]:
    """A value as a script is given it: whole numbers without a point, which those that want such do not take; negative
    ones without an exponent.
    """
    several = isinstance(value, list | tuple) and of_type != "json"
    return [_text(each, of_type) for each in (value if several else [value])]


def _text(value: Any, of_type: str) -> str:
    if of_type == "int" and isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, float) and value < 0 and math.isfinite(value):  # argparse takes -1e-05 for an option
        return format(Decimal(repr(value)), "f")
    return str(value)


def _as_json_or_text(value: Any) -> str:
    return json.dumps(value) if isinstance(value, list | bool | dict) else str(value)
