"""Scripts that use absl's flags, also by TensorFlow's old names for them."""

from dataclasses import replace
from typing import Any

from core.scripts.parameter import Found, Parameter, Reading, Several, ValueType, default_of
from core.scripts.source.operations import items
from core.scripts.source.things import NOTHING_KNOWN, Call, Class, Function, Member, Symbol

_TYPES: dict[str, ValueType] = {
    "float": "float",
    "integer": "int",
    "bool": "bool",
    "boolean": "bool",
    "string": "str",
    "enum": "str",
    "enum_class": "str",
    "list": "str",
    "spaceseplist": "str",
}
_BEGIN = "DEFINE_"


class AbslReader:
    """`flags.DEFINE_float("lr", 0.1, "…")` and its siblings."""

    def __init__(self) -> None:
        self._found = Found("absl")

    def defined(self, thing: Function | Class) -> None:
        """Nothing of absl's is declared by definitions."""

    def called(self, call: Call) -> Any:
        if "flags" not in call.name:
            return NOTHING_KNOWN
        if call.last.startswith(_BEGIN):
            self._define(call)
            return Symbol("absl.flags.FlagHolder")
        if call.last in ("mark_flag_as_required", "mark_flags_as_required"):
            names = call.args[0] if call.args else ()
            wanted = [names] if isinstance(names, str) else items(names)
            for each in self._found.parameters if isinstance(wanted, list) else ():
                if each.name in wanted:
                    self._found.add(replace(each, required=True))
            return None
        return NOTHING_KNOWN

    def _define(self, call: Call) -> None:
        kind = call.last.removeprefix(_BEGIN)
        multi = kind.startswith("multi_")
        kind = kind.removeprefix("multi_")
        name = call.get("name", 0)
        if kind not in _TYPES or not isinstance(name, str):
            if kind != "alias":
                self._found.limit(
                    f"{call.last} of {name if isinstance(name, str) else 'a flag'} is not read; give it freely."
                )
            return
        default = call.get("default", 1)
        if isinstance(default, Member) and kind == "enum_class":
            default = default.name.lower()
        help_place = 3 if kind in ("enum", "enum_class") else 2
        told = call.get("help", help_place)
        made = Parameter(
            name,
            _TYPES[kind],
            f"--{name}",
            **default_of(default),
            help=" ".join(told.split()) if isinstance(told, str) else "",
            required=call.options.get("required") is True,
            joined=True,
        )
        made = replace(made, low=_number(call, "lower_bound"), high=_number(call, "upper_bound"))
        if kind in ("bool", "boolean"):
            made = replace(made, takes_value=False, off=f"--no{name}")
        if kind in ("enum", "enum_class"):
            made = replace(made, choices=_choices(call.get("enum_values" if kind == "enum" else "enum_class", 2)))
        if kind in ("list", "spaceseplist") or multi:
            several: Several = "repeated" if multi else "words" if kind == "spaceseplist" else "commas"
            made = replace(made, several=several, default=_listed(made.default, several))
        self._found.add(made)

    def reading(self) -> Reading | None:
        found = self._found
        if not found.parameters:
            return None
        return Reading(("absl",), tuple(found.parameters), limits=tuple(found.limits))


def _choices(given: Any) -> tuple[Any, ...]:
    if isinstance(given, Class):
        return tuple(each.name.lower() for each in given.members())  # absl takes them by their names
    several = items(given)
    plain = [each.value if isinstance(each, Member) else each for each in several] if isinstance(several, list) else []
    return tuple(each for each in plain if isinstance(each, str))


def _number(call: Call, name: str) -> float | None:
    value = call.options.get(name)
    return value if isinstance(value, int | float) else None


def _listed(default: Any, several: Several) -> Any:
    if isinstance(default, str) and several == "words":
        return default.split()
    if isinstance(default, str):
        return [part.strip() for part in default.split(",") if part.strip()]
    return default if default is None or isinstance(default, list) else [default]
