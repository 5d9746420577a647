"""The one reader of what people write as JSON or YAML: config files, lists in the form, `--set`.

Strict, where YAML lets two readers understand two things, or one line stand for gigabytes: a key given twice, octal
numbers and numbers in sixties, tags, aliases and merge keys are refused. The work is bounded by the text's length:
it is read event by event, without recursion, and abandoned at the first thing that is nested too deep.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from core.common.errors import ConfigError, Problem
from core.common.plain_values import AmbiguousError, plain_value, whole_number
from core.common.text import quoted, shortened

MAX_CHARACTERS = 300_000  # a list of 500 layers takes a third of it
MAX_DEPTH = 50
_PLAIN = (None, "")  # style of a word without quotes
_MOST_PROBLEMS = 20  # that are told at once

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C is ten times as fast
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # what no database and no file in UTF-8 keeps


def read(text: str) -> Any:
    """Plain data: mappings with text as keys, lists, texts, numbers, booleans, None.

    Raises:
        ConfigError: neither JSON nor YAML, ambiguous, nested too deep or too long. Fields are the places within.
    """
    if len(text) > MAX_CHARACTERS:
        raise _refused(f"it has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read")
    try:
        value = json.loads(text, object_pairs_hook=_without_twins, parse_int=whole_number)
    except (_TwinError, json.JSONDecodeError):  # YAML, which most of JSON is too, and whose reader knows lines
        value = _read_yaml(text)
    except AmbiguousError as error:
        raise _refused(f"it holds {error}") from error
    except RecursionError as error:
        raise _refused(_TOO_DEEP) from error
    _check(value)
    return value


def write(value: Any, *, in_one_line: bool = False) -> str:
    """YAML that `read` reads as the same value."""
    style: dict[str, Any] = {"default_flow_style": True, "width": math.inf} if in_one_line else {}
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, **style)
    return text


class _Dumper(yaml.SafeDumper):
    """Quotes every text that would be read as something else."""

    def text(self, value: str) -> yaml.Node:
        try:
            style = None if plain_value(value) == value else "'"
        except AmbiguousError:
            style = "'"
        if not value.replace("\n", "").isprintable():  # such as a next-line sign, which folding makes a blank of
            style = '"'
        return self.represent_scalar("tag:yaml.org,2002:str", value, style)


_Dumper.add_representer(str, _Dumper.text)

_TOO_DEEP = f"it nests values more than {MAX_DEPTH} deep"


class _TwinError(Exception):
    pass


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwinError
    return found


def _read_yaml(text: str) -> Any:
    problems: list[Problem] = []
    try:
        value = _built(yaml.parse(text, Loader=_Loader), problems)
    except yaml.YAMLError as error:
        raise _refused(
            f"it is neither JSON nor YAML{_where(error, text)}; quote texts that have special characters"
        ) from error
    except UnicodeError as error:
        raise _refused(_NOT_TEXT) from error
    if problems:
        raise ConfigError(problems)
    return value


def _where(error: yaml.YAMLError, text: str) -> str:
    mark, lines = getattr(error, "problem_mark", None), text.rstrip("\n").count("\n") + 1
    if mark is None:
        return ""
    if mark.line >= lines:  # what is missing at the end is told past it
        return f" at the end of line {lines}"
    return f" at line {mark.line + 1}, column {mark.column + 1}"


_NOT_TEXT = "it is not text in UTF-8, or holds characters that no file of text has"


@dataclass
class _Open:
    """A mapping or list that has not ended."""

    path: str
    value: Any
    lines: dict[str, int] = field(default_factory=dict)  # of a mapping's keys
    key: str | None = None  # that waits for its value
    is_root: bool = False  # the list of documents

    def place(self) -> str:
        """Of what comes next."""
        if self.is_root:
            return ""
        name = shortened(self.key or "") if isinstance(self.value, dict) else f"item {len(self.value) + 1}"
        return shortened(f"{self.path}.{name}" if self.path else name)

    def add(self, value: Any) -> None:
        if isinstance(self.value, list):
            self.value.append(value)
        elif self.key is not None:
            self.value.setdefault(self.key, value)
            self.key = None


def _built(events: Iterator[yaml.Event], problems: list[Problem]) -> Any:
    """The value of the only document; what is wrong with it goes to `problems`. Raises YAMLError, ConfigError."""
    root = _Open("", [], is_root=True)
    around = [root]
    for event in events:
        if len(problems) >= _MOST_PROBLEMS:
            break
        here = around[-1]
        waits = isinstance(here.value, dict) and here.key is None  # for a key
        match event:
            case yaml.AliasEvent():
                raise _refused(f"it has an alias {_at(event)}; write out what it stands for")
            case yaml.DocumentStartEvent() if root.value:
                raise _refused(f"a second document begins {_at(event)}; one is read")
            case yaml.ScalarEvent() if waits:
                here.key = _key(event, here, problems)
            case yaml.CollectionStartEvent() if waits:
                raise _refused(f"the key {_at(event)} is no text; keys are names")
            case yaml.ScalarEvent():
                here.add(_scalar(event, here.place(), problems))
            case yaml.CollectionStartEvent():
                _refuse_tag(event, here.place(), problems)
                if len(around) > MAX_DEPTH:
                    raise _refused(_TOO_DEEP)
                around.append(_Open(here.place(), _empty(event)))
            case yaml.CollectionEndEvent():
                around.pop()
                around[-1].add(here.value)
    return root.value[0] if root.value else None


def _empty(event: yaml.Event) -> Any:
    return {} if isinstance(event, yaml.MappingStartEvent) else []


def _key(event: Any, here: _Open, problems: list[Problem]) -> str:
    name = str(event.value)
    here.key = name
    place, line = here.place(), event.start_mark.line + 1
    _refuse_tag(event, place, problems)
    if name == "<<" and event.style in _PLAIN:
        problems.append(Problem(here.path, f"a merge key stands {_at(event)}; write out what it stands for"))
    if name in here.lines:
        both = f"at lines {here.lines[name]} and {line}" if line != here.lines[name] else f"in line {line}"
        problems.append(Problem(place, f"is given twice, {both}; keep one of them"))
    here.lines.setdefault(name, line)
    return name


def _scalar(event: Any, place: str, problems: list[Problem]) -> Any:
    _refuse_tag(event, place, problems)
    if event.style not in _PLAIN:  # quoted, or a block of text
        return event.value
    try:
        return plain_value(event.value)
    except AmbiguousError as error:
        problems.append(Problem(place, f"{quoted(event.value)} {_at(event)}: {error}"))
    return None


def _refuse_tag(event: Any, place: str, problems: list[Problem]) -> None:
    if event.tag is not None:
        tag = event.tag.replace("tag:yaml.org,2002:", "!!")
        problems.append(Problem(place, f"the tag {quoted(tag)} {_at(event)} is not accepted; write the value alone"))


def _check(value: Any) -> None:
    """Raises ConfigError for what JSON let through: too deep, or what cannot be stored."""
    left = [(value, 0)]
    while left:
        each, depth = left.pop()
        inner: Iterable[Any] = ()
        if isinstance(each, dict):
            inner = [*each, *each.values()]
        elif isinstance(each, list):
            inner = each
        elif isinstance(each, str) and _UNSTORABLE.search(each):
            raise _refused(_NOT_TEXT)
        if inner and depth >= MAX_DEPTH:
            raise _refused(_TOO_DEEP)
        left += ((item, depth + 1) for item in inner)


def _at(event: Any) -> str:
    return f"at line {event.start_mark.line + 1}"


def _refused(message: str) -> ConfigError:
    return ConfigError([Problem("", message)])
