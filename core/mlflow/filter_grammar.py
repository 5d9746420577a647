"""MLflow's language of filters and orders, as of 3.17, and besides OR and brackets: `(metrics.a < 1 OR tags.b = 'c')`.

AND binds closer than OR. A key with other characters than letters, digits, `_ . - /` stands in backticks or double
quotes; strings in single or double quotes, a quote within doubled.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from core.mlflow.mlflow_error import MlflowError
from db.run_filters import Either, Entity, Every, Node, Order, Term

MOST_CHARACTERS, MOST_TERMS = 100_000, 500
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^']|'')*')
    | (?P<name>[A-Za-z_][\w.\-/]*(?:`[^`]*`|"[^"]*")?|`[^`]*`(?:\.(?:`[^`]*`|"[^"]*"|[\w.\-/]+))?|"[^"]*")
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<sign><=|>=|!=|<>|=|<|>)
    | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)
_NUMERIC, _STRINGS = ("=", "!=", "<", "<=", ">", ">="), ("=", "!=", "LIKE", "ILIKE", "IN", "NOT IN")
_HELD = ("IS NULL", "IS NOT NULL")
_ENTITIES: dict[str, Entity] = {
    **dict.fromkeys(("metric", "metrics"), "metric"),
    **dict.fromkeys(("parameter", "parameters", "param", "params"), "parameter"),
    **dict.fromkeys(("tag", "tags"), "tag"),
    **dict.fromkeys(("attribute", "attributes", "attr", "run"), "attribute"),
    **dict.fromkeys(("dataset", "datasets"), "dataset"),
}
_DATA_SET = ("name", "digest", "context")


@dataclass(frozen=True)
class Language:
    """What can be asked of one kind of thing: attributes that are numbers, those that are strings, entities."""

    numbers: tuple[str, ...]
    strings: tuple[str, ...]
    entities: tuple[Entity, ...] = ("attribute", "metric", "parameter", "tag", "dataset")
    aliases: tuple[tuple[str, str], ...] = ()

    def attribute(self, key: str) -> str:
        """By its own name. Raises MlflowError for another."""
        key = dict(self.aliases).get(key, key)
        if key not in (*self.numbers, *self.strings):
            raise MlflowError(
                f"Invalid attribute key '{key}' specified. Valid keys are '{[*self.numbers, *self.strings]}'"
            )
        return key


RUNS = Language(
    numbers=("start_time", "end_time"),
    strings=("run_id", "run_name", "user_id", "status", "artifact_uri"),
    aliases=(
        *(("created", "start_time"), ("Created", "start_time"), ("run name", "run_name"), ("Run name", "run_name")),
        *(("Run Name", "run_name"), ("run_uuid", "run_id")),
    ),
)


class Token(NamedTuple):
    kind: str
    text: str


def parsed(text: str, language: Language = RUNS) -> Node | None:
    """None where nothing is asked for. Raises MlflowError: it cannot be read, with the part that cannot."""
    if len(text) > MOST_CHARACTERS:
        raise MlflowError(f"Invalid filter: at most {MOST_CHARACTERS:,} characters are read, received {len(text):,}.")
    tokens = _tokens(text)
    if not tokens:
        return None
    return _Reader(tokens, language, text).whole()


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise MlflowError(f"Invalid clause(s) in filter string: '{text[at : at + 100].strip()}'")
        kind = match.lastgroup or ""
        found.append(Token(kind, match[kind]))
        at = match.end()
    return found


class _Reader:
    """Reads the tokens of one filter, from left to right."""

    def __init__(self, tokens: list[Token], language: Language, text: str) -> None:
        self._tokens, self._language, self._text = tokens, language, text
        self._at = self._terms = self._depth = 0

    def whole(self) -> Node:
        node = self._either()
        if self._at < len(self._tokens):
            left = " ".join(token.text for token in self._tokens[self._at :])
            raise MlflowError(f"Invalid clause(s) in filter string: '{left[:200]}'")
        return node

    def _either(self) -> Node:
        return self._joined("OR", self._every, Either)

    def _every(self) -> Node:
        return self._joined("AND", self._one, Every)

    def _joined(self, word: str, part: Callable[[], Node], kind: Callable[[tuple[Node, ...]], Node]) -> Node:
        found = [part()]
        while self._word(word):
            found.append(part())
        return found[0] if len(found) == 1 else kind(tuple(found))

    def _one(self) -> Node:
        if self._mark("("):
            self._depth += 1
            if self._depth > 50:
                raise MlflowError("Invalid filter: brackets are nested more than 50 deep.")
            node = self._either()
            self._need(self._mark(")"), "')'")
            self._depth -= 1
            return node
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise MlflowError(f"Invalid filter: it has more than {MOST_TERMS} comparisons.")
        return self._term()

    def _term(self) -> Term:
        token = self._next()
        if token is None or token.kind != "name":
            raise self._wrong("Expected 'Identifier'", token)
        entity, key = identifier(token.text, self._language)
        operator = self._operator(entity, key)
        if operator in _HELD:
            return Term(entity, key, operator)
        if operator in ("IN", "NOT IN"):
            return Term(entity, key, operator, self._listed(key, entity))
        value = self._next()
        if value is None:
            raise MlflowError("Invalid comparison clause. Expected 3 tokens found 2")
        return Term(entity, key, operator, self._value(entity, key, value))

    def _operator(self, entity: Entity, key: str) -> str:
        token = self._next()
        found = "" if token is None else token.text.upper().replace("<>", "!=")
        if found == "NOT" and self._word("IN"):
            found = "NOT IN"
        elif found == "IS":
            found = "IS NOT NULL" if self._word("NOT") else "IS NULL"
            self._need(self._word("NULL"), "NULL")
        if token is None or (token.kind != "sign" and found not in (*_STRINGS, *_HELD)):
            raise self._wrong("Expected comparison", token)
        numeric = entity == "metric" or (entity == "attribute" and key in self._language.numbers)
        held = () if entity in ("attribute", "dataset") else _HELD
        accepted = (*(_NUMERIC if numeric else _STRINGS), *held)
        if found not in accepted:
            raise MlflowError(f"Invalid comparator '{found}' not one of '{set(accepted)}'")
        return found

    def _value(self, entity: Entity, key: str, token: Token) -> str | float:
        if entity == "metric" or (entity == "attribute" and key in self._language.numbers):
            if token.kind != "number":
                what = "metric" if entity == "metric" else f"numeric attribute: {key}"
                raise MlflowError(f"Expected numeric value type for {what}. Found {token.text}")
            return float(token.text)
        if token.kind == "string":
            return token.text[1:-1].replace("''", "'")
        if token.kind == "name" and token.text.startswith('"'):
            return token.text[1:-1]
        if token.kind == "name" and entity != "attribute":
            raise MlflowError(
                "Parameter value is either not quoted or unidentified quote types used for string value "
                f"{token.text}. Use either single or double quotes."
            )
        what = "attributes" if entity == "attribute" else f"{entity} (e.g. 'my-value')"
        raise MlflowError(f"Expected a quoted string value for {what}. Got value {token.text}")

    def _listed(self, key: str, entity: Entity) -> tuple[str, ...]:
        self._need(self._mark("("), "'('")
        found: list[str] = []
        while not self._mark(")"):
            if found:
                self._need(self._mark(","), "','")
                if self._mark(")"):
                    break
            token = self._next()
            if token is None or token.kind not in ("string", "name"):
                raise self._wrong("Expected a list of quoted strings", token)
            found.append(str(self._value(entity, key, token)))
        if not found:
            raise MlflowError("While parsing a list in the query, expected a non-empty list of string values.")
        return tuple(found)

    def _next(self) -> Token | None:
        self._at += 1
        return self._tokens[self._at - 1] if self._at <= len(self._tokens) else None

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _word(self, word: str) -> bool:
        token = self._peek()
        return self._passed(token is not None and token.kind == "name" and token.text.upper() == word)

    def _mark(self, mark: str) -> bool:
        return self._passed(self._peek() == Token("mark", mark))

    def _passed(self, found: bool) -> bool:
        self._at += found
        return found

    def _need(self, found: bool, what: str) -> None:
        if not found:
            raise self._wrong(f"Expected {what}", self._peek())

    def _wrong(self, what: str, token: Token | None) -> MlflowError:
        found = "the end" if token is None else f"'{token.text[:200]}'"
        return MlflowError(f"Invalid clause(s) in filter string: '{self._text[:200]}'. {what} found {found}")


def identifier(text: str, language: Language = RUNS) -> tuple[Entity, str]:
    """("metric", "loss") of "metrics.loss"; a name alone is an attribute. Raises MlflowError."""
    first, dot, rest = text.partition(".")
    # Of `run name`, the quotes hold the dots together.
    if not dot or (text.startswith(("`", '"')) and text.endswith(text[0]) and text.count(text[0]) == 2):
        return "attribute", language.attribute(_bare(text))
    entity = _ENTITIES.get(_bare(first))
    if entity is None or entity not in language.entities:
        raise MlflowError(f"Invalid entity type '{_bare(first)}'. Valid values are {list(language.entities)}")
    key = _bare(rest)
    if entity == "attribute":
        key = language.attribute(key)
    elif entity == "dataset" and key not in _DATA_SET:
        raise MlflowError(f"Invalid dataset key '{key}' specified. Valid keys are '{set(_DATA_SET)}'")
    return entity, key


def ordered(clauses: Iterable[str], language: Language = RUNS) -> list[Order]:
    """Of an order_by: `metrics.loss DESC`. Raises MlflowError."""
    found = []
    for clause in clauses:
        text = clause.strip()
        match = re.fullmatch(r"(.+?)(?:\s+(asc|desc))?", text, re.IGNORECASE | re.DOTALL)
        tokens = _tokens(match[1]) if match else []
        if match is None or len(tokens) != 1 or tokens[0].kind != "name":
            raise MlflowError(f"Invalid order_by clause '{clause[:200]}'. Could not be parsed.")
        entity, key = identifier(tokens[0].text, language)
        found.append(Order(entity, key, (match[2] or "asc").lower() == "desc"))
    return found


def _bare(text: str) -> str:
    quoted = len(text) >= 2 and text[0] == text[-1] and text[0] in "`\"'"
    return text[1:-1] if quoted else text
