"""Scripts that use argparse, or what behaves like it."""

from dataclasses import dataclass, field, replace
from typing import Any

from core.scripts.parameter import Found, Parameter, Reading, default_of, json_default
from core.scripts.parameters.value_types import of_thing, type_of
from core.scripts.source.operations import items
from core.scripts.source.things import NOTHING_KNOWN, Call, Class, Function, Member, Symbol, Unknown, is_known

_PARSERS = ("ArgumentParser", "ArgParser", "Tap", "HfArgumentParser", "TrlParser")
_SWITCHES = ("store_true", "store_false", "store_const", "append_const")


@dataclass(eq=False)
class _Parser:
    found: Found = field(default_factory=lambda: Found("argparse"))
    command: str = ""
    depth: int = 0
    asked: bool = False  # its arguments are read
    defaults: dict[str, Any] = field(default_factory=dict)  # for arguments to come, too


@dataclass(eq=False)
class _Group:
    parser: _Parser
    title: str = ""


@dataclass(eq=False)
class _Commands:
    parser: _Parser


class ArgparseReader:
    """Follows parsers, their groups and sub-parsers, wherever they are handed to."""

    def __init__(self) -> None:
        self._parsers: list[_Parser] = []
        self._loose = _Parser()  # for calls on what could not be followed

    def defined(self, thing: Function | Class) -> None:
        """Nothing of argparse's is declared by definitions."""

    def called(self, call: Call) -> Any:
        if call.name and call.last in _PARSERS:
            return self._made(call)
        match call.on:
            case _Parser() | _Group():
                return self._of_parser(call)
            case _Commands() if call.method == "add_parser":
                return self._command(call.on, call)
            case Unknown() if call.method == "add_argument" and self._looks_right(call):
                self._argument(self._loose, "", call)
                return None
        if call.name == "argparse.BooleanOptionalAction":
            return Symbol(call.name)
        return NOTHING_KNOWN

    def _looks_right(self, call: Call) -> bool:
        return bool(call.args) and isinstance(call.args[0], str)

    def _made(self, call: Call) -> _Parser:
        parser = _Parser()
        told = call.get("description", 2 if call.last == "ArgumentParser" else None)
        parser.found.description = told if isinstance(told, str) else ""
        for parent in items(call.get("parents", None, [])) or []:
            if isinstance(parent, _Parser):
                parser.found.parameters += parent.found.parameters
                self._parsers = [each for each in self._parsers if each is not parent]
        self._parsers.append(parser)
        return parser

    def _of_parser(self, call: Call) -> Any:
        parser = call.on if isinstance(call.on, _Parser) else call.on.parser
        group = call.on.title if isinstance(call.on, _Group) else ""
        match call.method:
            case "add_argument":
                self._argument(parser, group, call)
                return None
            case "add_argument_group":
                title = call.get("title", 0, "")
                return _Group(parser, title if isinstance(title, str) else "")
            case "add_mutually_exclusive_group":
                parser.found.limit("Some of its options exclude each other; which, only the script checks.")
                return _Group(parser, group)
            case "add_subparsers":
                return _Commands(parser)
            case "set_defaults":
                parser.found.set_defaults(call.options)
                parser.defaults |= call.options
                return None
            case "parse_args" | "parse_known_args" | "parse_intermixed_args":
                parser.asked = True
        return NOTHING_KNOWN

    def _command(self, commands: _Commands, call: Call) -> _Parser:
        name = call.get("name", 0)
        above = commands.parser
        if above.depth:
            above.found.limit(f"The sub-commands of {above.command} are not read; give them as free arguments.")
            return _Parser(depth=2)
        if isinstance(name, str):
            above.found.commands.append(name)
        return _Parser(above.found, name if isinstance(name, str) else "", depth=1)

    def _argument(self, parser: _Parser, group: str, call: Call) -> None:
        flags = [each for each in call.args if isinstance(each, str) and each]
        if len(flags) < len(call.args) or not flags:
            parser.found.limit("An argument whose name only running would tell was left out; give it freely.")
            if not flags:
                return
        action = call.options.get("action", "store")
        action = action.last if isinstance(action, Symbol) else action
        if action in ("help", "version"):
            return
        made = _named(flags, call.options.get("dest"))
        options = {"default": parser.defaults[made.name]} if made.name in parser.defaults else {}
        options |= call.options
        told = options.get("help")
        made = replace(made, group=group, command=parser.command, help=told if isinstance(told, str) else "")
        made = replace(made, required=call.options.get("required") is True)
        made = _with_values(made, options, action, parser.found)
        parser.found.add(made)

    def reading(self) -> Reading | None:
        """Of all parsers whose arguments are read; of all that there are where that is not seen."""
        asked = [each for each in self._parsers if each.asked] or self._parsers
        whole = Found("argparse")
        for parser in [*asked, self._loose]:
            for each in parser.found.parameters:
                whole.add(replace(each, help=_filled(each)))
            whole.commands += parser.found.commands
            whole.limits += [each for each in parser.found.limits if each not in whole.limits]
            whole.description = whole.description or parser.found.description
        if not whole.parameters and not whole.commands:
            return None
        commands = tuple(dict.fromkeys(whole.commands))
        return Reading(("argparse",), tuple(whole.parameters), commands, whole.description, tuple(whole.limits))


def _named(flags: list[str], dest: Any) -> Parameter:
    options = [each for each in flags if each.startswith("-")]
    long = next((each for each in options if each.startswith("--")), options[0] if options else "")
    own = (long or flags[0]).lstrip("-").replace("-", "_") if options else flags[0]
    aliases = tuple(each for each in options if each != long)
    return Parameter(dest if isinstance(dest, str) else own, flag=long, aliases=aliases)


def _with_values(made: Parameter, options: dict[str, Any], action: Any, found: Found) -> Parameter:
    default = default_of(None if _is_suppress(options.get("default")) else options.get("default"))
    if action in _SWITCHES:
        off = action == "store_false"
        value = default["default"] if isinstance(default["default"], bool) else off
        made = replace(made, flag="", off=made.flag) if off else made
        return replace(made, type="bool", takes_value=False, default=value, required=False)
    if action == "BooleanOptionalAction":
        off_flag = f"--no-{made.flag.lstrip('-')}"
        return replace(made, type="bool", takes_value=False, off=off_flag, **default)
    if action == "count":
        return replace(made, type="int", takes_value=False, default=default["default"] or 0, low=0)
    values = of_thing(options["type"]) if "type" in options else of_thing(None)
    if values.type == "json":
        default = json_default(options.get("default"))
    if options.get("type") == Symbol("bool"):
        made = replace(made, false="")  # bool("False") is true
    choices = items(options.get("choices")) if "choices" in options else None
    if isinstance(choices, list):
        plain = [each.value if isinstance(each, Member) else each for each in choices]
        known = tuple(each for each in plain if is_known(each) and not isinstance(each, list | dict))
        made = replace(made, choices=known)
    elif "choices" in options:
        found.limit(f"The choices of {made.flag or made.name} are only known to the script.")
    kind = values.type if "type" in options or not made.choices else type_of(made.choices[0])
    return _counted(replace(made, type=kind, choices=made.choices or values.choices, **default), options, action)


def _counted(made: Parameter, options: dict[str, Any], action: Any) -> Parameter:
    nargs = options.get("nargs")
    nargs = {"argparse.REMAINDER": "*", "argparse.ZERO_OR_MORE": "*", "argparse.ONE_OR_MORE": "+"}.get(
        nargs.name if isinstance(nargs, Symbol) else "", nargs
    )
    if action in ("append", "extend"):
        made = replace(made, several="repeated" if action == "append" else "spaces")
    if nargs in ("*", "+") or isinstance(nargs, int):
        made = replace(made, several="spaces", count=nargs if isinstance(nargs, int) else None)
    if made.positional:
        required = nargs not in ("?", "*") and made.default is None and not made.default_text
        made = replace(made, required=required)
    if made.several and made.default is not None and not isinstance(made.default, list):
        made = replace(made, default=[made.default])
    return made


def _is_suppress(value: Any) -> bool:
    return isinstance(value, Symbol) and value.last == "SUPPRESS"


def _filled(made: Parameter) -> str:
    """The help as argparse writes it, once all defaults are set."""
    words = {"default": made.default_text or made.default, "type": made.type, "dest": made.name, "prog": "the script"}
    text = made.help
    for name, value in words.items():
        text = (
            text.replace(f"%({name})s", str(value))
            .replace(f"%({name})r", repr(value))
            .replace(f"%({name})d", str(value))
        )
    return " ".join(text.replace("%%", "%").split())
