import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.common.text import MAX_QUOTED, quantity, quoted, shortened, significant, suggestion


@pytest.mark.parametrize(
    ("value", "expected"),
    [("adam", "'adam'"), (3, "3"), ([1, "a"], "[1, 'a']"), ("\ud800", "'\\ud800'"), (None, "None")],
)
def test_what_is_short_is_quoted_whole(value: object, expected: str) -> None:
    assert quoted(value) == expected


@given(st.text(min_size=100, max_size=400) | st.lists(st.integers(), min_size=100) | st.binary(min_size=150))
def test_a_quote_has_at_most_two_hundred_characters(value: object) -> None:
    told = quoted(value)
    assert len(told) <= MAX_QUOTED
    assert told.isprintable()


def test_what_python_refuses_to_write_out_is_quoted_by_its_kind() -> None:
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    assert quoted(10**5000) == "a value of type int"
    assert quoted(nested) == "a value of type list"
    assert len(quoted("x" * 10**6)) == len(shortened("x" * 10**6)) == MAX_QUOTED
    assert suggestion("x" * 10**6, ["x" * 200]) == ""


def test_numbers_of_the_data_keep_the_digits_that_tell_them_apart() -> None:
    assert significant([0.1, 5.0]) == 4
    assert significant([1.7e9, 1.7e9 + 60]) == 12
    assert significant([]) == significant([3.0, 3.0]) == 7
    assert significant([math.nan, 2.0, math.inf, 1.0]) == 4
    digits = significant([1_700_000_000.25, 1_700_000_059.5])
    assert quantity(1_700_000_003.27, digits) == "1,700,000,003.27"
    assert quantity(23.456789) == "23.45679"
    assert quantity(206_855.31) == "206,855.3"
    assert quantity(769_204.4, 4) == "769,204"
    assert quantity(1e300) == "1e+300"
    assert (quantity(2021.0), quantity(9999.5), quantity(12_021.0)) == ("2021", "9999.5", "12,021")
