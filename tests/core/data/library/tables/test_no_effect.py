"""An option that changes nothing is told, or refused where it can only be a mistake."""

import json

import pytest

from core.common.errors import DataError
from tests.core.data.library.tables.conftest import Add, Look

TABLE = "a,b,y\n" + "".join(f"{at * 7 % 13},{at % 7}.5,{('no', 'yes')[at % 3 == 0]}\n" for at in range(30))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"missing_in": {"y": ("yess",)}},
            "y: no cell is 'yess' (did you mean yes?); --missing 'y=yess' has no effect.",
        ),
        ({"missing": ("-999",)}, "No cell is '-999': --missing '-999' has no effect."),
        ({"decimal_in": {"y": ","}}, "--decimal 'y=,' has no effect."),
        ({"decimal": ","}, "--decimal , has no effect."),
        ({"date_order": "dmy"}, "No column has dates in this order: --date-order dmy has no effect."),
        ({"date_parts": ("year",)}, "No column holds dates: --date-parts year has no effect."),
    ],
)
def test_what_changes_nothing_is_told(look: Look, add: Add, options: dict[str, object], told: str) -> None:
    assert any(told in note for note in look(TABLE, **options).notes)


def test_what_has_an_effect_is_not_told(look: Look) -> None:
    content = "when,b,y\n" + "".join(
        f'{at % 12 + 1}/3/2021,"{at % 7},5",{"no" if at % 3 else "?"}\n' for at in range(30)
    )
    options = {"missing_in": {"y": ("?",)}, "decimal": ",", "date_order": "mdy", "date_parts": ("month",)}

    assert not look(content, **options).notes


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"sheet": "Data"}, "has no sheets: --sheet has no effect. Leave it out."),
        ({"columns": {"x": "number"}}, "There is no column 'x'"),
        ({"columns": {"y": "ignore"}}, "The target 'y' cannot be left out"),
        ({"group": "y"}, "The target 'y' cannot say which rows belong together"),
    ],
)
def test_what_can_only_be_a_mistake_is_refused(add: Add, options: dict[str, object], told: str) -> None:
    with pytest.raises(DataError) as error:
        add(TABLE, target="y", **options)

    assert told in str(error.value)


def test_options_of_other_formats_are_told_or_refused(look: Look) -> None:
    records = "".join(json.dumps({"a": at % 5, "y": "ab"[at % 2]}) + "\n" for at in range(20))

    for option, value in (("delimiter", ";"), ("header", "yes")):
        told = f"t.jsonl is read as JSON Lines: --{option} has no effect."
        assert told in look(records, "t.jsonl", **{option: value}).notes
    for options in ({"skip": 2}, {"header": "no"}):
        with pytest.raises(DataError, match="has no effect"):
            look(records, "t.jsonl", **options)


def test_a_first_row_that_may_be_one_of_data_is_not_lost_when_names_are_given(add: Add) -> None:
    words = "".join(
        f"{('red', 'blue', 'green')[at % 3]},{('s', 'm')[at % 2]},{('yes', 'no')[at % 4 == 0]}\n" for at in range(30)
    )
    content = f"mauve,xl,perhaps\n{words}"

    with pytest.raises(DataError, match="The first row, mauve, xl, perhaps, may hold names or data"):
        add(content, names=("color", "size", "y"), target="y")
    added = add(content, names=("color", "size", "y"), target="y", header="yes")
    assert added.info.train_examples + added.info.test_examples == 30
