"""Walking a program from its entry in the order of execution, without executing anything.

Both branches of what is not known are walked, loops over constants are unrolled, calls of the project's own functions
are followed with their arguments. Readers are told of every call that leads out of the project, and of every function
and class, and say what such a call gives: that is how `core.scripts.parameters` finds what a script takes.
"""

import ast
import builtins
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from core.scripts.source import operations
from core.scripts.source.expressions import Expressions
from core.scripts.source.modules import Modules, absolute, package_of
from core.scripts.source.things import NOTHING_KNOWN, Call, Class, Field, Function, Instance, Scope, Symbol, is_known

_MOST_STEPS = 100_000  # statements; a script that takes more is followed no further
_DEEPEST = 12  # calls within calls
_MOST_TURNS = 300  # of a loop


class Reader(Protocol):
    """One way in which scripts take their parameters."""

    def called(self, call: Call) -> Any:
        """What the call gives; NOTHING_KNOWN where it is none of this reader's."""

    def defined(self, thing: Function | Class) -> None:
        """A function or class of the project was defined, its decorators evaluated."""


class TooLongError(Exception):
    """The program was followed as far as there is time for."""


class Walk:
    """One walk over one program."""

    def __init__(self, project: Path, entry: Path, readers: Sequence[Reader]) -> None:
        self.modules = Modules(project, entry)
        self.expressions = Expressions(self._called, self.enter)
        self._entry = entry
        self._readers = readers
        self._loaded: dict[Path, Scope] = {}
        self._steps = 0
        self._within: list[Function] = []
        self._applied: list[Any] | None = None  # while a decorator of the project is walked: what calls in it gave
        self._entered: set[Function] = set()
        self._functions: list[Function] = []  # of the entry's own file
        self._builtins = Scope(None, {name: Symbol(name) for name in dir(builtins)})

    def run(self, package: str = "") -> bool:
        """Walk; says whether the entry could be parsed. `package`: of an entry that is a module of one.

        Raises:
            TooLongError: what was found until then stands.
        """
        tree = self.modules.parse(self._entry)
        if tree is None:
            return False
        scope = Scope(self._builtins, {"__name__": "__main__", "__file__": self._entry.name}, package)
        self._loaded[self._entry] = scope
        self._block(tree.body, scope)
        for function in self._functions:  # those that nothing seems to call, as where a library calls them
            if function not in self._entered:
                self.enter(function, [], {}, Instance(function.owner) if function.owner else None)
        return True

    def _called(self, call: Call) -> Any:
        for reader in self._readers:
            if (given := reader.called(call)) is not NOTHING_KNOWN:
                if self._applied is not None:
                    self._applied.append(given)
                return given
        return NOTHING_KNOWN

    def enter(self, function: Function, args: list[Any], options: dict[str, Any], bound: Any = None) -> Any:
        """Walk the body of a function of the project; returns what it returns, as far as that is known."""
        if function in self._within or len(self._within) >= _DEEPEST:
            return NOTHING_KNOWN
        self._entered.add(function)
        scope = Scope(function.scope, dict(function.defaults))
        given = function.node.args
        names = [each.arg for each in (*given.posonlyargs, *given.args)]
        if function.owner and names and names[0] in ("self", "cls"):
            scope.names[names[0]] = bound if bound is not None else Instance(function.owner)
            names = names[1:]
        for each in (*names, *(each.arg for each in given.kwonlyargs)):
            scope.names.setdefault(each, NOTHING_KNOWN)
        scope.names |= dict(zip(names, args, strict=False))
        scope.names |= {name: value for name, value in options.items() if name in scope.names}
        if given.vararg:
            scope.names[given.vararg.arg] = args[len(names) :]
        if given.kwarg:
            scope.names[given.kwarg.arg] = {name: each for name, each in options.items() if name not in scope.names}
        self._within.append(function)
        try:
            self._block(function.node.body, scope)
        finally:
            self._within.pop()
        return scope.names.get("return", NOTHING_KNOWN)

    def _block(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        for statement in body:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                raise TooLongError
            walk = getattr(self, f"_{type(statement).__name__.lower()}", None)
            if walk is not None:
                walk(statement, scope)

    def _expr(self, node: ast.Expr, scope: Scope) -> None:
        self.expressions.evaluate(node.value, scope)

    def _return(self, node: ast.Return, scope: Scope) -> None:
        value = self.expressions.evaluate(node.value, scope) if node.value else None
        scope.names.setdefault("return", value)

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        value = self.expressions.evaluate(node.value, scope)
        for target in node.targets:
            self.expressions.bind(target, value, scope)

    def _annassign(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.expressions.bind(node.target, self.expressions.evaluate(node.value, scope), scope)

    def _augassign(self, node: ast.AugAssign, scope: Scope) -> None:
        before = self.expressions.evaluate(node.target, scope)
        value = operations.binary(type(node.op).__name__, before, self.expressions.evaluate(node.value, scope))
        self.expressions.bind(node.target, value, scope)

    def _if(self, node: ast.If, scope: Scope) -> None:
        test = self.expressions.evaluate(node.test, scope)
        if not is_known(test) or test:
            self._block(node.body, scope)
        if not is_known(test) or not test:
            self._block(node.orelse, scope)

    def _for(self, node: ast.For, scope: Scope) -> None:
        several = operations.items(self.expressions.evaluate(node.iter, scope))
        for item in several[:_MOST_TURNS] if isinstance(several, list) else [NOTHING_KNOWN]:
            self.expressions.bind(node.target, item, scope)
            self._block(node.body, scope)
        self._block(node.orelse, scope)

    _asyncfor = _for

    def _while(self, node: ast.While, scope: Scope) -> None:
        self.expressions.evaluate(node.test, scope)
        self._block(node.body, scope)

    def _with(self, node: ast.With, scope: Scope) -> None:
        for each in node.items:
            value = self.expressions.evaluate(each.context_expr, scope)
            if each.optional_vars is not None:
                self.expressions.bind(each.optional_vars, value, scope)
        self._block(node.body, scope)

    _asyncwith = _with

    def _try(self, node: ast.Try, scope: Scope) -> None:  # handlers are for what goes wrong
        self._block(node.body, scope)
        self._block(node.orelse, scope)
        self._block(node.finalbody, scope)

    def _match(self, node: ast.Match, scope: Scope) -> None:
        for case in node.cases:
            self._block(case.body, scope)

    def _functiondef(self, node: ast.FunctionDef, scope: Scope, owner: Class | None = None) -> None:
        function = Function(node, scope, owner=owner)
        given = node.args
        last = [*given.posonlyargs, *given.args][-len(given.defaults) :] if given.defaults else []
        pairs = [*zip(last, given.defaults, strict=True), *zip(given.kwonlyargs, given.kw_defaults, strict=True)]
        for argument, default in pairs:
            if default is not None:
                function.defaults[argument.arg] = self.expressions.evaluate(default, scope)
        scope.names[node.name] = function
        if self._loaded.get(self._entry) is _module(scope):
            self._functions.append(function)
        function.decorators = [self.expressions.evaluate(each, scope) for each in node.decorator_list]
        self._applied = function.applied
        for each in function.decorators:
            if isinstance(each, Function):
                self.enter(each, [function], {})
        self._applied = None
        for reader in self._readers:
            reader.defined(function)

    _asyncfunctiondef = _functiondef

    def _classdef(self, node: ast.ClassDef, scope: Scope) -> None:
        made = Class(node, Scope(scope), [self.expressions.evaluate(each, scope) for each in node.bases])
        made.decorators = [self.expressions.evaluate(each, scope) for each in node.decorator_list]
        scope.names[node.name] = made
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                self._functiondef(statement, made.scope, made)
            elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                made.fields[statement.target.id] = self._field(statement, statement.target.id, made)
            else:
                self._block([statement], made.scope)
        for reader in self._readers:
            reader.defined(made)

    def _field(self, node: ast.AnnAssign, name: str, of: Class) -> Field:
        if node.value is None:
            return Field(name, node.annotation, of.scope)
        value = self.expressions.evaluate(node.value, of.scope)
        if isinstance(value, Call) and value.last in ("field", "Field"):
            return _declared(name, node, of, value, self.expressions)
        of.scope.names[name] = value
        return Field(name, node.annotation, of.scope, value, has_default=True)

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for each in node.names:
            loaded = self._load(each.name)
            root = each.name.partition(".")[0]
            if each.asname:
                scope.names[each.asname] = loaded or Symbol(each.name)
            elif loaded is not None and root == each.name:
                scope.names[root] = loaded
            else:
                scope.names.setdefault(root, Symbol(root))

    def _importfrom(self, node: ast.ImportFrom, scope: Scope) -> None:
        module = absolute(_module(scope).folder, node.level, node.module)
        loaded = self._load(module)
        for each in node.names:
            name = each.asname or each.name
            if each.name == "*":
                scope.names |= {key: value for key, value in (loaded.names if loaded else {}).items() if key[0] != "_"}
            elif loaded is not None and each.name in loaded.names:
                scope.names[name] = loaded.names[each.name]
            else:
                scope.names[name] = self._load(f"{module}.{each.name}") or Symbol(f"{module}.{each.name}")

    def _load(self, name: str) -> Scope | None:
        """The names of a module of the project; None of a library's."""
        file = self.modules.find(name) if name else None
        if file is None:
            return None
        if file not in self._loaded:
            tree = self.modules.parse(file)
            scope = Scope(self._builtins, {"__name__": name, "__file__": file.name}, package_of(name, file))
            self._loaded[file] = scope
            self._block(tree.body if tree else [], scope)
        return self._loaded[file]


def _module(scope: Scope) -> Scope:
    """The scope of the module; the builtins are around it."""
    while scope.parent is not None and scope.parent.parent is not None:
        scope = scope.parent
    return scope


def _declared(name: str, node: ast.AnnAssign, of: Class, call: Call, expressions: Expressions) -> Field:
    """A field with `field(…)` of dataclasses or `Field(…)` of pydantic, in whose place stands its default."""
    default = call.get("default", 0 if call.last == "Field" else None, NOTHING_KNOWN)
    factory = call.options.get("default_factory")
    if factory is not None:
        default = expressions.call(factory, Call("", [], {}, node=call.node))
    has = (default is not NOTHING_KNOWN and default is not ...) or factory is not None
    metadata = call.options.get("metadata")
    told = call.options.get("description") or call.options.get("help")
    told = told or (metadata.get("help") if isinstance(metadata, dict) else "")
    if has:
        of.scope.names[name] = default
    value = default if has else None
    return Field(name, node.annotation, of.scope, value, has, told if isinstance(told, str) else "", call.options)
