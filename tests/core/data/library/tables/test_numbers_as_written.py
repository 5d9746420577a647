"""Numbers as people write them, decided over a whole column and shown."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.library.tables import numbers
from tests.core.data.library.tables.conftest import Look, column, values

SCALED = "K, M and their like multiplied out"
COMMA_THOUSANDS = "a comma between thousands, a decimal point"
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
        (["12.-", "1'200.--", "3.50"], [12, 1200, 3.5], "an apostrophe between thousands, a decimal point"),
        (["1.200,-", "3,–"], [1200, 3], "a point between thousands, a decimal comma"),
        (["1.2K", "3M"], [1200, 3_000_000], SCALED),
        (["$1.1M", "$240k", "$7"], [1_100_000, 240_000, 7], f"in $, {SCALED}"),
        (["1,5 Mio. €", "2 Mrd. €"], [1_500_000, 2e9], f"a decimal comma, in €, {SCALED}"),
        (["EUR 1.2K", "7.– EUR"], [1200, 7], f"in €, {SCALED}"),
        (["1.5万", "3亿"], [15_000, 3e8], SCALED),
        (["293 K", "280 K"], [293, 280], "in K"),
        (["1.2‰", "3 ‰"], [1.2, 3], "in ‰"),
        (["１２", "３．５"], [12, 3.5], ""),
        (["١٢٫٥", "−٣"], [12.5, -3], ""),
        (["१२", "–5", "- 3"], [12, -5, -3], ""),
        (["5.3cm", "12 cm"], [5.3, 12], "in cm"),
        (["1 year", "2 years"], [1, 2], "in years"),
        ([f"{number}.5 parsecs" for number in range(2, 9)], [number + 0.5 for number in range(2, 9)], "in parsecs"),
        (["1,000+", "500+", "50+", "10+", "5+", "1+"], [1000, 500, 50, 10, 5, 1], f"{COMMA_THOUSANDS}, with +"),
    ],
)
def test_each_way_of_writing_is_understood(written: list[str], meant: list[float], told: str) -> None:
    reading = numbers.read(pa.array(written))

    assert reading.all_fit
    assert reading.numbers.tolist() == meant
    assert reading.style.told == told


@pytest.mark.parametrize(
    "written",
    [
        ["1.5", "2,5"],
        ["$5", "€5"],
        ["12%", "0.5"],
        ["1 234", "1'234"],
        ["12:30", "5"],
        ["1 kg", "500 g"],
        ["2WD", "4WD"],
        ["1st", "2nd", "3rd", "4th", "5th", "6th"],
        ["12K", "12A"],
        ["1.-3", "4"],
        ["1e5K", "2"],
    ],
)
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
        "94 % of the cells are numbers, but not 'tba' in row 31, '5 foo' in row 32. --missing 'price=tba' --missing "
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

    assert bool(numbers.is_code(values)) == codes


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


def test_a_unit_of_any_name_is_one_in_the_first_rows_too(look: Look) -> None:
    preview = look("way,y\n" + "".join(f"{7 if at < 25 else at * 3 % 50}.5 parsec,{at % 5}\n" for at in range(60)))

    assert column(preview, "way").how == "numbers, in parsec"
    assert values(preview, "way")[0] == 7.5


def test_numbers_in_two_units_are_told(look: Look) -> None:
    preview = look("weight,y\n" + "".join(f"{at * 7 % 13 + at} {('kg', 'g')[at % 2]},{at % 5}\n" for at in range(30)))

    assert "in two units, such as '0 kg' and '8 g'" in column(preview, "weight").question


SCRIPTS = ("0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९")


@given(
    st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=15, unique=True),
    st.sampled_from(SCRIPTS),
    st.sampled_from(["-", "−", "–", "- "]),
    st.sampled_from(["", " ", "\u00a0", "\u202f", "'", "’"]),
    st.sampled_from(["", " kg", "K", "%", " €", " Mio."]),
)
def test_numbers_of_every_script_are_read_as_they_were(
    meant: list[int], digits: str, minus: str, group: str, behind: str
) -> None:
    def written(number: int) -> str:
        text = f"{abs(number):,}".replace(",", group)
        return (minus if number < 0 else "") + text.translate(str.maketrans(SCRIPTS[0], digits)) + behind

    found = numbers.read(pa.array([written(number) for number in meant]))

    power = {"K": 3, " Mio.": 6}.get(behind, 0)
    assert found.all_fit
    assert found.numbers.tolist() == [number * 10**power for number in meant]
