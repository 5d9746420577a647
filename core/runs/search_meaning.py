"""What a comparison of a search asks of the store: its field, and its value as that field has it."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import cast

from core.common.text import quoted
from core.runs.search_error import SearchError
from core.runs.search_fields import Field, field_named, states_named
from core.runs.search_names import Known, Names, UnknownKeyError
from core.runs.search_tokens import Token
from core.runs.search_values import DURATIONS, TIMES, Span, duration, moment, number
from db.filters import AllOf, AnyOf, Compare, Contains, Filter, Measure, Missing, Not, Operator

_NONE = ("none", "null")
_WORDS = (*_NONE, "true", "false", "")  # a param without a value, and what is stored as 1 and 0
_NEGATED = {"!=": "=", "!~": "~", "not in": "="}


@dataclass(frozen=True)
class Meaning:
    """Of the comparisons of one search."""

    text: str
    names: Names | None
    now: float  # seconds since 1970
    zone: tzinfo | None

    def of(self, token: Token) -> Filter:
        """Raises SearchError."""
        field = self._field(token.text)
        if token.kind == "missing":
            missing = Missing(field.name) if field else self._missing(token)
            return Not(missing) if token.operator == "is not" else missing
        if token.text.lower() in ("no", "has", "is") and token.operator == ":":
            return self._of_github(token)
        one, negated = token, token.operator in _NEGATED
        operator = _NEGATED.get(token.operator, token.operator)
        operator = "=" if operator == "in" else operator
        if operator == ":":
            operator = "~" if field is not None and field.shape == "text" else "="
        read = self._of_field if field else self._of_key
        terms = tuple(read(field, one, operator, value) for value in token.values)
        if negated and len(terms) == 1 and isinstance(terms[0], Compare) and operator == "=":
            return Compare(terms[0].key, "!=", terms[0].value, terms[0].among)
        found = terms[0] if len(terms) == 1 else AnyOf(terms)
        return Not(found) if negated else found

    def _field(self, key: str) -> Field | None:
        """Another name of a field gives way to what runs have by that name."""
        field = field_named(key)
        if field and field.name != key.lower() and "." not in key and self.names and self.names.has(key):
            return None
        return field

    def _fail(self, at: int, what: str) -> SearchError:
        return SearchError(self.text, at, what)

    def _of_github(self, token: Token) -> Filter:
        """`is:failed`, `no:tag`, `has:notes`."""
        if token.text.lower() == "is":
            return self._of_field(field_named("state"), token, "=", token.values[0])
        key = token.values[0]
        field = self._field(key)
        missing = Missing(field.name) if field else self._missing(Token("missing", token.value_at, key))
        return missing if token.text.lower() == "no" else Not(missing)

    def _missing(self, token: Token) -> Filter:
        if self.names is None:
            return Missing(token.text)
        try:
            known = self.names.find(token.text, sections=True)
        except UnknownKeyError as error:
            raise self._fail(token.at, str(error)) from None
        return Missing(known.key, known.among)

    def _of_field(self, field: Field | None, token: Token, operator: str, value: str) -> Filter:
        assert field is not None
        if operator not in field.operators:
            accepted = " ".join(field.operators)
            raise self._fail(token.at, f"{field.name} cannot be compared by {operator}; it is by {accepted}")
        if field.shape == "state":
            try:
                states = states_named(value)
            except ValueError as error:
                raise self._fail(token.value_at, str(error)) from None
            found = tuple(Compare("state", "=", state.value) for state in states)
            return found[0] if len(found) == 1 else AnyOf(found)
        if not field.is_ordered:
            return Compare(field.name, cast("Operator", operator), value)
        return self._ranged(field, token, operator, value) or self._measured(field, token, operator, value)

    def _ranged(self, field: Field, token: Token, operator: str, value: str) -> Filter | None:
        """`created:2026-11-01..2026-11-15`."""
        low, dots, high = value.partition("..")
        if not dots or operator != "=" or token.quoted or "." in (low[-1:], high[:1]):
            return None
        ends = [(sign, end) for sign, end in ((">=", low), ("<=", high)) if end not in ("", "*")]
        return AllOf(tuple(self._measured(field, token, sign, end) for sign, end in ends))

    def _measured(self, field: Field, token: Token, operator: str, value: str) -> Filter:
        span = self._span(field, token, value)
        low, high = (span.low, span.high) if span.exact is None else (span.exact, span.exact)
        if operator == "=":
            if span.low == span.high:
                return Measure(field.name, "=", span.low)
            return AllOf((Measure(field.name, ">=", span.low), Measure(field.name, "<", span.high)))
        if low == high:
            return Measure(field.name, cast("Operator", operator), low)
        # More than a day is after all of it.
        return {
            "<": Measure(field.name, "<", low),
            "<=": Measure(field.name, "<", high),
            ">": Measure(field.name, ">=", high),
            ">=": Measure(field.name, ">=", low),
        }[operator]

    def _span(self, field: Field, token: Token, value: str) -> Span:
        if field.shape == "number":
            whole = value.removeprefix("#")
            if whole.isascii() and whole.isdigit() and len(whole) < 16:
                return Span(float(whole), float(whole))
            accepted = "a run's number, such as 12"
        elif field.shape == "duration":
            span = duration(value)
            accepted = f"a duration: {DURATIONS}"
        else:
            span = moment(value, self.now, self.zone)
            accepted = f"a time: {TIMES}"
        if field.shape == "number" or span is None:
            raise self._fail(token.value_at, f"{quoted(value, 40)} is no value of {field.name}; accepted is {accepted}")
        return span

    def _of_key(self, _: Field | None, token: Token, operator: str, value: str) -> Filter:
        """A param or a metric."""
        low, dots, high = value.partition("..")
        if dots and operator == "=" and not token.quoted and None not in (number(low), number(high)):
            return AllOf(tuple(self._of_key(None, token, *each) for each in ((">=", low), ("<=", high))))
        known = self._known(token)
        if known is None:  # a tag that has a colon in it
            return Contains(f"{token.text}:{','.join(token.values)}")
        read = number(value)
        if read is not None:
            value = str(read) if value.endswith("%") and operator != "~" else value
        elif operator != "~" and value.lower() not in _WORDS and self._is_number(known):
            raise self._fail(token.value_at, f"{known.key} is a number, and {quoted(value, 40)} is none")
        compared = Compare(known.key, cast("Operator", operator), value, known.among)
        if operator == "=" and value.lower() in _NONE and not token.quoted:
            return AnyOf((compared, Missing(known.key, known.among)))
        return compared

    def _is_number(self, known: Known) -> bool:
        return self.names is not None and self.names.is_number(known)

    def _known(self, token: Token) -> Known | None:
        if self.names is None:
            return Known(token.text)
        try:
            return self.names.find(token.text)
        except UnknownKeyError as error:
            if token.operator == ":" and self.names.is_in_tag(f"{token.text}:{','.join(token.values)}"):
                return None
            hint = f'; text with a colon stands in quotes: "{token.text}:…"' if token.operator == ":" else ""
            raise self._fail(token.at, f"{error}{hint}") from None
