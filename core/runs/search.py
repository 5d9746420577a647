"""The search box: words, comparisons, quotes, `or`, `not` and brackets, as a filter. docs/search.md tells all of it.

resnet -draft "two words"         anywhere in name, notes, preset, tags or params
batch_size = 64   lr < 0.01       a param by its name or the end of it
val_accuracy.best > 0.9           a metric's last, best, min or max
state = failed   tag:paper        a field of the run itself, see core.runs.search_fields
duration > 2h   created > 3 days ago
tag != paper   notes is missing   also of runs that have none; ~ is "contains", !~ is "does not contain"
adam or (sgd not "first try")
"""

import time
from datetime import tzinfo

from core.runs.search_error import SearchError
from core.runs.search_meaning import Meaning
from core.runs.search_names import Names
from core.runs.search_tokens import Token, tokens
from db.filters import AllOf, AnyOf, Contains, Filter, Not

MAX_LENGTH = 2000  # characters of a search; each of its terms is looked for in the texts of all runs
MAX_TERMS = 100  # words, brackets, and values of comparisons
MAX_DEPTH = 10  # SQLite's parser has a stack of 100 symbols, and each level takes a handful

_OR, _AND = ("or", "||", "|"), ("and", "&&", "&")


def parse_search(
    text: str, names: Names | None = None, *, now: float | None = None, zone: tzinfo | None = None
) -> Filter | None:
    """None for an empty search.

    Args:
        names: what params and metrics there are; without them, each key is taken to be known.
        now: seconds since 1970 by which "3 days ago" is meant; the present time if None.
        zone: whose days and hours are meant; None for this process's.

    Raises:
        SearchError: a ConfigError that marks the place: a bracket or quote without its other half, nothing after `or`,
            `not` or an operator, a field that no run has, a value of the wrong kind, too long, too many terms.
    """
    if len(text.strip()) > MAX_LENGTH:
        raise SearchError(
            text[: MAX_LENGTH + 1], MAX_LENGTH, f"{len(text):,} characters, where at most {MAX_LENGTH:,} can be read"
        )
    # What no database can be asked for; one character each, so that places stay.
    text = "".join(" " if each.isspace() or each == "\0" else each for each in text)
    text = text.encode(errors="replace").decode()
    found = list(tokens(text))
    if not found:
        return None
    places = [token.at for token in found for _ in token.values or (token.text,)]  # each value is a term
    if len(places) > MAX_TERMS:
        what = f"{len(places)} terms, where at most {MAX_TERMS} can be looked for at once"
        raise SearchError(text, places[MAX_TERMS], what)
    parser = _Parser(found, text, Meaning(text, names, time.time() if now is None else now, zone))
    filtered = parser.any_of()
    if parser.position < len(found):
        parser.fail("a closing bracket without an opening one")
    return filtered


class _Parser:
    def __init__(self, found: list[Token], text: str, meaning: Meaning) -> None:
        self.tokens, self.text, self.meaning = found, text, meaning
        self.position, self.depth = 0, 0
        self.opened: list[int] = []  # places of brackets

    def fail(self, what: str, at: int | None = None) -> None:
        here = self.tokens[self.position].at if self.position < len(self.tokens) else len(self.text.rstrip())
        raise SearchError(self.text, here if at is None else at, what)

    def _word(self) -> str:
        """The bare word here in lower case, or the bracket; "" for anything else and at the end."""
        if self.position >= len(self.tokens):
            return ""
        token = self.tokens[self.position]
        if token.kind == "not":
            return "not"
        return token.text.lower() if token.kind in ("word", "bracket") else ""

    def any_of(self) -> Filter:
        terms = [self._all_of()]
        while self._word() in _OR:
            self.position += 1
            terms.append(self._all_of())
        return terms[0] if len(terms) == 1 else AnyOf(tuple(terms))

    def _all_of(self) -> Filter:
        terms: list[Filter] = []
        joined = False
        while self.position < len(self.tokens) and self._word() not in (*_OR, ")"):
            if self._word() in _AND:
                if not terms:
                    self.fail("nothing to look for before and")
                joined = True
                self.position += 1
                continue
            terms.append(self._term())
            joined = False
        if joined:
            self.fail("nothing to look for after and")
        if not terms:
            self._nothing()
        return terms[0] if len(terms) == 1 else AllOf(tuple(terms))

    def _nothing(self) -> None:
        before = self.tokens[self.position - 1].text.lower() if self.position else ""
        if before in _OR:
            still = ", in a bracket that is not closed" if self.opened and self.position >= len(self.tokens) else ""
            self.fail(f"nothing to look for after {before}{still}")
        if before == "(" and self._word() != ")":
            self.fail("an opening bracket without a closing one", self.opened[-1])
        self.fail(
            "nothing to look for in the brackets" if before == "(" else f"nothing to look for before {self._word()}"
        )

    def _term(self) -> Filter:
        word = self._word()
        token = self.tokens[self.position]
        if word in ("not", "("):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                self.fail(f"more than {MAX_DEPTH} brackets or nots within each other")
            self.position += 1
            inner = self._negated() if word == "not" else self._bracketed(token.at)
            self.depth -= 1
            return inner
        self.position += 1
        if token.kind in ("compare", "missing"):
            return self.meaning.of(token)
        return Contains(token.text)

    def _negated(self) -> Filter:
        if self.position >= len(self.tokens) or self._word() in (*_OR, *_AND, ")"):
            self.fail("nothing after not")
        return Not(self._term())

    def _bracketed(self, at: int) -> Filter:
        self.opened.append(at)
        inner = self.any_of()
        if self._word() != ")":
            self.fail("an opening bracket without a closing one", at)
        self.opened.pop()
        self.position += 1
        return inner
