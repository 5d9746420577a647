"""Parameters that are the fields of a class: dataclasses and pydantic models, however they are filled."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from core.scripts.parameter import Parameter, default_of, json_default
from core.scripts.parameters.value_types import Values, of_annotation, type_of
from core.scripts.source.things import Class, Field, Instance, Member

_DEEPEST = 6  # classes within classes


@dataclass(frozen=True)
class Spelling:
    """How a library makes options of fields."""

    hyphens: bool = False  # "--learning-rate"; else "--learning_rate"
    switches: bool = False  # "--flag" and "--no-flag"; else "--flag True"
    nested: bool = True  # "--optimizer.lr"; else fields of inner classes stand beside the others
    several: str = "spaces"
    off: str = "--no-{}"
    joined: bool = False
    by_member: bool = False  # enumerations by the names of their members; else by their values
    variable: str = ""  # of the environment, that has all of them: then no options are made
    prefix: str = ""  # of variables of the environment, "*" for none: then no options are made


def fields_of(of: Class, spelling: Spelling, given: Any = None, above: str = "", depth: int = 0) -> Iterator[Parameter]:
    """The parameters that the fields of a class are.

    Args:
        given: an instance whose values stand for the defaults.
    """
    values = given.names if isinstance(given, Instance) else {}
    for name, field in of.all_fields().items():
        if name.startswith("_") or _is_class_variable(field) or _is_left_out(field):
            continue
        kind = of_annotation(field.annotation, field.scope)
        value = values.get(name, field.default)
        if kind.nested is not None and kind.nested.all_fields() and depth < _DEEPEST:
            inner = value if isinstance(value, Instance) else None
            path = f"{above}{name}." if spelling.nested else ""
            yield from fields_of(kind.nested, spelling, inner, path, depth + 1)
            continue
        field = replace(field, default=value, has_default=field.has_default or name in values)
        yield _parameter(f"{above}{name}", field, kind, spelling)


def _parameter(name: str, field: Field, kind: Values, spelling: Spelling) -> Parameter:
    options = field.options if isinstance(field.options, dict) else {}
    if spelling.by_member and kind.members:
        kind = replace(kind, choices=kind.members)
        field = replace(field, default=field.default.name) if isinstance(field.default, Member) else field
    told = json_default if kind.type == "json" else default_of
    default = told(field.default) if field.has_default else {}
    shown = name.replace("_", "-") if spelling.hyphens else name
    made = Parameter(name, kind.type, f"--{shown}", choices=kind.choices, **default, joined=spelling.joined)
    made = replace(made, help=" ".join(field.help.split()), required=not field.has_default and not kind.optional)
    made = replace(made, low=_bound(options, "ge", "gt"), high=_bound(options, "le", "lt"))
    alias = options.get("alias")
    if spelling.prefix:
        upper = (alias if isinstance(alias, str) else f"{spelling.prefix.strip('*')}{name}").upper()
        made = replace(made, flag="", variable=upper.replace(".", "__"))
    if spelling.variable:
        made = replace(made, flag="", variable=spelling.variable)
    if kind.several:
        made = replace(made, several=spelling.several, count=kind.count)  # type: ignore[arg-type]
    elif kind.type == "bool" and spelling.switches and not made.variable:
        path, _, leaf = shown.rpartition(".")
        off = spelling.off.format(leaf) if not path else f"--{path}.{spelling.off.format(leaf).removeprefix('--')}"
        made = replace(made, takes_value=False, off=off)
    if kind.type == "str" and not kind.choices and isinstance(field.default, int | float) and not kind.several:
        made = replace(made, type=type_of(field.default)) if not isinstance(field.default, bool) else made
    return made


def _is_class_variable(field: Field) -> bool:
    return "ClassVar" in ast.dump(field.annotation)


def _is_left_out(field: Field) -> bool:
    return isinstance(field.options, dict) and field.options.get("init") is False


def _bound(options: dict[str, Any], *names: str) -> float | None:
    return next((options[name] for name in names if isinstance(options.get(name), int | float)), None)
