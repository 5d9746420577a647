"""The search box: words, comparisons, quotes, `or`, `not` and brackets, as a filter.

resnet                      anywhere in name, notes, preset, tags or params
batch_size = 64             a param by its name or the end of it, or a metric's last value
val_accuracy.best > 0.9     a metric's last, best, min or max
experiment ~ paper          state, experiment, tag, preset or user; ~ is "contains"
adam or (sgd not "first try")
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from core.common.errors import ConfigError, Problem
from core.common.text import quoted
from db.filters import AllOf, AnyOf, Compare, Contains, Filter, Not, Operator

MAX_LENGTH = 2000  # characters of a search; each of its terms is looked for in the texts of all runs
MAX_TERMS = 100  # words, comparisons and brackets
MAX_DEPTH = 10  # SQLite's parser has a stack of 100 symbols, and each level takes a handful

# Each is tried at one place only and takes what it can in one step, so that reading takes time by length.
_BLANKS = re.compile(r"\s*+")
_KEY = re.compile(r"[\w./]++")
_OPERATOR = re.compile(r"<=|>=|!=|=|<|>|~")
_QUOTED = re.compile(r'"([^"]*+)"')
_WORD = re.compile(r"[^\s()]++")


@dataclass(frozen=True)
class _Token:
    text: str  # a bracket, a word, or the value of a comparison
    is_bare: bool = True  # a word or bracket that may be more than text: `or`, `not`, `(`
    key: str = ""
    operator: Operator | None = None


def parse_search(text: str) -> Filter | None:
    """None for an empty search.

    Raises:
        ConfigError: a bracket without its other half, `or` and `not` with nothing after them, too long, too many terms.
    """
    if len(text.strip()) > MAX_LENGTH:
        raise _refused(text, f"{len(text):,} characters, where at most {MAX_LENGTH:,} can be looked for")
    text = text.strip().encode(errors="replace").decode().replace("\0", " ")  # what no database can be asked for
    tokens = list(_tokens(text))
    if not tokens:
        return None
    parser = _Parser(tokens, text)
    if len(tokens) > MAX_TERMS:
        parser.fail(f"{len(tokens)} terms, where at most {MAX_TERMS} can be looked for at once")
    found = parser.any_of()
    if parser.position < len(tokens):
        parser.fail("a closing bracket without an opening one")
    return found


def _tokens(text: str) -> Iterator[_Token]:
    place = _after_blanks(text, 0)
    while place < len(text):
        token, place = _token(text, place)
        yield token
        place = _after_blanks(text, place)


def _token(text: str, place: int) -> tuple[_Token, int]:
    """What begins here, where something does, and where it ends."""
    if text[place] in "()":
        return _Token(text[place]), place + 1
    if key := _KEY.match(text, place):
        operator = _OPERATOR.match(text, _after_blanks(text, key.end()))
        if operator and (value := _value(text, _after_blanks(text, operator.end()))):
            return _Token(value[0], False, key.group(), cast("Operator", operator.group())), value[1]
    if quote := _QUOTED.match(text, place):
        return _Token(quote[1], False), quote.end()
    word = _WORD.match(text, place)
    assert word is not None
    return _Token(word.group()), word.end()


def _value(text: str, place: int) -> tuple[str, int] | None:
    """Of a comparison, and where it ends; None where a bracket or the end comes instead."""
    if quote := _QUOTED.match(text, place):
        return quote[1], quote.end()
    word = _WORD.match(text, place)
    return (word.group().strip('"'), word.end()) if word else None


def _after_blanks(text: str, place: int) -> int:
    blanks = _BLANKS.match(text, place)
    return blanks.end() if blanks else place


def _refused(text: str, what: str) -> ConfigError:
    hint = 'words and comparisons such as: resnet (adam or sgd) not val_loss > 0.5 "two words"'
    return ConfigError([Problem("search", f"{quoted(text, 100)} has {what}; accepted are {hint}")])


class _Parser:
    def __init__(self, tokens: list[_Token], text: str) -> None:
        self.tokens, self.text, self.position, self.depth = tokens, text, 0, 0

    def fail(self, what: str) -> None:
        raise _refused(self.text, what)

    def _word(self) -> str:
        """The bare word here in lower case, or the bracket; "" for anything else and at the end."""
        if self.position >= len(self.tokens):
            return ""
        token = self.tokens[self.position]
        return token.text.lower() if token.is_bare else ""

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
        return Compare(token.key, token.operator, token.text) if token.operator else Contains(token.text)

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
