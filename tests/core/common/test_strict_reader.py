"""What people write as JSON or YAML means one thing to everybody, or is refused with the place."""

import json
import math
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from core.common.errors import ConfigError
from core.common.plain_values import AmbiguousError, plain_value
from core.common.strict_reader import MAX_CHARACTERS, read, write

_MARKS = "-  a:  b {} [] ,  ? &x *x !!bool !!float !a <<: 010 1:30 1e999 \" ' --- ... %YAML\t1.1 é"
_SIGNS = ["\n", "\n  ", ": ", "- ", "|\n", ">\n", "\t", "\0", "\ud800", "9" * 400]
PIECES = st.sampled_from([*_MARKS.split(" "), *_SIGNS])
TEXTS = st.text(max_size=80) | st.lists(PIECES, max_size=40).map("".join)
WORDS = st.text(max_size=20) | st.sampled_from(
    ["yes", "010", "1:30", "1e-3", "~", "", "<<", "2026-01-31", "0x1F", "=", "0o7"]
)
TEXT = WORDS.filter(lambda text: not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1e-3  # a rate\nb: -2.5E+7\nc: [64, 64]", {"a": 1e-3, "b": -2.5e7, "c": [64, 64]}),
        ("2026-01-31", "2026-01-31"),
        ("- Dense: {units: 64}\n- Flatten\n- ", [{"Dense": {"units": 64}}, "Flatten", None]),
        ("yes", True),
        ("off", False),
        ("0x1F", 31),
        ("1_000", 1000),
        ("-.inf", -math.inf),
        ("10.0.0.1", "10.0.0.1"),
        ('"010"', "010"),
        ("'1:30'", "1:30"),
        ("1: {2: é}", {"1": {"2": "é"}}),
        ('{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}),
        ("", None),
    ],
)  # fmt: skip
def test_values_are_read_as_people_mean_them(text: str, expected: object) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ("t:\n  epochs: 2\n  epochs: 7\n", "t.epochs", "is given twice, at lines 2 and 3"),
        ('{"a": [{"b": 1,\n "b": 2}]}', "a.item 1.b", "is given twice, at lines 1 and 2"),
        ("x: 010", "x", "'010' at line 1: a number that begins with 0 is octal"),
        ("x: 1:30", "x", "'1:30' at line 1: numbers with colons count in sixties"),
        ("- !!bool foo", "item 1", "the tag '!!bool' at line 1 is not accepted"),
        ("!!bool x", "", "the tag '!!bool' at line 1"),
        ("a: !!timestamp x", "a", "the tag '!!timestamp'"),
        ("a: &x [1]\nb: *x", "", "an alias at line 2"),
        ("a:\n  <<: {b: 1}", "a", "a merge key stands at line 2"),
        ("a: 1\n---\na: 2", "", "a second document begins at line 2"),
        ("? [1, 2]\n: 3", "", "the key at line 1 is no text"),
        ("9" * 301, "", "a number of 301 digits; at most 300"),
        ("x" * (MAX_CHARACTERS + 1), "", "it has 300,001 characters; at most 300,000"),
        ("- " * 60 + "x", "", "nests values more than 50 deep"),
        ("[" * 60 + "]" * 60, "", "nests values more than 50 deep"),
        ('"\\ud800"', "", "characters that no file of text has"),
        ('{"a\\u0000": 1}', "", "characters that no file of text has"),
    ],
)
def test_what_two_readers_could_read_differently_is_refused_with_its_place(text: str, field: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    problem = caught.value.problems[0]
    assert problem.field == field
    assert message in problem.message


def test_every_key_given_twice_is_told_at_once_but_not_thousands() -> None:
    with pytest.raises(ConfigError) as caught:
        read("a: 1\nb: 1\na: 2\nb: 2")
    assert [problem.field for problem in caught.value.problems] == ["a", "b"]
    with pytest.raises(ConfigError) as caught:
        read("a: 1\n" * 50_000)
    assert len(caught.value.problems) <= 20


@given(TEXTS)
@example("<<: 3")
@example("!!int x: 1")
@example("{a: 1, a: 2}")
def test_whatever_is_written_it_is_read_or_refused_in_few_words(text: str) -> None:
    try:
        value = read(text)
    except ConfigError as error:
        assert len(str(error)) < 20 * 700
        return
    json.dumps(value, ensure_ascii=False).encode()


@given(VALUES)
def test_what_was_written_is_read_as_the_same_value(value: object) -> None:
    assert read(write(value)) == value
    assert read(write(value, in_one_line=True)) == value
    assert read(json.dumps(value)) == value


@pytest.mark.parametrize(
    "text", ["[" * 300_000, "- " * 150_000, "? " * 150_000, '{"a":' * 60_000, "{" * 49 + "a," * 100_000]
)
def test_what_is_nested_too_deep_is_given_up_at_the_first_level_too_many(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    parse: Any = yaml.parse

    def counted(event: object) -> object:
        seen.append(event)
        return event

    monkeypatch.setattr(yaml, "parse", lambda *args, **more: map(counted, parse(*args, **more)))
    with pytest.raises(ConfigError):
        read(text)
    assert len(seen) < 300


@given(st.text(max_size=30) | st.from_regex(r"[-+.0-9_:eExb]{1,12}", fullmatch=True))
def test_a_plain_word_is_a_value_or_ambiguous(text: str) -> None:
    try:
        value = plain_value(text)
    except AmbiguousError:
        return
    assert isinstance(value, str | bool | int | float | None)
