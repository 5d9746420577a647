"""A document of GraphQL, as far as MLflow's pages write them, read into operations and fields with their arguments."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from core.mlflow.mlflow_error import MlflowError

MOST_DEEP, MOST_CHARACTERS = 10, 200_000
_IGNORED = re.compile(r"(?:[\s,\ufeff]|#[^\n\r]*+)*+")
_TOKEN = re.compile(
    r"""(?:
      (?P<block>\"{3}[\s\S]*?(?<!\\)\"{3})
    | (?P<string>"(?:[^"\\\n\r]|\\.)*")
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<name>[A-Za-z_]\w*)
    | (?P<mark>\.\.\.|[!$&():=@\[\]{|}])
    )""",
    re.VERBOSE | re.ASCII,
)
_WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None}


class GraphError(MlflowError):
    """A query that cannot be read, or asks for too much."""


class Variable(NamedTuple):
    name: str


@dataclass(frozen=True)
class Field:
    """What is asked for; `key` is its name in the answer."""

    name: str
    key: str
    arguments: dict[str, Any]
    selected: tuple["Selection", ...]
    directives: tuple[tuple[str, dict[str, Any]], ...] = ()

    @property
    def is_renamed(self) -> bool:
        return self.key != self.name


@dataclass(frozen=True)
class Fragment:
    """Fields that are asked for as if they stood here: those of `name`, or of its own where it has none."""

    name: str
    selected: tuple["Selection", ...] = ()
    directives: tuple[tuple[str, dict[str, Any]], ...] = ()


Selection = Field | Fragment


class Document:
    """What a text has: operations, each with its name, the defaults of its variables and its fields, and fragments."""

    def __init__(self, text: str) -> None:
        """Raises GraphError: it cannot be read."""
        if len(text) > MOST_CHARACTERS:
            raise GraphError(f"A query may have {MOST_CHARACTERS:,} characters, received {len(text):,}.")
        self._tokens = _tokens(text)
        self._at = self._depth = 0
        self.operations: list[tuple[str, dict[str, Any], tuple[Selection, ...]]] = []
        self.fragments: dict[str, tuple[Selection, ...]] = {}
        self._whole()

    def _whole(self) -> None:
        while self._at < len(self._tokens):
            word = "query" if self._peek() == "{" else self._name()
            if word == "fragment":
                name = self._name()
                self._need("on")
                self._name()
                self._directives()
                self.fragments[name] = self._set()
            elif word in ("query", "mutation"):
                name = self._name() if self._is_name() else ""
                defaults = self._defaults()
                self._directives()
                self.operations.append((name, defaults, self._set()))
            else:
                raise GraphError(f"Syntax Error: Unexpected {word[:100]!r}; accepted are query, mutation and fragment.")

    def _defaults(self) -> dict[str, Any]:
        """Of variables, those that have one."""
        found: dict[str, Any] = {}
        if self._passed("("):
            while not self._passed(")"):
                self._need("$")
                name = self._name()
                self._need(":")
                while self._peek() in ("[", "]", "!") or self._is_name():
                    self._at += 1
                if self._passed("="):
                    found[name] = self._value()
                self._directives()
        return found

    def _set(self) -> tuple[Selection, ...]:
        self._deeper(1)
        self._need("{")
        if self._peek() == "}":
            raise GraphError("Syntax Error: Expected a field between { and }.")
        found: list[Selection] = []
        while not self._passed("}"):
            found.append(self._fragment() if self._passed("...") else self._field())
        self._deeper(-1)
        return tuple(found)

    def _fragment(self) -> Fragment:
        if self._is_name() and self._peek() != "on":
            return Fragment(self._name(), (), self._directives())
        if self._passed("on"):
            self._name()
        directives = self._directives()
        return Fragment("", self._set(), directives)

    def _field(self) -> Field:
        key = name = self._name()
        if self._passed(":"):
            name = self._name()
        arguments, directives = self._arguments(), self._directives()
        return Field(name, key, arguments, self._set() if self._peek() == "{" else (), directives)

    def _arguments(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self._passed("("):
            while not self._passed(")"):
                name = self._name()
                self._need(":")
                found[name] = self._value()
        return found

    def _directives(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        found = []
        while self._passed("@"):
            found.append((self._name(), self._arguments()))
        return tuple(found)

    def _value(self) -> Any:
        if self._passed("$"):
            return Variable(self._name())
        if self._passed("["):
            return self._items()
        if self._passed("{"):
            return self._members()
        kind, text = self._next()
        if kind == "block":
            return text[3:-3].replace('\\"""', '"""').strip()
        if kind == "name":
            return _WORDS.get(text, text)
        if kind == "mark":
            raise self._wrong(text)
        try:
            return json.loads(text, strict=False)
        except ValueError:
            raise self._wrong(text) from None

    def _items(self) -> list[Any]:
        self._deeper(1)
        found = []
        while not self._passed("]"):
            found.append(self._value())
        self._deeper(-1)
        return found

    def _members(self) -> dict[str, Any]:
        self._deeper(1)
        found = {}
        while not self._passed("}"):
            name = self._name()
            self._need(":")
            found[name] = self._value()
        self._deeper(-1)
        return found

    def _deeper(self, by: int) -> None:
        self._depth += by
        if self._depth > 2 * MOST_DEEP:
            raise GraphError(f"Query exceeds maximum depth of {MOST_DEEP}")

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise self._wrong("<EOF>")
        self._at += 1
        return self._tokens[self._at - 1]

    def _peek(self) -> str:
        kind, text = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        return text if kind in ("mark", "name") else ""

    def _is_name(self) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][0] == "name"

    def _name(self) -> str:
        kind, text = self._next()
        if kind != "name":
            raise self._wrong(text)
        return text

    def _passed(self, text: str) -> bool:
        found = self._peek() == text
        self._at += found
        return found

    def _need(self, text: str) -> None:
        if not self._passed(text):
            raise self._wrong(self._next()[1], text)

    def _wrong(self, found: str, wanted: str = "") -> GraphError:
        return GraphError(f"Syntax Error: {f'Expected {wanted!r}, found' if wanted else 'Unexpected'} {found[:100]!r}.")


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = _past_ignored(text, 0)
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise GraphError(f"Syntax Error: Unexpected {text[at : at + 20]!r}.")
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        at = _past_ignored(text, match.end())
    return found


def _past_ignored(text: str, at: int) -> int:
    match = _IGNORED.match(text, at)
    return match.end() if match else at
