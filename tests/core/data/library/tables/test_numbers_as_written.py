"""Numbers as people write them, decided over a whole column and shown."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.library.tables import numbers
from tests.core.data.library.tables.conftest import Look, column, values

LEDGER = "with brackets or a minus behind for negative numbers"


@pytest.mark.parametrize(
    ("written", "meant", "told"),
    [
        (["1", "-2.5", "+3.", ".5", "1e-3"], [1, -2.5, 3, 0.5, 0.001], ""),
        (["5,29", "3,01", "-,5"], [5.29, 3.01, -0.5], "a decimal comma"),
        (["1,234.5", "12", "999"], [1234.5, 12, 999], "a comma between thousands, a decimal point"),
        (["1.234,5", "7"], [1234.5, 7], "a point between thousands, a decimal comma"),
        (["1.234.567", "7"], [1234567, 7], "a point between thousands, a decimal comma"),
        (["1 234,5", "2\u00a0000", "3\u202f500"], [1234.5, 2000, 3500], "a blank between thousands, a decimal comma"),
        (["1'234.50", "1’200"], [1234.5, 1200], "an apostrophe between thousands, a decimal point"),
        (["12,34,567", "1,00,000"], [1234567, 100000], "a comma between thousands, a decimal point"),
        (["12%", "3.5 %"], [12, 3.5], "in percent"),
        (["12,5 %", "3 %"], [12.5, 3], "a decimal comma, in percent"),
        (["$1,200.50", "-$5", "($3)"], [1200.5, -5, -3], f"a comma between thousands, a decimal point, in $, {LEDGER}"),
        (["5,00 €", "€ 7,10", "8 EUR"], [5, 7.1, 8], "a decimal comma, in €"),
        (["CHF 1'200.50", "Fr. 3"], [1200.5, 3], "an apostrophe between thousands, a decimal point, in CHF"),
        (["₹ 1,00,000", "Rs. 5"], [100000, 5], "a comma between thousands, a decimal point, in ₹"),
        (["(5.00)", "3.50-", "\u22124"], [-5, -3.5, -4], LEDGER),
        (["7", "\u22124"], [7, -4], ""),
        (["1,234", "234", "1234"], [1234, 234, 1234], "a comma between thousands, a decimal point"),
        (["1,234", "2,5", "1234"], [1.234, 2.5, 1234], "a decimal comma"),
        (["1.200", "950", "345.000"], [1200, 950, 345000], "a point between thousands, a decimal comma"),
        (["1.200 €", "950 €"], [1200, 950], "a point between thousands, a decimal comma, in €"),
        (["1.125", "2", "3.375"], [1.125, 2, 3.375], ""),
        (["0,123", "1,234"], [0.123, 1.234], "a decimal comma"),  # no number of thousands begins with zero
        (["1,5E+3", "2"], [1500, 2], "a decimal comma"),
    ],
)
def test_each_way_of_writing_is_understood(written: list[str], meant: list[float], told: str) -> None:
    reading = numbers.read(pa.array(written))

    assert reading.all_fit
    assert reading.numbers.tolist() == meant
    assert reading.style.told == told


@pytest.mark.parametrize("written", [["1.5", "2,5"], ["$5", "€5"], ["12%", "0.5"], ["1 234", "1'234"], ["12:30", "5"]])
def test_ways_of_writing_are_not_mixed(written: list[str]) -> None:
    assert not numbers.read(pa.array(written)).all_fit


def test_what_is_open_is_as_in_the_other_columns_and_asked_about(look: Look) -> None:
    german = look("a;b;y\n" + "1,234;0,5;x\n2,345;0,7;z\n" * 3)
    quoted = "a,b,y\n" + '"1,234",0.5,x\n"2,345",0.7,z\n' * 3
    english = look(quoted)

    assert values(german, "a")[:2] == [1.234, 2.345]
    assert values(english, "a")[:2] == [1234, 2345]
    assert "--decimal 'a=,' reads it otherwise" in column(english, "a").question
    assert values(look(quoted, decimal_in={"a": ","}), "a")[:2] == [1.234, 2.345]


@pytest.mark.parametrize(
    ("written", "open"),
    [
        (["1.200", "950", "12.500"], True),
        (["1.125", "2", "3.375"], True),
        (["1,234", "234", "1234"], True),
        (["1.200", "950", "12.5"], False),
        (["0.125", "2", "3.375"], False),
        (["0,125", "2", "3,375"], False),
    ],
)
def test_three_digits_behind_every_sign_are_asked_about(written: list[str], open: bool) -> None:
    assert numbers.read(pa.array(written)).style.open == open
    assert not numbers.read(pa.array(written), ".").style.open


def test_german_thousands_are_told_with_the_option(look: Look) -> None:
    content = "x,sales,y\n" + "".join(
        f"{at}.5,{text},{at % 2}\n" for at, text in enumerate(["1.200", "950", "12.500"] * 8)
    )

    preview = look(content, target="y")

    assert values(preview, "sales")[:3] == [1200, 950, 12500]
    assert "1.200 is read as 1200; --decimal 'sales=.' reads it otherwise" in column(preview, "sales").question
    assert values(look(content, target="y", decimal_in={"sales": "."}), "sales")[:3] == [1.2, 950, 12.5]


@pytest.mark.parametrize("written", [("1-", "2-", "3-", "2", "1"), ("(1)", "(2)", "(3)")])
def test_grades_and_footnotes_are_no_negative_numbers_and_are_asked_about(look: Look, written: tuple[str, ...]) -> None:
    preview = look("grade,y\n" + "".join(f"{written[at % len(written)]},{at % 2}\n" for at in range(30)), target="y")

    assert column(preview, "grade").kind == "category"
    asked = column(preview, "grade").question
    assert f"'{written[0]}' is kept as written; if it is a negative number, write -1." in asked


def test_cells_that_keep_a_column_from_being_numbers_are_told_with_the_option(look: Look) -> None:
    content = "price,y\n" + "".join(f"{at}.5,{at % 2}\n" for at in range(30)) + "tba,1\n5 foo,0\n"

    preview = look(content, target="y")

    assert column(preview, "price").question == (
        "94% of the cells are numbers, but not 'tba' in row 31, '5 foo' in row 32. --missing 'price=tba' --missing "
        "'price=5 foo' counts them as missing, and the rest as numbers."
    )
    assert column(look(content, missing_in={"price": ("tba", "5 foo")}), "price").kind == "number"


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        (["007", "7", "07"], True),
        (["1E1", "10", "2E1", "20"], True),
        (["12345678901234567", "12345678901234568"], True),
        (["01.10", "01.1", "2.5"], True),
        (["01.1991", "12.1991"], True),
        (["-01", "-1", "5"], True),
        (["+1", "1", "2"], True),
        (["+491701234567", "+491701234568"], True),
        (["+49 170 123", "+49 171 456"], True),
        (["12e4", "34e2", "7e1"], True),
        (["1E1", "1E2", "10"], True),
        (["+1.5", "-2", "+3"], False),
        (["1e5", "1e-3"], False),
        (["1e+05", "200"], False),
        (["0", "1", "0.5"], False),
        (["1e5", "2e6", "1.5e3"], False),
    ],
)
def test_codes_are_told_from_numbers(written: list[str], codes: bool) -> None:
    values = pa.array(written)

    assert bool(numbers.is_code(values, numbers.read(values).numbers)) == codes


@given(
    st.lists(st.floats(-1e9, 1e9).map(lambda number: round(number, 3)), min_size=1, max_size=30, unique=True),
    st.sampled_from([(".", ""), (",", ""), (".", ","), (",", "."), (".", " "), (",", " "), (".", "'"), (",", "'")]),
)
def test_what_is_written_in_any_way_is_read_as_it_was(meant: list[float], signs: tuple[str, str]) -> None:
    decimal, group = signs
    written = [f"{number:,.3f}".replace(",", "\0").replace(".", decimal).replace("\0", group) for number in meant]

    reading = numbers.read(pa.array(written), decimal)  # said: 1,234 alone tells nothing

    assert reading.all_fit
    assert reading.numbers.tolist() == [float(f"{number:.3f}") for number in meant]
