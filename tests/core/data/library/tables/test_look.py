"""What is told of the target that was named before a table is added, and of columns that are left out."""

import pytest

from core.cli.table_options import shown
from core.common.errors import DataError
from tests.core.data.library.tables.conftest import Look

_ROWS = "".join(
    f"{at},{at % 7}.5,{('no', 'yes', 'rare')[at % 3]},2026-01-{at % 28 + 1:02},{at}.25,\n" for at in range(60)
)
_TABLE = f"id,size,kind,day,price,note\n{_ROWS}"


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("kind", "kind is the target: classification, 3 classes (no, rare, yes)."),
        ("price", "price is the target: regression, of numbers from 0.25 to 59.25."),
        ("day", "The target 'day' holds dates, which cannot be predicted"),
        ("note", "The target 'note' is missing in every row."),
        ("", ""),
    ],
)
def test_what_a_target_makes_is_told_before_the_table_is_added(look: Look, target: str, told: str) -> None:
    preview = look(_TABLE, target=target)

    assert (*preview.told, preview.problem)[0].startswith(told)
    assert bool(preview.told or preview.problem) == bool(told)


def test_a_target_that_is_not_there_is_told_with_the_nearest_name(look: Look) -> None:
    with pytest.raises(DataError, match=r"no column 'prices' for the target \(did you mean price\?\)"):
        look(_TABLE, target="prices")


def test_why_a_column_is_left_out_is_shown_in_its_row(look: Look) -> None:
    rows = {row[0]: row[1:3] for row in shown(look(_TABLE, target="kind"))}

    assert rows["id"] == ["ignore", "It numbers the rows."]
    assert rows["note"] == ["ignore", "It is empty."]
    assert rows["size"] == ["number", "numbers"]
