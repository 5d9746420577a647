"""What people type of a field is cut where signs mean something, and what is written of one reads as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.common.errors import ConfigError
from core.sweeps.cut_words import cut
from core.sweeps.fields import Choices, Varied, When, from_words, written
from core.sweeps.list_fields import fields_from_words


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ('host="me@here",other', ("me@here", "other")),
        ("host='me@here'", ("me@here",)),
        ('words="a, b",c', ("a, b", "c")),
        ('path="../data","./x"', ("../data", "./x")),
        ('lists=["a,b@c"],[1]', (["a,b@c"], [1])),
        ("name=it's,5'", ("it's", "5'")),  # no quotes
        ('number="1",1', ("1", 1)),
    ],
)
def test_signs_within_quotes_are_part_of_a_choice(text: str, choices: tuple[object, ...]) -> None:
    varied = from_words(text)
    assert isinstance(varied.range, Choices)
    assert varied.range.values == choices
    assert varied.when is None


def test_a_condition_may_follow_quotes_and_have_some() -> None:
    varied = from_words('rate=0.1,0.2@host="me@here"|"a|b"')
    assert varied.when == When(field="host", values=("me@here", "a|b"))
    assert cut('"a@b"@c=d', "@") == ['"a@b"', "c=d"]
    with pytest.raises(ConfigError, match=r"received \'@here,b\'; a choice that contains an @, a comma or \.\. stands"):
        from_words("host=me@here,b")


def test_very_long_numbers_and_names_are_not_printed_whole() -> None:
    for text in ("x=" + "9" * 5000 + " of 1..2", "9" * 5000 + "=1,2", "x=1.." + "9" * 5000, "x=1..5@y=" + "9" * 5000):
        with pytest.raises(ConfigError) as caught:
            fields_from_words(text)
        assert len(str(caught.value)) < 400


@pytest.mark.hypothesis
@given(
    st.lists(st.text(max_size=8) | st.integers(-99, 99) | st.booleans(), min_size=1, max_size=4),
    st.none() | st.lists(st.text(max_size=8), min_size=1, max_size=3),
)
def test_what_is_written_of_choices_reads_as_the_same(values: list[object], condition: list[str] | None) -> None:
    when = None if condition is None else When(field="other", values=tuple(condition))
    varied = Varied(field="x", range=Choices(values=tuple(values)), when=when)
    try:
        again = from_words(written(varied))
    except ConfigError as error:  # characters that nobody may type
        assert "character" in str(error) or "text" in str(error)
        return
    assert again == varied
    assert isinstance(again.range, Choices)
    assert [*map(type, again.range.values)] == [*map(type, values)]
