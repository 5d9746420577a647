"""Operations on constants, within bounds: nothing here takes long or much memory, whatever a source says."""

import operator
import re
from collections.abc import Callable
from typing import Any

from core.scripts.source.things import NOTHING_KNOWN, Class, Member, is_known

_MOST = 10_000  # items or characters
_LARGEST = 2**128

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "Pow": operator.pow,
    "BitOr": operator.or_,
    "BitAnd": operator.and_,
    "LShift": operator.lshift,
}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "In": lambda one, other: one in other,
    "NotIn": lambda one, other: one not in other,
    "Is": lambda one, other: one is other,
    "IsNot": lambda one, other: one is not other,
}
# Of plain values; none of them makes much of little, but those that `_fits` looks at.
METHODS = {
    str: [
        "format",
        "join",
        "split",
        "rsplit",
        "splitlines",
        "lower",
        "upper",
        "title",
        "capitalize",
        "strip",
        "lstrip",
        "rstrip",
        "replace",
        "removeprefix",
        "removesuffix",
        "startswith",
        "endswith",
        "partition",
        "rpartition",
        "count",
        "find",
        "index",
    ],
    list: ["append", "extend", "insert", "remove", "copy", "index", "count", "sort", "reverse", "pop"],
    tuple: ["index", "count"],
    dict: ["keys", "values", "items", "get", "copy", "update", "setdefault", "pop"],
    set: ["add", "union", "copy", "update", "difference", "intersection"],
}
_BUILTINS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (str, int, float, bool, tuple, set, dict, sorted, len, min, max, sum, zip, round, abs, repr, any, all)
} | {"list": list, "enumerate": enumerate, "reversed": reversed, "frozenset": frozenset}


def binary(name: str, left: Any, right: Any) -> Any:
    """Of the name of ast's class; NOTHING_KNOWN where it is not to be told."""
    small = _small_operands(name, left, right)
    if name not in _BINARY or not is_known(left) or not is_known(right) or not small:
        return NOTHING_KNOWN
    return _tried(lambda: _BINARY[name](left, right))


def _small_operands(name: str, left: Any, right: Any) -> bool:
    if name == "Pow":
        return _is_number(left) and _is_number(right) and abs(left) < 1e6 and abs(right) < 20
    if name == "LShift":
        return isinstance(right, int) and 0 <= right < 64
    if name == "Mult":
        length, times = (len(left), right) if _sized(left) else (len(right), left) if _sized(right) else (0, 0)
        return not length or (isinstance(times, int) and length * times < _MOST)
    return name != "Mod" or not isinstance(left, str) or _plain_format(left)


def compare(name: str, left: Any, right: Any) -> Any:
    if name not in _COMPARE or not is_known(left) or not is_known(right):
        return NOTHING_KNOWN
    return _tried(lambda: _COMPARE[name](left, right))


def formatted(value: Any, spec: str) -> Any:
    """As an f-string does."""
    if isinstance(value, Member):
        value = value.value
    if not is_known(value) or not _plain_format(spec):
        return NOTHING_KNOWN
    return _tried(lambda: format(value, spec))


def method(value: Any, name: str, args: list[Any], options: dict[str, Any]) -> Any:
    """The result of a method of a plain value."""
    kinds = [kind for kind in METHODS if isinstance(value, kind)]
    if not kinds or name not in METHODS[kinds[0]]:
        return NOTHING_KNOWN
    mutable = isinstance(value, list | dict | set)
    if not mutable and not (is_known(value) and is_known(args) and is_known(options)):
        return NOTHING_KNOWN
    if isinstance(value, str) and not _fits(value, name, args):
        return NOTHING_KNOWN
    return _tried(lambda: _listed(getattr(value, name)(*args, **options)))


def _fits(value: str, name: str, args: list[Any]) -> bool:
    if name == "format":
        return _plain_format(value)
    if name == "replace":
        return sum(len(each) for each in args if isinstance(each, str)) * (len(value) + 1) < 100 * _MOST
    return True


def builtin(name: str, args: list[Any], options: dict[str, Any]) -> Any:
    """The result of a builtin that is as good as a constant."""
    if name == "range":
        made = _tried(lambda: range(*args)) if all(isinstance(each, int) for each in args) else NOTHING_KNOWN
        return list(made) if isinstance(made, range) and len(made) < _MOST else NOTHING_KNOWN
    args = [items(each) if isinstance(each, Class) else each for each in args]
    loose = name in ("list", "tuple", "enumerate", "zip", "reversed", "len", "dict")  # whatever the items are
    if name not in _BUILTINS or not (loose or is_known(args)) or any(each is NOTHING_KNOWN for each in args):
        return NOTHING_KNOWN
    options = {key: value for key, value in options.items() if is_known(value)}
    return _tried(lambda: _listed(_BUILTINS[name](*args, **options)))


def items(value: Any) -> Any:
    """The items to loop over, a list; NOTHING_KNOWN where they are not known."""
    if isinstance(value, Class):
        return value.members() if value.is_enum else NOTHING_KNOWN
    if isinstance(value, dict | set | frozenset | list | tuple | str | range):
        return list(value)
    return NOTHING_KNOWN


def _listed(value: Any) -> Any:
    """Views and iterators as lists."""
    if value is None or isinstance(value, str | bytes | int | float | bool | list | tuple | dict | set | frozenset):
        return value
    return list(value)


def _sized(value: Any) -> bool:
    return hasattr(value, "__len__")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain_format(text: str) -> bool:
    """Whether no width in it can ask for much; attributes and items of what is formatted are not followed."""
    return not re.search(r"\d{4,}|\*|\{[^{}]*[.\[]_", text)


def _tried(compute: Callable[[], Any]) -> Any:
    try:
        found = compute()
    except Exception:  # noqa: BLE001 - whatever the operation of somebody's source says
        return NOTHING_KNOWN
    large = isinstance(found, int) and abs(found) > _LARGEST
    long = _sized(found) and len(found) > _MOST
    return NOTHING_KNOWN if large or long else found
