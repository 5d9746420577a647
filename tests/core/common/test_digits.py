"""Numbers of a column get the digits in which they differ."""

import math

import pytest

from core.common.digits import aligned, as_beside, as_read, decimals, plus_minus


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.97712, 0.99051], ["0.9771", "0.9905"]),  # as far as they differ
        ([1.65, 0.3], ["1.65", "0.30"]),
        ([18.234, 18.2351], ["18.23400", "18.23510"]),
        ([0.12345], ["0.1235"]),  # alone
        ([34.471234, 34.471234], ["34.47", "34.47"]),
        ([0.9721, 0.9721 * (1 + 2e-7)], ["0.9721", "0.9721"]),  # the same but for rounding
        ([0.5, None, math.nan, math.inf], ["0.5000", "", "NaN", "∞"]),
        ([3.0, 1.0], ["3", "1"]),  # whole numbers
        ([0.01, 100.0], ["0.010", "100.000"]),  # the smallest is seen, too
        ([1e-9, 1e-3], ["1.000e-09", "1.000e-03"]),
        ([1e12, 2.5], ["1.000e+12", "2.500e+00"]),
        ([0.0, 0.0], ["0", "0"]),
        ([-0.25, 0.25], ["-0.2500", "0.2500"]),
        ([0.6375, 0.9], ["0.6375", "0.9000"]),  # scores, as elsewhere
        ([0.11195, 0.11321, 0.1522, 0.2, 2.1], ["0.1119", "0.1132", "0.1522", "0.2000", "2.1000"]),  # one diverged
        ([1.000011, 1.000012, 1.000013, 1.1], ["1.000011", "1.000012", "1.000013", "1.100000"]),
        ([], []),
    ],
)
def test_values_have_the_digits_in_which_they_differ(values: list[float | None], shown: list[str]) -> None:
    assert aligned(values) == shown


def test_a_value_stands_in_a_sentence_with_the_decimals_of_those_beside_it() -> None:
    others = (0.024, 0.0172, 0.0308)
    assert [as_beside(value, others) for value in (0.024, -0.1, 0.0, 0.00001)] == [
        "0.0240",
        "-0.1000",
        "0.0000",
        "1.000e-05",
    ]
    assert as_beside(12_345.6, (12_300.0, 12_500.5)) == "12,346"


def test_what_needs_exponents_has_no_decimals() -> None:
    assert decimals([1e-12, 1.0]) is None
    assert decimals([None, math.nan]) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [("0.00019112786203538", "0.0001911"), ("7.26217221694e-05", "7.262e-05"), ("0.001", "0.001"),
     ("12345678", "12345678"), ("0.12345.7890", "0.12345.7890"), ("[0.123456789]", "[0.123456789]"), ("", "")],
)  # fmt: skip
def test_what_a_search_drew_is_read_with_four_digits_and_other_texts_stay(text: str, told: str) -> None:
    assert as_read(text) == told


@pytest.mark.parametrize(
    ("mean", "deviation", "told"),
    [
        (0.0441, 0.01203, "0.044 ± 0.012"),
        (0.35, 0.01414, "0.350 ± 0.014"),
        (0.35, 0.00999, "0.350 ± 0.010"),
        (12_345.6, 78.9, "12,346 ± 79"),
        (0.35, 0.0, "0.35 ± 0"),
        (0.35, 1e-12, "0.35 ± 1.000e-12"),
        (0.35, math.nan, "0.35"),
    ],
)
def test_a_mean_has_the_decimals_of_its_deviation(mean: float, deviation: float, told: str) -> None:
    assert plus_minus(mean, deviation) == told
