"""What kind of values a parameter takes: told by an annotation, by what converts it, or by its default."""

import ast
from dataclasses import dataclass, replace
from typing import Any

from core.scripts.parameter import Several, ValueType
from core.scripts.source.things import Class, Function, Scope, Symbol, Unknown

_LISTS = ("list", "List", "Sequence", "Iterable", "tuple", "Tuple", "set", "Set", "Collection")
_MAPPINGS = ("dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict")
_PLAIN: dict[str, ValueType] = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "str": "str",
    "Path": "str",
    "FilePath": "str",
    "DirectoryPath": "str",
    "PositiveInt": "int",
    "NonNegativeInt": "int",
    "PositiveFloat": "float",
    "NonNegativeFloat": "float",
}


@dataclass(frozen=True)
class Values:
    """Of one parameter. `nested`: a class whose fields are the parameters."""

    type: ValueType = "str"
    choices: tuple[Any, ...] = ()
    several: Several = ""
    count: int | None = None
    optional: bool = False
    nested: Class | None = None
    members: tuple[str, ...] = ()  # the names of an enumeration's, whose values the choices are
    extras: tuple[ast.expr, ...] = ()  # what stands in Annotated behind the type


def of_annotation(node: ast.expr | None, scope: Scope) -> Values:
    """What an annotation says; texts where it says nothing that is known."""
    match node:
        case ast.Constant(value=str(text)):
            try:
                return of_annotation(ast.parse(text, mode="eval").body, scope)
            except (SyntaxError, ValueError):
                return Values()
        case ast.BinOp(op=ast.BitOr()):
            return _union([node.left, node.right], scope)
        case ast.Subscript():
            return _subscripted(node, scope)
        case ast.Name() | ast.Attribute():
            return of_thing(_named(node, scope))
    return Values()


def _named(node: ast.expr, scope: Scope) -> Any:
    if isinstance(node, ast.Name):
        found = scope.find(node.id)
        return Symbol(node.id) if isinstance(found, Unknown) else found
    if isinstance(node, ast.Attribute):
        base = _named(node.value, scope)
        if isinstance(base, Scope):
            return base.names.get(node.attr, Symbol(node.attr))
        return Symbol(f"{base.name}.{node.attr}") if isinstance(base, Symbol) else Symbol(node.attr)
    return Unknown()


def of_thing(thing: Any) -> Values:
    """What converts a value says of it: `int`, a class, a function `str2bool`."""
    if isinstance(thing, Class):
        if thing.is_enum:
            members = thing.members()
            values = [each.value if isinstance(each.value, str) else each.name for each in members]
            return Values(choices=tuple(values), members=tuple(each.name for each in members))
        return Values(nested=thing)
    if isinstance(thing, Symbol) and thing.last in _PLAIN:
        return Values(_PLAIN[thing.last])
    if isinstance(thing, Symbol) and (thing.last in _MAPPINGS or thing.name == "json.loads"):
        return Values("json")
    if isinstance(thing, Symbol) and thing.last in _LISTS:
        return Values(several="spaces")
    name = thing.node.name if isinstance(thing, Function) else thing.last if isinstance(thing, Symbol) else ""
    words = name.lower()
    kinds: tuple[tuple[str, ValueType], ...] = (("bool", "bool"), ("int", "int"), ("float", "float"))
    return Values(next((kind for word, kind in kinds if word in words and "point" not in words), "str"))


def _subscripted(node: ast.Subscript, scope: Scope) -> Values:
    base = _named(node.value, scope)
    outer = base.last if isinstance(base, Symbol) else ""
    inner = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    if outer in ("Optional", "Union"):
        return _union(inner if outer == "Union" else [*inner, ast.Constant(None)], scope)
    if outer == "Annotated":
        found = of_annotation(inner[0], scope)
        return replace(found, extras=tuple(inner[1:]))
    if outer == "Literal":
        values = tuple(each.value for each in inner if isinstance(each, ast.Constant))
        return Values(type_of(values[0]) if values else "str", values)
    if outer in _MAPPINGS:
        return Values("json")
    if outer in _LISTS:
        item = of_annotation(inner[0], scope)
        if item.type == "json" or item.several or item.nested is not None:  # which no line of values can tell
            return Values("json")
        fixed = outer.lower() == "tuple" and not any(isinstance(each, ast.Constant) for each in inner)
        return Values(item.type, item.choices, "spaces", len(inner) if fixed else None)
    return of_annotation(inner[0], scope) if outer in ("Final", "ClassVar", "Required") else Values()


def _union(members: list[ast.expr], scope: Scope) -> Values:
    flat: list[ast.expr] = []
    while members:
        each = members.pop(0)
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.BitOr):
            members = [each.left, each.right, *members]
        else:
            flat.append(each)
    kept = [each for each in flat if not (isinstance(each, ast.Constant) and each.value is None)]
    found = of_annotation(kept[0], scope) if kept else Values()
    if len(kept) > 1:  # the widest that takes all of them
        types = {of_annotation(each, scope).type for each in kept}
        found = Values("float" if types == {"int", "float"} else "str")
    return replace(found, optional=len(kept) < len(flat))


def type_of(value: Any) -> ValueType:
    """Of a default or a choice."""
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind.__name__  # type: ignore[return-value]
    return "str"
