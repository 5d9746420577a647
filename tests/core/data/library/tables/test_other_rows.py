"""Rows that are none of the table are passed over and told; names that are nearly the same are of the same column."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import TableOptions, adding
from core.data.library.table_files.other_rows import OtherRows
from tests.core.data.library.tables.conftest import Add, Look, column

ROWS = [f"{at * 7 % 13},{at % 7}.5,{('no', 'yes')[at % 3 == 0]}" for at in range(30)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("# measured again, here", "passed over 1 line of comments among the rows: line 12"),
        ("a,b,y", "passed over 1 line repeating the names of the columns: line 12"),
        (",,", "passed over 1 line without any value: line 12"),
    ],
)
def test_a_line_among_the_rows_that_is_none_is_told(look: Look, line: str, told: str) -> None:
    preview = look("\n".join(["a,b,y", *ROWS[:10], line, *ROWS[10:]]))

    assert preview.rows == 30
    assert column(preview, "b").kind == "number"
    assert told in preview.notes[0]


def test_delimiters_behind_some_rows_are_left_out_and_told(look: Look) -> None:
    preview = look("\n".join(["a,b,y", *(row + "," * (at % 3) for at, row in enumerate(ROWS))]))

    assert (preview.rows, len(preview.columns)) == (30, 3)
    assert "20 rows with delimiters behind, which are left out: line 3, …" in preview.notes[0]


def test_a_note_below_the_table_is_passed_over_and_a_short_row_is_refused(look: Look) -> None:
    below = look("\n".join(["a,b,y", *ROWS, "Source: office of statistics"]))
    assert below.rows == 30
    assert "passed over 'Source: office of statistics' below the table" in below.notes[0]

    for wrong in (["12,3"], ["Source: office", ROWS[0]]):
        with pytest.raises(DataError, match="line 32 has"):
            look("\n".join(["a,b,y", *ROWS, *wrong]))


def test_a_total_at_the_end_is_told(look: Look, add: Add) -> None:
    content = "\n".join(
        ["city,b,y", *(f"c{at % 4},{row.split(',')[1]},{at}" for at, row in enumerate(ROWS)), "Total,90,435"]
    )

    assert any("the last row says 'Total'" in warning for warning in add(content, target="y").warnings)
    assert not look("\n".join(["kind,y", *["total,1", "part,2"] * 10])).notes


def test_a_table_that_r_wrote_is_read(look: Look) -> None:
    preview = look(
        '"a" "b" "y"\n' + "".join(f'"{at}" {at * 1.5} "two words" "c{at % 2}"\n' for at in range(1, 20)), "r.txt"
    )

    assert [each.name for each in preview.columns] == ["column 1", "a", "b", "y"]
    assert preview.rows == 19


def test_names_that_differ_in_case_or_blanks_are_of_one_column(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "parts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("train.csv", "\n".join(["Sepal Length,b,y", *ROWS]))
        archive.writestr(
            "test.csv",
            "\n".join(["y,sepal_length,B", *(",".join(row.split(",")[at] for at in (2, 0, 1)) for row in ROWS)]),
        )

    preview = adding.peek_table(settings, path, TableOptions())

    assert (preview.rows, preview.test_rows) == (60, 30)
    assert [each.name for each in preview.columns] == ["Sepal Length", "b", "y"]
    assert any("'sepal_length' as 'Sepal Length', 'B' as 'b'" in note for note in preview.notes)


CELLS = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=4)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12), st.data())
def test_rows_come_out_as_they_went_in_whatever_stands_between_them(
    rows: list[tuple[str, ...]], data: st.DataObject
) -> None:
    head = ("the a", "the b", "the c")
    strange = st.sampled_from([["", "", ""], list(head), ["# note"], ["// note", "here"]])
    lines: list[list[str]] = []
    for row in rows:
        lines += data.draw(st.lists(strange, max_size=1))
        lines.append([*row, *[""] * data.draw(st.integers(0, 2))])

    others = OtherRows("t.csv", head, 3)

    assert list(others.rows(enumerate(lines, start=2), Settings())) == [list(row) for row in rows]


def test_a_text_that_is_cut_by_a_delimiter_is_no_comment() -> None:
    others = OtherRows("t.csv", ("text", "label"), 2, of_texts=True)

    with pytest.raises(DataError, match="line 3 has 3"):
        list(others.rows([(2, ["good", "1"]), (3, ["#bad", " so bad", "0"])], Settings()))
