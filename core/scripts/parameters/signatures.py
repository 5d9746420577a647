"""Scripts whose parameters are those of a function: typer, fire, and tyro or jsonargparse given a function."""

import ast
from dataclasses import replace
from typing import Any

from core.scripts.parameter import Found, Parameter, Reading, ValueType, default_of
from core.scripts.parameters.class_fields import Spelling, fields_of
from core.scripts.parameters.value_types import of_annotation, type_of
from core.scripts.source.expressions import Expressions
from core.scripts.source.things import NOTHING_KNOWN, Call, Class, Function

_TYRO = Spelling(hyphens=True, switches=True, by_member=True)
_JSONARGPARSE = Spelling()
_FIRE = Spelling(joined=True)
_GIVEN_BY_TYPER = ("Context", "CallbackParam")


class SignatureReader:
    """A function is handed to a library, or is decorated as one of its commands."""

    def __init__(self) -> None:
        self._found = Found("")
        self._commands: list[tuple[str, Function]] = []  # of typer, by name
        self._expressions = Expressions(lambda call: call, lambda *_: NOTHING_KNOWN)

    def called(self, call: Call) -> Any:
        first = call.args[0] if call.args else None
        if call.name in ("typer.Option", "typer.Argument", "typer.Typer"):
            return call
        if isinstance(call.on, Call) and call.on.name == "typer.Typer" and call.method in ("command", "callback"):
            return Call(f"typer.{call.method}", call.args, call.options)
        if call.name == "typer.run" and isinstance(first, Function):
            self._take_typer("", first)
        elif call.name == "fire.Fire":
            self._take_fire(first)
        elif call.name == "tyro.cli" and isinstance(first, Function):
            self._take("tyro", first, _TYRO)
        elif call.last == "CLI" and call.name.startswith("jsonargparse") and isinstance(first, Function):
            self._take("jsonargparse", first, _JSONARGPARSE)
        elif call.name in ("hydra.main", "sacred.Experiment", "argh.dispatch_command", "plac.call"):
            root = call.name.partition(".")[0]
            self._found.limit(f"The script uses {root}, whose configuration is not read; give it as free arguments.")
        return NOTHING_KNOWN

    def defined(self, thing: Function | Class) -> None:
        if isinstance(thing, Class):
            return
        for each in thing.decorators:
            if isinstance(each, Call) and each.name in ("typer.command", "typer.callback"):
                name = each.get("name", 0)
                own = thing.node.name.replace("_", "-") if each.name == "typer.command" else ""
                self._commands.append((name if isinstance(name, str) else own, thing))

    def _take_fire(self, given: Any) -> None:
        if isinstance(given, Function):
            self._take("fire", given, _FIRE)
        elif isinstance(given, dict):
            for name, each in given.items():
                if isinstance(each, Function):
                    self._found.commands.append(name)
                    self._take("fire", each, _FIRE, name)
        elif given is not None:
            self._found.limit("The commands of fire's class are not read; give them as free arguments.")

    def _take(self, way: str, function: Function, spelling: Spelling, command: str = "") -> None:
        """Every parameter of the function becomes an option."""
        self._begin(way, function)
        for argument in function.arguments:
            kind = of_annotation(argument.annotation, function.scope)
            given = function.defaults.get(argument.arg)
            if kind.nested is not None and kind.nested.all_fields():
                for each in fields_of(kind.nested, spelling, given, f"{argument.arg}."):
                    self._found.add(replace(each, command=command))
                continue
            known = argument.arg in function.defaults
            shown = argument.arg.replace("_", "-") if spelling.hyphens else argument.arg
            made = Parameter(argument.arg, kind.type, f"--{shown}", choices=kind.choices, **default_of(given))
            made = replace(made, required=not known, several=kind.several, count=kind.count, joined=spelling.joined)
            if argument.annotation is None and known:
                made = replace(made, type=type_of(given))
            if way == "fire" and (made.several or isinstance(made.default, list)):
                made = replace(made, several="commas", type=made.type if made.several else _item_type(made.default))
            if made.type == "bool" and spelling.switches:
                made = replace(made, takes_value=False, off=f"--no-{shown}")
            self._found.add(replace(made, command=command))

    def _take_typer(self, command: str, function: Function) -> None:
        self._begin("typer", function)
        for argument in function.arguments:
            kind = of_annotation(argument.annotation, function.scope)
            extras = [self._expressions.evaluate(each, function.scope) for each in kind.extras]
            default = function.defaults.get(argument.arg, NOTHING_KNOWN)
            declared = next((each for each in [*extras, default] if isinstance(each, Call)), None)
            if isinstance(default, Call):
                default = default.get("default", 0, NOTHING_KNOWN)
                default = NOTHING_KNOWN if default is ... else default
            if any(name in ast.dump(argument) for name in _GIVEN_BY_TYPER):
                continue
            made = _of_typer(argument.arg, declared, default)
            made = replace(made, type=kind.type, choices=kind.choices, command=command)
            if kind.several:
                made = replace(made, several="spaces" if made.positional else "repeated", count=kind.count)
            if made.type == "bool" and not made.positional and not kind.several:
                made = replace(made, takes_value=False, off=made.off or f"--no-{made.flag.lstrip('-')}")
            if kind.optional and default is None:
                made = replace(made, required=False)
            self._found.add(made)

    def _begin(self, way: str, function: Function) -> None:
        self._found.way = way
        told = " ".join((ast.get_docstring(function.node) or "").partition("\n\n")[0].split())
        self._found.description = self._found.description or told

    def reading(self) -> Reading | None:
        """typer's commands count once all are known: a single one has no name."""
        several = [name for name, _ in self._commands if name]
        for name, function in self._commands:
            self._take_typer(name if len(several) > 1 else "", function)
        found = self._found
        commands = tuple(dict.fromkeys([*found.commands, *(several if len(several) > 1 else [])]))
        if not found.parameters and not commands and not found.limits:
            return None
        ways = (found.way,) if found.way else ()
        return Reading(ways, tuple(found.parameters), commands, found.description, tuple(found.limits))


def _of_typer(name: str, declared: Call | None, default: Any) -> Parameter:
    has_default = default is not NOTHING_KNOWN
    positional = declared.last == "Argument" if declared else not has_default
    places = declared.args if declared is not None else []
    flags = [each for each in places if isinstance(each, str) and each.startswith("-")]
    long = next((each for each in flags if each.startswith("--")), flags[0] if flags else f"--{name.replace('_', '-')}")
    on, _, off = long.partition("/")
    options = declared.options if declared else {}
    told = options.get("help")
    made = Parameter(name, flag="" if positional else on, off="" if positional else off, required=not has_default)
    made = replace(made, **default_of(default if has_default else None))
    bounds = [options[each] if isinstance(options.get(each), int | float) else None for each in ("min", "max")]
    return replace(made, help=" ".join(told.split()) if isinstance(told, str) else "", low=bounds[0], high=bounds[1])


def _item_type(default: list[Any]) -> ValueType:
    return type_of(default[0]) if default else "str"
