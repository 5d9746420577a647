"""Categories that no training row has are told, with the spelling that was probably meant."""

from collections.abc import Sequence

import numpy as np
import pytest

from core.data.base import CATEGORIES, Array, Feature
from core.data.library.tables.unseen import unseen
from tests.core.data.library.conftest import Packed
from tests.core.data.library.tables.conftest import Add


def _cells(values: Sequence[str]) -> dict[str, Array]:
    return {CATEGORIES: np.array([[value] for value in values], object)}


def _told(train: Sequence[str], test: Sequence[str], *, by_author: bool = True) -> list[str]:
    parts = {"train": _cells(train), "test": _cells(test)}
    return list(unseen((Feature("n", "number"), Feature("code", "category")), parts, by_author=by_author))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("train", "test", "near"),
    [
        ("0 1", "00 00", "00 differs from '0' by zeros"),
        ("Berlin", "BERLIN", "BERLIN differs from 'Berlin' by upper and lower case"),
        ("True False", "1", "1 differs from 'True' as it is written: both say yes"),
        ("<=50K", "<=50K.", "<=50K. differs from '<=50K' by a point"),
        ("a-b", "ab", "ab differs from 'a-b' by a dash"),
    ],
)
def test_the_near_match_is_told(train: str, test: str, near: str) -> None:
    (told,) = _told(train.split(), test.split())

    assert f"; {near}." in told


def test_rows_and_values_are_counted_and_missing_ones_are_none() -> None:
    assert _told(["a", "b"], ["x", "x", "y", "", "a"]) == [
        "code: 3 of 5 rows of the test part hold values that no training row has (x, y), which count as unknown."
    ]
    assert _told(["a", "b"], ["a", ""]) == []


def test_a_rare_value_of_a_part_held_back_by_chance_is_no_news() -> None:
    test = ["a"] * 39 + ["rare"]

    assert (_told(["a"], test, by_author=False), len(_told(["a"], test))) == ([], 1)
    assert len(_told(["a"], ["b"] * 4 + ["a"] * 36, by_author=False)) == 1


def test_codes_that_one_file_writes_otherwise_are_told_when_a_table_is_added(packed: Packed, add: Add) -> None:
    rows = {
        "train.csv": [("0", "1")[at % 2] for at in range(40)],
        "test.csv": [("00", "01")[at % 2] for at in range(12)],
    }
    files = {name: "code,n,y\n" + "".join(f"{code},{at}.5,{at // 2 % 2}\n" for at, code in enumerate(codes))
             for name, codes in rows.items()}  # fmt: skip

    added = add(packed(files).read_bytes(), "t.zip", target="y")

    assert "code: 12 of 12 rows of the test part hold values that no training row has (00, 01), which count as" in (
        " ".join(added.warnings)
    )
