"""Scripts whose commands are functions with click's decorators."""

import ast
from dataclasses import replace
from typing import Any

from core.scripts.parameter import Found, Parameter, Reading, default_of
from core.scripts.parameters.value_types import Values, of_thing, type_of
from core.scripts.source.operations import items
from core.scripts.source.things import NOTHING_KNOWN, Call, Class, Function, Symbol, is_known

_OPTIONS = ("click.option", "click.argument")
_COMMANDS = ("click.command", "click.group")


class ClickReader:
    """`@click.command()` with `@click.option("--lr", …)`, and groups of commands."""

    def __init__(self) -> None:
        self._found = Found("click")
        self._groups: set[str] = set()

    def called(self, call: Call) -> Any:
        name = call.name.replace("rich_click.", "click.").replace("asyncclick.", "click.")
        if name in (*_OPTIONS, *_COMMANDS) or (
            name.startswith("click.") and call.last.endswith(("Choice", "Range", "Path", "File"))
        ):
            call.name = name
            return call
        if isinstance(call.on, Function) and call.method in ("command", "group"):
            return Call(f"click.{call.method}", call.args, call.options, call.on)
        return NOTHING_KNOWN

    def defined(self, thing: Function | Class) -> None:
        if isinstance(thing, Class):
            return
        given_calls = [each for each in (*thing.decorators, *thing.applied) if isinstance(each, Call)]
        options = [each for each in given_calls if each.name in _OPTIONS]
        commands = [each for each in given_calls if each.name in _COMMANDS]
        bare = [each for each in thing.decorators if isinstance(each, Symbol) and each.name in _COMMANDS]
        if not commands and not bare:
            return
        command = ""
        given = commands[0] if commands else None
        if given is not None and isinstance(given.on, Function):
            name = given.get("name", 0)
            command = name if isinstance(name, str) else thing.node.name.replace("_", "-").removesuffix("-command")
            if given.on.node.name in self._groups:
                self._found.commands.append(command)
            if given.name == "click.group":
                self._found.limit(f"The commands within {command} are not read; give them as free arguments.")
        if (given.name if given else bare[0].name) == "click.group" and not command:
            self._groups.add(thing.node.name)
        self._found.description = self._found.description or _first_paragraph(thing)
        for each in options:
            self._add(each, command)

    def _add(self, call: Call, command: str) -> None:
        names = [each for each in call.args if isinstance(each, str)]
        if not names or call.options.get("expose_value") is False:
            return
        made = _argument(names, call) if call.name == "click.argument" else _option(names, call)
        told = call.options.get("help")
        told = " ".join(told.split()) if isinstance(told, str) else ""
        self._found.add(replace(made, command=command, help=told))

    def reading(self) -> Reading | None:
        found = self._found
        if not found.parameters and not found.commands:
            return None
        commands = tuple(dict.fromkeys(found.commands))
        return Reading(("click",), tuple(found.parameters), commands, found.description, tuple(found.limits))


def _option(names: list[str], call: Call) -> Parameter:
    flags = [each for each in names if each.startswith("-")]
    spelt = max(flags, key=lambda each: (each.startswith("--"), each == flags[0]), default="")
    on, _, off = spelt.partition("/")
    on, off = on.strip(), off.strip()
    bare = [each for each in names if not each.startswith("-")]
    name = bare[0] if bare else on.lstrip("-").replace("-", "_").lower()
    default = call.options.get("default")
    required = call.options.get("required") is True
    aliases = tuple(each.partition("/")[0].strip() for each in flags if each != spelt)
    made = Parameter(name, flag=on, aliases=aliases, **default_of(default), required=required)
    if off or call.options.get("is_flag") is True or (isinstance(default, bool) and "type" not in call.options):
        return replace(made, type="bool", takes_value=False, off=off, default=made.default is True)
    if call.options.get("count") is True:
        return replace(made, type="int", takes_value=False, default=made.default or 0, low=0)
    made = _typed(made, call)
    if call.options.get("multiple") is True:
        made = replace(made, several="repeated")
    return _several(made, call.options.get("nargs"))


def _argument(names: list[str], call: Call) -> Parameter:
    default = call.options.get("default")
    made = _typed(Parameter(names[0].lower(), **default_of(default)), call)
    nargs = call.options.get("nargs")
    required = call.options.get("required", default is None and nargs != -1) is True
    return _several(replace(made, required=required), nargs)


def _several(made: Parameter, nargs: Any) -> Parameter:
    if isinstance(nargs, int) and nargs != 1:
        return replace(made, several="spaces", count=nargs if nargs > 1 else None)
    return made


def _typed(made: Parameter, call: Call) -> Parameter:
    given = call.options.get("type")
    if isinstance(given, Call):
        if given.last == "Choice":
            several = items(given.get("choices", 0))
            choices = tuple(each for each in several if is_known(each)) if isinstance(several, list) else ()
            return replace(made, choices=choices)
        if given.last.endswith("Range"):
            low, high = given.get("min", 0), given.get("max", 1)
            kept = [each if isinstance(each, int | float) else None for each in (low, high)]
            return replace(made, type="int" if given.last == "IntRange" else "float", low=kept[0], high=kept[1])
        return made
    if isinstance(given, Symbol) and given.name.startswith("click."):
        return replace(made, type=of_thing(Symbol(given.last.lower())).type)
    if given is None:
        sample = made.default[0] if isinstance(made.default, list) and made.default else made.default
        values = Values(type_of(sample))
    else:
        values = of_thing(given)
    return replace(made, type=values.type, choices=values.choices)


def _first_paragraph(thing: Function) -> str:
    return " ".join((ast.get_docstring(thing.node) or "").partition("\n\n")[0].split())
