"""Workbooks as people have them: several sheets, parts in sheets, two rows of names, days as numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from core.common.settings import Settings
from core.data.library import TableOptions, TablePreview, adding
from tests.core.data.library.tables.conftest import column, values
from tests.core.data.library.tables.workbook import Cell, Formula, write_workbook

ROWS: list[list[Cell]] = [[at * 1.5, f"0{at % 3}", ("no", "yes")[at % 2]] for at in range(30)]
TABLE: list[list[Cell]] = [["a", "code", "y"], *ROWS]


def peek(
    settings: Settings, folder: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]], target: str = ""
) -> TablePreview:
    return adding.peek_table(settings, write_workbook(folder / "t.xlsx", sheets), TableOptions(target=target))


@pytest.mark.parametrize(
    ("other", "target"),
    [
        ([["Sales"], ["by office"], ["a: amount"], ["y: class"]], ""),
        ([["name", "meaning"], ["a", "amount"], ["code", "of a shop"]], ""),
        ([["p", "q"], *([at, at] for at in range(100))], "y"),
    ],
)
def test_the_sheet_that_holds_the_table_is_read_and_told(
    settings: Settings, tmp_path: Path, other: list[list[Cell]], target: str
) -> None:
    preview = peek(settings, tmp_path, {"Readme": other, "Data": TABLE}, target)

    assert (preview.sheet, preview.rows) == ("Data", 30)
    assert preview.notes == ("t.xlsx: the sheet Data is read; Readme is not. --sheet says another.",)


def test_sheets_called_train_and_test_are_parts(settings: Settings, tmp_path: Path) -> None:
    sheets: dict[str, list[list[Cell]]] = {"About": [["x"]], "test": TABLE[:11], "Train": TABLE, "val": TABLE[:6]}

    preview = peek(settings, tmp_path, sheets)

    assert (preview.rows, preview.test_rows, preview.validation_rows) == (45, 10, 5)
    assert preview.notes[0] == "Left out: About, named as no part."
    assert values(preview, "code")[:2] == ["00", "01"]


def test_two_rows_of_names_are_joined_and_told(settings: Settings, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["ab"[at % 2], at * 3 % 7, at * 2.5, at % 4] for at in range(20)]

    preview = peek(settings, tmp_path, {"S": [["city", "2020", None, "2021"], ["name", "n", "m", "n"], *rows]})

    assert [each.name for each in preview.columns] == ["city name", "2020 n", "2020 m", "2021 n"]
    assert preview.rows == 20
    assert preview.notes == ("t.xlsx: the two rows of names are joined, as 2021 n.",)


def test_days_as_numbers_and_numbers_as_texts_are_read(settings: Settings, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        [44197 + at, f"{at}.5" if at % 2 else at, "#N/A" if at % 5 == 0 else 2.5] for at in range(20)
    ]

    preview = peek(settings, tmp_path, {"S": [["date", "a", "b"], *rows]})

    assert column(preview, "date").how == "dates: days as Excel counts them"
    assert values(preview, "date days since 2021-01-01")[:2] == [0, 1]
    assert values(preview, "a")[:3] == [0, 1.5, 2]
    assert values(preview, "b")[:2] == [None, 2.5]


def test_merged_cells_hold_their_value_each(settings: Settings, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        [f"g{at // 6}" if at % 6 == 0 else None, at * 1.5, ("no", "yes")[at % 2]] for at in range(60)
    ]
    head: list[list[Cell]] = [[None, None, None, None], [None, "Report", None, None], [None, "g", "a", "y"]]
    merged = ["B2:D2", *(f"B{at}:B{at + 5}" for at in range(4, 64, 6))]
    path = write_workbook(tmp_path / "t.xlsx", {"S": [*head, *([None, *row] for row in rows)]}, merged)

    preview = adding.peek_table(settings, path, TableOptions(target="y"))

    assert [each.name for each in preview.columns] == ["g", "a", "y"]
    assert (preview.rows, column(preview, "g").missing, column(preview, "g").distinct) == (60, 0, 10)
    assert values(preview, "g")[:7] == [*["g0"] * 6, "g1"]
    assert "t.xlsx: 10 merged ranges: each of their cells holds the value that the range shows." in preview.notes


def test_a_title_that_is_merged_over_several_rows_stays_a_title(settings: Settings, tmp_path: Path) -> None:
    head: list[list[Cell]] = [["Sales report", None, None], [None, None, None], ["a", "b", "y"]]
    rows: list[list[Cell]] = [[at * 1.5, at, ("no", "yes")[at % 2]] for at in range(20)]
    path = write_workbook(tmp_path / "t.xlsx", {"S": [*head, *rows]}, ["A1:C2"])

    preview = adding.peek_table(settings, path, TableOptions(target="y"))

    assert ([each.name for each in preview.columns], preview.rows) == (["a", "b", "y"], 20)


def test_names_that_are_merged_over_two_rows_are_joined_once(settings: Settings, tmp_path: Path) -> None:
    head: list[list[Cell]] = [["y", "size", None], [None, "width", "height"]]
    rows: list[list[Cell]] = [[("no", "yes")[at % 2], at * 1.5, at] for at in range(20)]

    preview = adding.peek_table(
        settings, write_workbook(tmp_path / "t.xlsx", {"S": [*head, *rows]}, ["A1:A2", "B1:C1"]), TableOptions()
    )

    assert [each.name for each in preview.columns] == ["y", "size width", "size height"]


def test_formulas_without_a_stored_result_are_told(settings: Settings, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [[at * 1.5, Formula(f"A{at + 2}*2"), ("no", "yes")[at % 2]] for at in range(30)]

    preview = peek(settings, tmp_path, {"Other & more": [["p"]], "S": [["a", "b", "y"], *rows]})

    assert any("results the file does not store, in 30 cells: they are empty here." in note for note in preview.notes)
    assert not any("formulas" in note for note in peek(settings, tmp_path, {"S": TABLE}).notes)
