"""The search box: words, comparisons, quotes, `or`, `not` and brackets, as a filter.

resnet                      anywhere in name, notes, preset, tags or params
batch_size = 64             a param by its name or the end of it, or a metric's last value
val_accuracy.best > 0.9     a metric's last, best, min or max
experiment ~ paper          state, experiment, tag, preset or user; ~ is "contains"
adam or (sgd not "first try")
"""

import re
from typing import cast

from core.common.errors import ConfigError, Problem
from db.filters import AllOf, AnyOf, Compare, Contains, Filter, Not, Operator

MAX_TERMS = 100  # words, comparisons and brackets
MAX_DEPTH = 10  # SQLite's parser has a stack of 100 symbols, and each level takes a handful

_TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])
      |(?P<key>[\w./]+)\s*(?P<operator><=|>=|!=|=|<|>|~)\s*(?P<value>"[^"]*"|[^\s()]+)
      |"(?P<quoted>[^"]*)"
      |(?P<word>[^\s()]+))""",
    re.VERBOSE,
)


def parse_search(text: str) -> Filter | None:
    """None for an empty search.

    Raises:
        ConfigError: a bracket without its other half, `or` and `not` with nothing after them, too many terms.
    """
    text = text.encode(errors="replace").decode().replace("\0", " ")  # what no database can be asked for
    tokens = [match for match in _TOKEN.finditer(text) if match.group().strip()]
    if not tokens:
        return None
    parser = _Parser(tokens, text)
    if len(tokens) > MAX_TERMS:
        parser.fail(f"{len(tokens)} terms, where at most {MAX_TERMS} can be looked for at once")
    found = parser.any_of()
    if parser.position < len(tokens):
        parser.fail("a closing bracket without an opening one")
    return found


class _Parser:
    def __init__(self, tokens: list[re.Match[str]], text: str) -> None:
        self.tokens, self.text, self.position, self.depth = tokens, text, 0, 0

    def fail(self, what: str) -> None:
        shown = self.text if len(self.text) <= 100 else f"{self.text[:100]}…"
        hint = 'words and comparisons such as: resnet (adam or sgd) not val_loss > 0.5 "two words"'
        raise ConfigError([Problem("search", f"{shown!r} has {what}; accepted are {hint}")])

    def _word(self) -> str:
        """The bare word here in lower case, or the bracket; "" for anything else and at the end."""
        if self.position >= len(self.tokens):
            return ""
        token = self.tokens[self.position]
        return (token["bracket"] or token["word"] or "").lower()

    def any_of(self) -> Filter:
        terms = [self._all_of()]
        while self._word() == "or":
            self.position += 1
            terms.append(self._all_of())
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def _all_of(self) -> Filter:
        terms: list[Filter] = []
        while self.position < len(self.tokens) and self._word() not in ("or", ")"):
            if self._word() == "and":
                self.position += 1
                continue
            terms.append(self._term())
        if not terms:
            self.fail("nothing to look for beside a bracket, or or not")
        return terms[0] if len(terms) == 1 else AllOf(tuple(terms))

    def _term(self) -> Filter:
        word = self._word()
        token = self.tokens[self.position]
        self.position += 1
        if word in ("not", "("):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                self.fail(f"more than {MAX_DEPTH} brackets or nots within each other")
            inner = self._negated() if word == "not" else self._bracketed()
            self.depth -= 1
            return inner
        if token["operator"]:
            return Compare(token["key"], cast("Operator", token["operator"]), token["value"].strip('"'))
        return Contains(token["quoted"] if token["quoted"] is not None else token["word"])

    def _negated(self) -> Filter:
        if self.position >= len(self.tokens) or self._word() in ("or", ")"):
            self.fail("nothing after not")
        return Not(self._term())

    def _bracketed(self) -> Filter:
        inner = self.any_of()
        if self._word() != ")":
            self.fail("an opening bracket without a closing one")
        self.position += 1
        return inner
