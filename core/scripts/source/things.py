"""What names of a program stand for, as far as its source tells."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Unknown:
    """A value that only running would tell; `text` is its source, shortened."""

    text: str = ""


NOTHING_KNOWN = Unknown()


@dataclass(frozen=True)
class Symbol:
    """Something of a library, or a builtin, by its full name: "argparse.ArgumentParser", "int"."""

    name: str

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass
class Scope:
    """Names of a module, class or call; those that it does not have are the parent's."""

    parent: "Scope | None" = None
    names: dict[str, Any] = field(default_factory=dict)
    folder: str = ""  # of the module, for relative imports: "package.sub"

    def find(self, name: str) -> Any:
        """None where it is not known; a known None is `Symbol("None")`, which does not occur."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return NOTHING_KNOWN


@dataclass(eq=False)
class Function:
    node: ast.FunctionDef | ast.AsyncFunctionDef
    scope: Scope
    decorators: list[Any] = field(default_factory=list)  # evaluated
    applied: list[Any] = field(default_factory=list)  # what calls within decorators of the project gave
    defaults: dict[str, Any] = field(default_factory=dict)  # evaluated where it is defined
    owner: "Class | None" = None

    @property
    def arguments(self) -> list[ast.arg]:
        """Those that have names, without `self` of a method."""
        given = self.node.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        return named[1:] if self.owner and named and named[0].arg in ("self", "cls") else named


@dataclass(frozen=True)
class Field:
    """An annotated field of a class: what `dataclasses.fields` gives, as far as the source tells."""

    name: str
    annotation: ast.expr
    scope: Scope
    default: Any = None
    has_default: bool = False
    help: str = ""
    options: Any = None  # keyword arguments of pydantic's Field or of a dataclass's field


@dataclass(eq=False)
class Class:
    node: ast.ClassDef
    scope: Scope  # its own names
    bases: list[Any] = field(default_factory=list)
    decorators: list[Any] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)  # its own

    def lineage(self) -> Iterator["Class"]:
        """Itself and those of its bases whose source is known, the nearest first."""
        yield self
        for base in self.bases:
            if isinstance(base, Class):
                yield from base.lineage()

    def is_a(self, *names: str) -> bool:
        """Whether it derives from a library's class whose name ends so."""
        return any(isinstance(base, Symbol) and base.last in names for each in self.lineage() for base in each.bases)

    def find(self, name: str) -> Any:
        return next((each.scope.names[name] for each in self.lineage() if name in each.scope.names), NOTHING_KNOWN)

    def all_fields(self) -> dict[str, Field]:
        """Those of its bases first, as dataclasses have them."""
        found: dict[str, Field] = {}
        for each in reversed(list(self.lineage())):
            found |= each.fields
        return found

    @property
    def is_enum(self) -> bool:
        return self.is_a("Enum", "IntEnum", "StrEnum", "Flag")

    def members(self) -> list["Member"]:
        kept = {name: value for name, value in self.scope.names.items() if not isinstance(value, Function)}
        return [Member(self, name, value) for name, value in kept.items() if not name.startswith("_")]


@dataclass(frozen=True)
class Member:
    """Of an enumeration."""

    of: Class
    name: str
    value: Any


@dataclass(eq=False)
class Instance:
    of: Class
    names: dict[str, Any] = field(default_factory=dict)


@dataclass
class Call:
    """A call of something whose source is not known, with its arguments evaluated."""

    name: str  # of a library's function or a builtin, in full; "" for a method of a value
    args: list[Any]
    options: dict[str, Any]  # given by name
    on: Any = None  # the value whose method it is
    method: str = ""
    node: ast.Call | None = None

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2] or self.method

    def get(self, name: str, place: int | None = None, default: Any = None) -> Any:
        """An argument by its name, or by its place."""
        if name in self.options:
            return self.options[name]
        return self.args[place] if place is not None and place < len(self.args) else default


def is_known(value: Any) -> bool:
    """Whether it is plain data through and through."""
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_known, value))
    if isinstance(value, dict):
        return all(is_known(each) for pair in value.items() for each in pair)
    return value is None or isinstance(value, str | int | float | bool | complex | bytes | range)
