"""Numbers that could mean something else are asked about, and never learned from as such without a word."""

import numpy as np
import pyarrow as pa
import pytest

from core.common.errors import DataError
from core.data.library.tables.ambiguous import spelled_twice
from core.data.library.tables.missing import sentinels
from tests.core.data.library.tables.conftest import Add, Look, column

SECTIONS = "a,section\n" + "".join(f"{at % 7}.5,{('3.9', '3.10', '3.1', '3.2')[at % 4]}\n" for at in range(60))
KINDS = "form,n\n" + "".join(f"{at % 3 + 1}B,{at}.5\n" for at in range(60))


@pytest.mark.parametrize(
    ("written", "twins"),
    [
        ("3.8 3.9 3.10 3.1 3.11", ("3.1", "3.10")),
        ("1,50 1,5", ("1,5", "1,50")),
        ("3.10 3.20 3.15 3.00", None),
        ("1 1.0 2.0 2", None),
        ("0.5 1.25 10", None),
    ],
)
def test_one_number_in_two_spellings_is_found(written: str, twins: tuple[str, str] | None) -> None:
    assert spelled_twice(pa.array(written.split())) == twins


def test_versions_as_a_feature_are_asked_about(look: Look) -> None:
    question = column(look(SECTIONS, target="a"), "section").question

    assert question.startswith("3.1 and 3.10 are read as one number; where they are two, --column 'section=category'")


def test_versions_as_a_target_are_no_regression_without_a_word(add: Add) -> None:
    with pytest.raises(DataError, match="--task regression for numbers, --column 'section=category' for classes"):
        add(SECTIONS, target="section")
    added = add(SECTIONS, target="section", columns={"section": "category"})

    assert added.info.class_names == ("3.1", "3.10", "3.2", "3.9")


def test_letters_behind_few_numbers_may_be_kinds(look: Look, add: Add) -> None:
    asked = column(look(KINDS, target="n"), "form")
    as_target = column(look(KINDS, target="form"), "form")

    assert asked.question == "1B is read as 1000000000; --column 'form=category' keeps them as they are written."
    assert (as_target.how, as_target.question) == ("3 classes, as written", "")
    added = add(KINDS, target="form")
    assert added.info.class_names == ("1B", "2B", "3B")
    assert "multiplied" not in " ".join(added.warnings)


def test_prices_in_thousands_and_millions_are_not_asked_about(look: Look) -> None:
    content = "price,cost,y\n" + "".join(f"{at % 9}.5M,${at % 9}K,{at % 2}\n" for at in range(60))

    assert [column(look(content, target="y"), name).question for name in ("price", "cost")] == ["", ""]


@pytest.mark.parametrize("fill", [9.96921e36, -32768, 2147483647, -1e20, 1e30, 100_000])
def test_a_value_far_outside_the_rest_may_be_missing(fill: float) -> None:
    numbers = np.array([*range(40), fill])

    assert sentinels(numbers, np.array([1] * 40 + [2])) == [(40, 2)]
    assert sentinels(numbers, np.array([1] * 41)) == []


def test_several_values_may_be_missing_and_long_tails_are_not() -> None:
    assert len(sentinels(np.array([1.0, 2, 3, -999, 1e20]), np.array([5, 5, 5, 2, 2]))) == 1
    assert len(sentinels(np.array([*range(9), -999, 1e20]), np.array([5] * 9 + [2, 2]))) == 2
    assert sentinels(np.geomspace(1, 1e6, 50), np.full(50, 2)) == []


def test_a_fill_value_is_told_as_it_is_written(look: Look) -> None:
    content = "sst,y\n" + "".join(f"{'9.96921e36' if at % 6 == 0 else at + 0.5},{at % 2}\n" for at in range(60))

    preview = look(content, target="y")

    assert "9.96921e36 in 10 rows is far from the rest: --missing 'sst=9.96921e36'" in column(preview, "sst").question
    assert column(look(content, target="y", missing_in={"sst": ("9.96921e36",)}), "sst").missing == 10
