"""What an expression of a program's source is, as far as constants, its own functions and its own classes go."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

from core.scripts.source import operations
from core.scripts.source.things import (
    NOTHING_KNOWN,
    Call,
    Class,
    Field,
    Function,
    Instance,
    Member,
    Scope,
    Symbol,
    Unknown,
    is_known,
)

_SHOWN = 80  # characters of a source that is not followed
_ENVIRONMENT = ("os.environ.get", "os.getenv", "environ.get")


class Expressions:
    """Evaluates; `called` is asked about every call whose source is not known, `enter` walks the project's own."""

    def __init__(self, called: Callable[[Call], Any], enter: Callable[[Function, list[Any], dict[str, Any], Any], Any]):
        self._called = called
        self._enter = enter

    def evaluate(self, node: ast.expr, scope: Scope) -> Any:
        found = getattr(self, f"visit_{type(node).__name__.lower()}", self._other)(node, scope)
        return Unknown(ast.unparse(node)[:_SHOWN]) if found is NOTHING_KNOWN else found

    def _other(self, _node: ast.expr, _scope: Scope) -> Any:
        return NOTHING_KNOWN

    def visit_constant(self, node: ast.Constant, _scope: Scope) -> Any:
        return node.value

    def visit_name(self, node: ast.Name, scope: Scope) -> Any:
        return scope.find(node.id)

    def visit_namedexpr(self, node: ast.NamedExpr, scope: Scope) -> Any:
        scope.names[node.target.id] = value = self.evaluate(node.value, scope)
        return value

    def visit_await(self, node: ast.Await, scope: Scope) -> Any:
        return self.evaluate(node.value, scope)

    def visit_joinedstr(self, node: ast.JoinedStr, scope: Scope) -> Any:
        parts: list[Any] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                spec = self.evaluate(part.format_spec, scope) if part.format_spec else ""
                value = self.evaluate(part.value, scope)
                if part.conversion == ord("r"):
                    value = repr(value) if is_known(value) else NOTHING_KNOWN
                parts.append(operations.formatted(value, spec) if isinstance(spec, str) else NOTHING_KNOWN)
            else:
                parts.append(self.evaluate(part, scope))
        return "".join(parts) if all(isinstance(part, str) for part in parts) else NOTHING_KNOWN

    def visit_lambda(self, node: ast.Lambda, scope: Scope) -> Any:
        body: list[ast.stmt] = [ast.Return(node.body)]
        return Function(ast.FunctionDef("lambda", node.args, body, []), scope)

    def visit_tuple(self, node: ast.Tuple, scope: Scope) -> Any:
        return tuple(self.elements(node.elts, scope))

    def visit_list(self, node: ast.List, scope: Scope) -> Any:
        return self.elements(node.elts, scope)

    def visit_set(self, node: ast.Set, scope: Scope) -> Any:
        found = self.elements(node.elts, scope)
        return list(dict.fromkeys(found)) if is_known(found) else NOTHING_KNOWN  # in the order of the source

    def elements(self, nodes: list[ast.expr], scope: Scope) -> list[Any]:
        found: list[Any] = []
        for node in nodes:
            value = self.evaluate(node.value if isinstance(node, ast.Starred) else node, scope)
            if isinstance(node, ast.Starred):
                several = operations.items(value)
                found += several if isinstance(several, list) else [NOTHING_KNOWN]
            else:
                found.append(value)
        return found

    def visit_dict(self, node: ast.Dict, scope: Scope) -> Any:
        found: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            given = self.evaluate(value, scope)
            if key is None:
                found |= given if isinstance(given, dict) else {}
                continue
            name = self.evaluate(key, scope)
            if is_known(name) and not isinstance(name, list | dict | set):
                found[name] = given
        return found

    def visit_binop(self, node: ast.BinOp, scope: Scope) -> Any:
        left, right = self.evaluate(node.left, scope), self.evaluate(node.right, scope)
        if isinstance(node.op, ast.Div) and isinstance(left, str) and isinstance(right, str):
            return f"{left.rstrip('/')}/{right}"  # paths are texts here
        return operations.binary(type(node.op).__name__, left, right)

    def visit_unaryop(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self.evaluate(node.operand, scope)
        if not is_known(value):
            return NOTHING_KNOWN
        if isinstance(node.op, ast.Not):
            return not value
        if not isinstance(value, int | float):
            return NOTHING_KNOWN
        return -value if isinstance(node.op, ast.USub) else value

    def visit_boolop(self, node: ast.BoolOp, scope: Scope) -> Any:
        value: Any = NOTHING_KNOWN
        for each in node.values:
            value = self.evaluate(each, scope)
            if not is_known(value) or bool(value) == isinstance(node.op, ast.Or):
                return value
        return value

    def visit_compare(self, node: ast.Compare, scope: Scope) -> Any:
        left, right = self.evaluate(node.left, scope), self.evaluate(node.comparators[0], scope)
        return operations.compare(type(node.ops[0]).__name__, left, right) if len(node.ops) == 1 else NOTHING_KNOWN

    def visit_ifexp(self, node: ast.IfExp, scope: Scope) -> Any:
        test = self.evaluate(node.test, scope)
        return self.evaluate(node.body if test else node.orelse, scope) if is_known(test) else NOTHING_KNOWN

    def visit_subscript(self, node: ast.Subscript, scope: Scope) -> Any:
        value = self.evaluate(node.value, scope)
        if isinstance(node.slice, ast.Slice):
            ends = [self.evaluate(each, scope) if each else None for each in (node.slice.lower, node.slice.upper)]
            plain = isinstance(value, str | list | tuple) and all(
                each is None or isinstance(each, int) for each in ends
            )
            return value[ends[0] : ends[1]] if plain else NOTHING_KNOWN
        key = self.evaluate(node.slice, scope)
        if isinstance(value, Class) and value.is_enum:
            return next((each for each in value.members() if each.name == key), NOTHING_KNOWN)
        if isinstance(value, dict) and isinstance(key, Symbol):
            key = key.name  # an annotation, which is a text while the program runs
        try:
            return value[key] if isinstance(value, str | list | tuple | dict) and is_known(key) else NOTHING_KNOWN
        except (LookupError, TypeError):
            return NOTHING_KNOWN

    def visit_attribute(self, node: ast.Attribute, scope: Scope) -> Any:
        return self.attribute(self.evaluate(node.value, scope), node.attr)

    def attribute(self, value: Any, name: str) -> Any:
        match value:
            case Symbol():
                return Symbol(f"{value.name}.{name}")
            case Scope():  # a module of the project
                return value.names.get(name, NOTHING_KNOWN)
            case Instance():
                return value.names[name] if name in value.names else value.of.find(name)
            case Class() if value.is_enum and name == "__members__":
                return {each.name: each for each in value.members()}
            case Class() if value.is_enum:
                return next((each for each in value.members() if each.name == name), value.find(name))
            case Class():
                return value.node.name if name == "__name__" else value.find(name)
            case Member() | Field() if name in ("name", "value", "default"):
                return getattr(value, name, NOTHING_KNOWN)
            case Field() if name == "type":
                return self.evaluate(value.annotation, value.scope)
            case Field() if name == "metadata":
                return {"help": value.help}
        return NOTHING_KNOWN

    def _comprehended(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope) -> Any:
        """The scopes of a comprehension, one for each of its items; None where they are not known."""
        inner = [Scope(scope)]
        for part in node.generators:
            following = []
            for each in inner:
                several = operations.items(self.evaluate(part.iter, each))
                if not isinstance(several, list) or len(several) * len(inner) > 1000:
                    return None
                for item in several:
                    made = Scope(each)
                    self.bind(part.target, item, made)
                    tests = [self.evaluate(test, made) for test in part.ifs]
                    following += [made] if all(not is_known(test) or test for test in tests) else []
            inner = following
        return inner

    def visit_listcomp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Any:
        scopes = self._comprehended(node, scope)
        return NOTHING_KNOWN if scopes is None else [self.evaluate(node.elt, each) for each in scopes]

    visit_setcomp = visit_generatorexp = visit_listcomp

    def visit_dictcomp(self, node: ast.DictComp, scope: Scope) -> Any:
        scopes = self._comprehended(node, scope)
        if scopes is None:
            return NOTHING_KNOWN
        pairs = [(self.evaluate(node.key, each), self.evaluate(node.value, each)) for each in scopes]
        return {key: value for key, value in pairs if isinstance(key, str | int)}

    def bind(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """As an assignment does."""
        if isinstance(target, ast.Name):
            scope.names[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            several = operations.items(value)
            fits = isinstance(several, list) and len(several) == len(target.elts)
            for place, each in enumerate(target.elts):
                self.bind(each, several[place] if fits else NOTHING_KNOWN, scope)
        elif isinstance(target, ast.Attribute):
            on = self.evaluate(target.value, scope)
            if isinstance(on, Instance):
                on.names[target.attr] = value
        elif isinstance(target, ast.Subscript):
            on, key = self.evaluate(target.value, scope), self.evaluate(target.slice, scope)
            if isinstance(on, dict) and isinstance(key, str | int):
                on[key] = value

    def visit_call(self, node: ast.Call, scope: Scope) -> Any:
        on: Any = None
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if isinstance(node.func, ast.Attribute):
            on = self.evaluate(node.func.value, scope)
            function = self.attribute(on, method)
        else:
            function = self.evaluate(node.func, scope)
        args = self.elements(node.args, scope)
        options = dict(self._options(node, scope))
        return self.call(function, Call("", args, options, on, method, node))

    def _options(self, node: ast.Call, scope: Scope) -> Iterator[tuple[str, Any]]:
        for each in node.keywords:
            value = self.evaluate(each.value, scope)
            if each.arg is not None:
                yield each.arg, value
            elif isinstance(value, dict):
                yield from ((key, given) for key, given in value.items() if isinstance(key, str))

    def call(self, function: Any, call: Call) -> Any:
        """What a call gives; `function` is what is called."""
        match function:
            case Function():
                bound = call.on if isinstance(call.on, Instance | Class) else None
                return self._enter(function, call.args, call.options, bound)
            case Class() if function.is_enum:
                return next((each for each in function.members() if each.value == call.get("value", 0)), NOTHING_KNOWN)
            case Class():
                return self._made(function, call)
            case Symbol():
                call.name = function.name
                return self._of_a_library(function, call)
        if is_known(call.on) or isinstance(call.on, list | dict | tuple):
            return operations.method(call.on, call.method, call.args, call.options)
        return self._called(call)

    def _made(self, of: Class, call: Call) -> Any:
        made = Instance(of, {name: each.default for name, each in of.all_fields().items()})
        made.names |= {name: value for name, value in call.options.items() if name in made.names}
        self._called(Call(of.node.name, [of, *call.args], call.options, made, "__init__", call.node))
        start = of.find("__init__")
        if isinstance(start, Function):
            self._enter(start, call.args, call.options, made)
        return made

    def _of_a_library(self, function: Symbol, call: Call) -> Any:
        if function.name in _ENVIRONMENT:
            return call.get("default", 1, NOTHING_KNOWN)
        if function.name in ("os.path.join", "pathlib.Path", "pathlib.PurePath", "os.path.expanduser", "str"):
            parts = [each.value if isinstance(each, Member) else each for each in call.args]
            if parts and all(isinstance(each, str) for each in parts):
                return "/".join(each.rstrip("/") if each != "/" else "" for each in parts)
        if function.name in ("dataclasses.fields", "dataclasses.asdict", "vars"):
            return _fields(call)
        if "." not in function.name:
            found = operations.builtin(function.name, call.args, call.options)
            if found is not NOTHING_KNOWN:
                return found
        return self._called(call)


def _fields(call: Call) -> Any:
    given = call.args[0] if call.args else None
    of = given.of if isinstance(given, Instance) else given
    if not isinstance(of, Class):
        return NOTHING_KNOWN
    if call.last == "fields":
        return list(of.all_fields().values())
    return dict(given.names) if isinstance(given, Instance) else NOTHING_KNOWN
