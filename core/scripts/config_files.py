"""A script's own config file as a form: its leaves are parameters, and the script finds a filled copy in its place."""

import copy
import json
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from core.common.errors import ConfigError, Problem
from core.config.files import from_text, to_yaml
from core.scripts.command_line import value_problems
from core.scripts.parameter import Parameter, Reading, ValueType

_ENDINGS = (".yaml", ".yml", ".json")
_PASSED_OVER = {"package.json", "package-lock.json", "tsconfig.json", "pyrightconfig.json", "mkdocs.yml"}
_MOST_BYTES, _MOST_FILES, _MOST_LEAVES = 256 * 1024, 20, 300
_DEEPEST = 3  # folders


def config_files(project: Path) -> list[str]:
    """Files of a project that could be one, by path."""
    found: list[str] = []
    for place, folders, files in os.walk(project):
        depth = len(Path(place).relative_to(project).parts)
        folders[:] = sorted(each for each in folders if each[0] not in "._") if depth < _DEEPEST else []
        for name in sorted(files):
            path = Path(place, name)
            if name.endswith(_ENDINGS) and name[0] != "." and name not in _PASSED_OVER:
                relative = path.relative_to(project).as_posix()
                if path.stat().st_size <= _MOST_BYTES and _is_one(project, relative):
                    found.append(relative)
    return sorted(found, key=lambda each: (each.count("/"), each))[:_MOST_FILES]


def meant_config(project: Path, entry: str, files: Collection[str]) -> str:
    """The one of these files that a script names between quotes in its source; "" of none, and of several."""
    try:
        source = (project / entry).read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # a module, say
        return ""
    quotes = "\"'"
    named = [file for file in files if any(f"{name}{quote}" in source for name in _called(file) for quote in quotes)]
    return named[0] if len(named) == 1 else ""


def _called(file: str) -> Iterator[str]:
    """As a script may name it: at the end of a path, after a quote or a slash."""
    name = file.rpartition("/")[2]
    yield from (f"{before}{name}" for before in "\"'/")


def _is_one(project: Path, file: str) -> bool:
    try:
        return bool(read_config(project, file).parameters)
    except ConfigError:
        return False


def read_config(project: Path, file: str) -> Reading:
    """Its leaves, with what it says as defaults.

    Raises:
        ConfigError: it is not there, too long, or no table of names in YAML or JSON.
    """
    parameters, limits = [], []
    for path, value in _leaves(_loaded(project, file)):
        parameter = _parameter(path, value)
        if parameter is None:
            limits.append(f"{path} of {file} is a list of more than plain values, and stays as it is.")
        else:
            parameters.append(parameter)
    if len(parameters) > _MOST_LEAVES:
        limits.append(f"Of its {len(parameters):,} values the first {_MOST_LEAVES} can be set.")
    return Reading((file,), tuple(parameters[:_MOST_LEAVES]), limits=tuple(limits))


def config_problems(project: Path, file: str, values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with values for it, by field; a file that cannot be read, too."""
    if not file:
        return [Problem("config_file", "name the file that these values are for")] if values else []
    try:
        reading = read_config(project, file)
    except ConfigError as error:
        return [Problem("config_file", problem.message) for problem in error.problems]
    problems = value_problems(reading, "", values)
    return [Problem(f"config.{each.field.removeprefix('arguments.')}", each.message) for each in problems]


def filled(project: Path, file: str, values: Mapping[str, Any]) -> bytes:
    """The file with these values; as it is, with its comments, where they change nothing. Raises ConfigError."""
    known = {each.name: each.default for each in read_config(project, file).parameters}
    changed = {path: value for path, value in values.items() if path in known and value != known[path]}
    if not changed:
        return (project / file).read_bytes()
    content = copy.deepcopy(_loaded(project, file))
    for path, names in _places(content):
        if path in changed:
            *parents, last = names
            node = content
            for each in parents:
                node = node[each]
            node[last] = _as_it_was(node[last], changed[path])
    if file.endswith(".json"):
        return json.dumps(content, indent=2, ensure_ascii=False).encode()
    return to_yaml(content).encode()


def _as_it_was(before: Any, value: Any) -> Any:
    """Whole numbers without a point where the file had them so, and with one where it had not."""
    if isinstance(value, list | tuple):
        first = before[0] if isinstance(before, list) and before else None
        return [_as_it_was(first, each) for each in value]
    if isinstance(before, bool) or isinstance(value, bool):
        return value
    if isinstance(before, int) and isinstance(value, float) and value.is_integer():
        return int(value)
    return float(value) if isinstance(before, float) and isinstance(value, int) else value


def _loaded(project: Path, file: str) -> dict[Any, Any]:
    path = project / file
    inside = path.resolve().is_relative_to(project.resolve())
    try:
        if not inside or not path.is_file():
            raise ConfigError([Problem(file, f"there is no file {file} in the project")])
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigError([Problem(file, f"{file} is longer than {_MOST_BYTES // 1024} KB")])
        return from_text(path.read_bytes())
    except OSError as error:
        raise ConfigError([Problem(file, f"{file} cannot be read: {error.strerror}")]) from error


def _leaves(content: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for path, names in _places(content):
        node: Any = content
        for each in names:
            node = node[each]
        yield path, node


def _places(content: Mapping[Any, Any], above: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Of every leaf: its path with dots, and the keys that lead to it."""
    for key, value in content.items():
        names = (*above, key)
        if isinstance(value, dict) and value:
            yield from _places(value, names)
        elif not isinstance(value, dict):
            yield ".".join(map(str, names)), names


def _parameter(path: str, value: Any) -> Parameter | None:
    group = path.rpartition(".")[0]
    if isinstance(value, list):
        kinds = {_type(each) for each in value}
        if not all(isinstance(each, str | int | float | bool) for each in value) or len(kinds) > 1:
            return None
        return Parameter(path, kinds.pop() if kinds else "str", path, default=value, several="spaces", group=group)
    plain = value if value is None or isinstance(value, str | int | float | bool) else str(value)
    return Parameter(path, _type(plain), path, default=plain, group=group)


def _type(value: Any) -> ValueType:
    """A whole number says nothing of what else would do: `lr: 1` may become 0.5."""
    if isinstance(value, bool):
        return "bool"
    return "float" if isinstance(value, int | float) else "str"
