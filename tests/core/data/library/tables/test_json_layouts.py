"""Tables in JSON, however they are laid out: no row, column or value goes without a word."""

import json
from typing import Any

import pytest

from core.common.errors import DataError
from core.data.library import TableOptions
from core.data.library.table_files.json_layouts import laid_out
from tests.core.data.library.tables.conftest import Look, column, values

ROWS = [[at, at / 2, ("no", "yes")[at % 2]] for at in range(60)]
BY_ID = {f"id{at}": {"a": at / 2, "y": "no"} | ({"b": 1} if at % 3 else {}) for at in range(60)}


def _laid(found: Any, target: str = "") -> list[Any]:
    return laid_out(found, "t.json", TableOptions(target=target)).records


def test_records_by_id_may_lack_a_field(look: Look) -> None:
    preview = look(json.dumps(BY_ID), "t.json")

    assert [each.name for each in preview.columns] == ["a", "y", "b"]
    assert (preview.rows, column(preview, "b").missing) == (60, 20)


@pytest.mark.parametrize("index", ["{}", "row {}"])
def test_columns_by_index_are_joined_and_what_is_missing_is_told(index: str) -> None:
    found = {"a": {index.format(at): at for at in range(40)}, "y": {index.format(at): "no" for at in range(10, 60)}}

    laid = laid_out(found, "t.json", TableOptions(target="y"))

    assert (len(laid.records), laid.records[45]["a"], laid.records[12]) == (60, None, {"a": 12, "y": "no"})
    assert laid.notes == (
        "t.json: the columns are joined by their index, 60 rows; 'a' has none in 20, 'y' has none in 10.",
    )


def test_records_of_more_fields_than_there_are_records_are_records(look: Look) -> None:
    genes = {f"p{at}": {f"g{gene}": at * gene / 3 for gene in range(20)} | {"y": "no"} for at in range(10)}

    assert look(json.dumps(genes), "t.json").rows == 10


@pytest.mark.parametrize("target", ["", "y"])
def test_few_columns_by_names_of_rows_are_columns_and_few_records_are_records(target: str) -> None:
    columns = {"a": {f"r{at}": at for at in range(9)}, "y": {f"r{at}": at % 2 for at in range(9)}}
    records = {"r1": {"a": 1, "b": 2, "y": "no"}, "r2": {"a": 2, "y": "yes"}}

    assert len(_laid(columns, target)) == 9
    assert _laid(records, target) == list(records.values())


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"a": list(range(60)), "y": list(range(40))}, "'a' has 60, 'y' has 40"),
        ({"columns": ["a", "y"], "data": [[1, "no"], [1, "no", "more"]]}, "row 2 has 3 values, and the columns are 2"),
        ([[], [1]], "no list of records"),
        ([["a", "y"], [1, "no"], [2]], "row 3 has 1 value, and the columns are 2"),
        ({"about": {"version": 1}, "sizes": {"rows": 2}}, "no list of records"),
        ({"columns": ["a", "a"], "data": [[1, 2]]}, "more than once: a"),
    ],
)
def test_what_would_be_lost_is_refused_with_its_lengths(found: object, told: str) -> None:
    with pytest.raises(DataError, match=told):
        _laid(found)


def test_a_list_of_rows_has_names_or_not_as_a_csv_file_has(look: Look) -> None:
    without = look(json.dumps(ROWS), "t.json")
    named = look(json.dumps([["n", "a", "y"], *ROWS]), "t.json", target="y")

    assert (without.rows, without.columns[2].name, named.rows, named.columns[2].name) == (60, "column 3", 60, "y")
    assert values(named, "a")[:3] == [0, 0.5, 1]


@pytest.mark.parametrize("name", ["t.json", "t.jsonl"])
@pytest.mark.parametrize(
    ("record", "told"),
    [('{"a":0.5,"a":-0.5,"y":1}', "the key 'a' twice"), ('{"a.b":1,"a":{"b":2}}', "row 1 has a field 'a.b' and one")],
)
def test_a_key_that_is_given_twice_is_refused(look: Look, name: str, record: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        look(f"[{record}]" if name == "t.json" else record, name)
