"""A search cut into words, phrases, brackets and comparisons, each with its place, for messages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from core.runs.search_error import SearchError
from core.runs.search_fields import Field, field_named
from core.runs.search_values import MOST_WORDS, duration, moment

Kind = Literal["word", "phrase", "bracket", "not", "compare", "missing"]

# Each is tried at one place only and takes what it can in one step, so that reading takes time by length.
_BLANKS = re.compile(r"\s*+")
_KEY = re.compile(r"\w[\w./@%+-]*+")
_OPERATOR = re.compile(r"==|=~|!~|=>|=<|<=|>=|<>|!=|[=<>~≤≥≠]")
_AFTER_COLON = re.compile(r"<=|>=|<|>")
_QUOTED = re.compile(r'"([^"]*+)"')
_APOSTROPHES = re.compile(r"'([^']*+)'(?![\w'])")
_WORD = re.compile(r"[^\s()]++")
_LISTED = re.compile(r"[^\s()\[\],]++")
_BARE_LIST = re.compile(r"[^\s(),\"'\[\]]++(?:\s*+,\s*+[^\s(),\"'\[\]]++)++")  # 1, 2, 3
_NEGATION = re.compile(r"[-!](?=[^\W\d]|[\"'(#])")
_SPELT = re.compile(
    r"\s++(is\s++not|is|not\s++in|in|not\s++contains|contains|before|after|since|between|like|ilike)(?!\w)", re.I
)
_MISSING = re.compile(r"\s*+(missing|null|none|empty|unset)(?![\w.:=<>~])", re.I)
_NUMBER = re.compile(r"#([0-9]{1,15})(?=[\s)]|$)")

_SAME = {"==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", "=>": ">=", "=<": "<="}
_CONJUNCTIONS = ("or", "and", "not", "||", "&&")


@dataclass(frozen=True)
class Token:
    """A word, phrase or bracket; or the key of a comparison, its operator, and its values, any of which will do."""

    kind: Kind
    at: int
    text: str = ""
    operator: str = ""  # "!~" and "not in" beside those of db.filters; ":" where nothing else was said
    values: tuple[str, ...] = ()
    value_at: int = 0
    quoted: bool = False  # the value: it means itself and nothing else


def tokens(text: str) -> Iterator[Token]:
    """Raises SearchError."""
    place = _after_blanks(text, 0)
    while place < len(text):
        token, place = _token(text, place)
        yield token
        place = _after_blanks(text, place)


def _token(text: str, place: int) -> tuple[Token, int]:
    """What begins here, and where it ends."""
    if text[place] in "()":
        return Token("bracket", place, text[place]), place + 1
    if negation := _NEGATION.match(text, place):
        return Token("not", place), negation.end()
    if number := _NUMBER.match(text, place):
        return Token("compare", place, "id", "=", (number[1],), place), number.end()
    if found := _quote(text, place):
        phrase, end = found
        operator = _OPERATOR.match(text, _after_blanks(text, end))
        if operator and phrase.strip():  # a metric may be called anything
            return _compared(text, place, phrase.strip(), operator)
        return Token("phrase", place, phrase), end
    if key := _KEY.match(text, place):
        read = _comparison(text, place, key)
        if read is not None:
            return read
    elif (operator := _OPERATOR.match(text, place)) is not None:
        raise SearchError(text, place, f'a field is missing before {operator[0]}; put the text itself in quotes: "…"')
    word = _WORD.match(text, place)
    assert word is not None
    return Token("word", place, word.group()), word.end()


def _comparison(text: str, place: int, key: "re.Match[str]") -> tuple[Token, int] | None:
    """What begins with a key; None where it is a word like others."""
    if operator := _OPERATOR.match(text, _after_blanks(text, key.end())):
        return _compared(text, place, key.group(), operator)
    if text.startswith(":", key.end()):
        return _after_colon(text, place, key)
    spelt = _SPELT.match(text, key.end())
    return _spelt(text, place, key.group(), spelt) if spelt else None


def _compared(text: str, place: int, key: str, operator: "re.Match[str]") -> tuple[Token, int]:
    sign = _SAME.get(operator[0], operator[0])
    if sign == "=~":
        raise SearchError(text, operator.start(), "=~ is not known here; ~ is contains")
    begin = _after_blanks(text, operator.end())
    if sign in ("=", "!=") and text.startswith("(", begin):
        return _listed(text, place, key, "in" if sign == "=" else "not in", begin)
    return _with_value(text, place, key, sign, operator.end(), operator[0])


def _after_colon(text: str, place: int, key: "re.Match[str]") -> tuple[Token, int] | None:
    """`user:ada`, `state:failed,lost`, `created:>2026-11-01`; not 12:30, http://…, C:\\."""
    end = key.end() + 1
    is_field = field_named(key.group()) is not None or key.group().lower() in ("no", "has", "is")
    if key.group().isdigit() or (not is_field and (end >= len(text) or text[end] in " \t\r\n/\\:)")):
        return None
    operator = _AFTER_COLON.match(text, _after_blanks(text, end))
    if operator:
        return _with_value(text, place, key.group(), operator[0], operator.end(), operator[0])
    return _with_value(text, place, key.group(), ":", end, ":")


def _spelt(text: str, place: int, key: str, spelt: "re.Match[str]") -> tuple[Token, int] | None:
    word = " ".join(spelt[1].lower().split())
    if word in ("is", "is not") and (missing := _MISSING.match(text, spelt.end())):
        return Token("missing", place, key, word), missing.end()
    begin = _after_blanks(text, spelt.end())
    if word in ("in", "not in") and text.startswith(("(", "["), begin):
        return _listed(text, place, key, word, begin)
    if word in ("in", "not in") and (bare := _BARE_LIST.match(text, begin)):
        values = tuple(value.strip() for value in bare[0].split(","))
        return Token("compare", place, key, word, values, begin, quoted=True), bare.end()
    field = field_named(key)
    if field is None or field.name != key.lower():
        return None  # a text that happens to have the word in it
    if word in ("like", "ilike", "between"):
        instead = f"{key} ~ text, for contains" if word != "between" else f"{key} >= low {key} <= high"
        raise SearchError(text, spelt.start(1), f"{word} is not known here; write {instead}")
    signs = {"is": "=", "is not": "!=", "in": "=", "not in": "!=", "contains": "~", "not contains": "!~"}
    signs |= {"before": "<", "after": ">", "since": ">="} if field.shape == "time" else {}
    if word not in signs:
        return None
    return _with_value(text, place, key, signs[word], spelt.end(), word)


def _with_value(text: str, place: int, key: str, sign: str, end: int, shown: str) -> tuple[Token, int]:
    begin = _after_blanks(text, end)
    missing = f"a value is missing after {key[:40]} {shown}".replace(" :", ":")
    if begin >= len(text) or text[begin] in "()":
        raise SearchError(text, begin, missing)
    if found := _quote(text, begin):
        return Token("compare", place, key, sign, (found[0],), begin, quoted=True), found[1]
    word = _WORD.match(text, begin)
    assert word is not None
    if word.group().lower() in _CONJUNCTIONS:
        raise SearchError(text, begin, f'{missing}; put it in quotes where it is meant: "{word.group()}"')
    if (again := _OPERATOR.match(text, begin)) and sign != ":":
        raise SearchError(text, begin, f"{again[0]} stands where the value of {key[:40]} {shown} should")
    last = _last_of_value(text, field_named(key), word)
    value = text[begin:last]
    values = tuple(part for part in value.split(",") if part) if sign == ":" else (value,)
    return Token("compare", place, key, sign, values or (value,), begin), last


def _last_of_value(text: str, field: Field | None, word: "re.Match[str]") -> int:
    """Where a value ends: with its word; a time and a duration may have several."""
    if field is None or field.shape not in ("time", "duration"):
        return word.end()
    ends = [word.end()]
    while len(ends) < MOST_WORDS and (following := _WORD.match(text, _after_blanks(text, ends[-1]))):
        ends.append(following.end())
    for end in reversed(ends[1:]):
        value = text[word.start() : end]
        if len(value) < 60 and (duration(value) if field.shape == "duration" else moment(value, 1e9, None)):
            return end
    return word.end()


def _listed(text: str, place: int, key: str, sign: str, begin: int) -> tuple[Token, int]:
    """`in (adam, "sgd")`, from its bracket on."""
    values: list[str] = []
    position, end = _after_blanks(text, begin + 1), {"(": ")", "[": "]"}[text[begin]]
    while position < len(text) and text[position] != end:
        if found := _quote(text, position):
            values.append(found[0])
            position = found[1]
        elif text[position] == ",":
            position += 1
        else:
            word = _LISTED.match(text, position)
            if word is None:
                raise SearchError(text, position, "a bracket stands where a value should")
            values.append(word.group())
            position = word.end()
        position = _after_blanks(text, position)
    if position >= len(text):
        raise SearchError(text, begin, "an opening bracket without a closing one")
    if not values:
        raise SearchError(text, position, f"values are missing after {key[:40]} {sign}: write (one, two)")
    return Token("compare", place, key, sign, tuple(values), begin + 1, quoted=True), position + 1


def _quote(text: str, place: int) -> tuple[str, int] | None:
    """What stands in quotes here, and where they end; None where none begin. An apostrophe may be one, or none."""
    if text[place] == '"':
        quote = _QUOTED.match(text, place)
        if quote is None:
            raise SearchError(text, place, "a quote that opens here is not closed")
        return quote[1], quote.end()
    quote = _APOSTROPHES.match(text, place) if text[place] == "'" else None
    return (quote[1], quote.end()) if quote else None


def _after_blanks(text: str, place: int) -> int:
    blanks = _BLANKS.match(text, place)
    return blanks.end() if blanks else place
