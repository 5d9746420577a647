"""Files of inputs without a target: rows, texts and pictures, each read as a single one is."""

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.base import CATEGORIES, NUMBERS, DataInfo, Examples, Feature
from core.data.input_files import read_pictures, read_rows, read_texts
from core.data.row_input import row_input
from core.data.vocabulary import Vocabulary
from tests import pictures

TABLE = DataInfo(
    (4,),
    ("no", "yes"),
    10,
    5,
    task="binary",
    kind="table",
    features=(
        Feature("price", "number", decimal=","),
        Feature("kind", "category", ("a", "b")),
        Feature("day days since 2020-01-01", "number", date_order="ymd"),
        Feature("day weekday", "category", ("Monday", "Tuesday"), date_order="ymd"),
    ),
)

TEXT = DataInfo((4,), ("no", "yes"), 10, 5, task="binary", kind="text")


def test_rows_keep_other_columns_as_written_and_are_read_as_a_single_row_is(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "test.csv"
    file.write_text("id;kind;price;day;note\n007;a;1.234,5;2020-01-07;x\n008;z;;2020-01-06;\n009;b;much;2020-01-06;y\n")
    found = read_rows(settings, file, "test.csv", TABLE)
    assert found.kept.to_dict("list") == {"id": ["007", "008", "009"], "note": ["x", "", "y"]}
    first, second, third = found.inputs
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert first[NUMBERS].tolist() == [[1234.5, 6.0]]
    assert first[CATEGORIES].tolist() == [["a", "Tuesday"]]
    assert np.isnan(second[NUMBERS][0, 0])
    assert isinstance(third, DataError)
    assert "price must be a number" in str(third)


_CELLS = {
    "price": ["", "1.234,5", "12,5", "1234", "1.234", "12.5", "1,234.5", "NA", "much", "5 %", "-,5", "0.001", "€ 3,5"],
    "kind": ["a", "b", "", "z", "A", " b"],
    "day": ["2020-01-07", "2020/1/7", "", "n/a", "7.1.2020", "20200107", "13.13.2020", "Jan 7, 2020", "x", "2020-01",
            "2020-01-07 12:30", "07/01/20", "٢٠٢٠-٠١-٠٧", "7. Januar 2020", "2020-W02", "2020-01-07T10:00:00+02:00"],
}  # fmt: skip


@pytest.mark.parametrize("order", ["dmy", "ymd UTC"])
def test_each_row_of_a_file_is_answered_as_it_is_alone(tmp_path: Path, settings: Settings, order: str) -> None:
    dates = tuple(replace(each, date_order=order) if each.date_order else each for each in TABLE.features)
    info = replace(TABLE, features=dates)
    rows = [{name: cells[at % len(cells)] for name, cells in _CELLS.items()} for at in range(16)]
    pd.DataFrame(rows).to_csv(tmp_path / "test.csv", index=False)
    found = list(read_rows(settings, tmp_path / "test.csv", "test.csv", info).inputs)
    assert [_shown(each) for each in found] == [_shown(_alone(info, row)) for row in rows]
    assert sum(isinstance(each, DataError) for each in found) in range(2, 14)


def _alone(info: DataInfo, row: dict[str, str]) -> Examples | DataError:
    try:
        return row_input(info, {name: cell.strip() or None for name, cell in row.items()})[0]
    except DataError as error:
        return error


def _shown(given: Examples | DataError) -> str:
    return str(given) if isinstance(given, DataError | np.ndarray) else str({k: v.tolist() for k, v in given.items()})


@pytest.mark.parametrize(
    ("cells", "told", "read"),
    [
        (("-1,076;2,5", "0,934;1,250"), True, [[-1.076, 2.5], [0.934, 1.25]]),
        (("-1,076;2,5", "1,934;3,5"), True, [[-1.076, 2.5], [1.934, 3.5]]),  # the first column by the second
        (("-1,076;2.5", "1,934;3.5"), False, [[-1076, 2.5], [1934, 3.5]]),
        (("-1.076;2.5", "0.934;3.5"), False, [[-1.076, 2.5], [0.934, 3.5]]),
        (("-1,076;250", "1,934;3"), False, [[-1076, 250], [1934, 3]]),  # as in training, where the file leaves it open
    ],
)
def test_the_decimal_sign_of_a_file_is_told_by_all_its_values(
    tmp_path: Path, settings: Settings, cells: tuple[str, ...], told: bool, read: list[list[float]]
) -> None:
    features = (Feature("a", "number", decimal="."), Feature("b", "number"))
    info = DataInfo((2,), (), 10, 5, task="regression", kind="table", features=features)
    (tmp_path / "test.csv").write_text("\n".join(["a;b", *cells]))
    found = read_rows(settings, tmp_path / "test.csv", "test.csv", info)
    rows = [each[NUMBERS][0].tolist() for each in found.inputs if isinstance(each, dict)]
    assert rows == read
    assert ("Numbers are read with a decimal comma, unlike in training: a, b." in found.notes) == told


def test_what_nobody_said_is_not_told_to_have_no_effect(tmp_path: Path, settings: Settings) -> None:
    rows = pd.DataFrame({"kind": ["a", "b"], "price": [1.5, 2.375], "day": ["2020-01-07", "2020-01-08"]})
    rows.to_parquet(tmp_path / "test.parquet")
    found = read_rows(settings, tmp_path / "test.parquet", "test.parquet", TABLE)
    assert found.notes == ()
    assert [each[NUMBERS][0, 0] for each in found.inputs if isinstance(each, dict)] == [1.5, 2.375]
    assert not any(isinstance(each, DataError) for each in found.inputs)


def test_rows_of_a_table_without_names_are_taken_by_their_numbers(tmp_path: Path, settings: Settings) -> None:
    info = replace(TABLE, features=(Feature("column 1", "number"), Feature("column 2", "category", ("a", "b"))))
    (tmp_path / "test.csv").write_text("1,a\n2,b\n")
    assert len(read_rows(settings, tmp_path / "test.csv", "test.csv", info).kept) == 2


def test_a_column_that_the_network_learned_from_is_missed(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "test.csv"
    file.write_text("id,kind,Price\n1,a,2\n")
    with pytest.raises(DataError, match=r"test.csv has no column 'price'.*Price.*3 of 4 features are not there"):
        read_rows(settings, file, "test.csv", TABLE)


@pytest.mark.parametrize(
    ("content", "said", "texts", "note"),
    [
        ("id,review\n1,good film\n2,bad\n3,\n", "", 3, "'review'"),
        ("id,words\n1,good film of all\n2,bad bad bad\n3,so\n", "", 3, "'words', which holds the longest"),
        ("id,words\n1,good film of all\n2,bad bad bad\n", "words", 2, ""),
    ],
)
def test_texts_are_found_in_their_column(
    tmp_path: Path, settings: Settings, content: str, said: str, texts: int, note: str
) -> None:
    file = tmp_path / "test.csv"
    file.write_text(content)
    vocabulary = Vocabulary.of(np.array(["good film", "bad film"], object), "word", 10, 1)
    found = read_texts(settings, file, "test.csv", vocabulary, TEXT, said)
    given = list(found.inputs)
    assert len(given) == texts == len(found.kept)
    assert found.kept.columns.tolist() == ["id"]
    assert note in " ".join(found.notes)
    assert not isinstance(given[0], DataError)
    if content.endswith(",\n"):
        assert str(given[2]) == "The text is empty."


def test_texts_learned_without_names_are_found_by_the_names_of_a_file(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "test.csv"
    file.write_text("text,id\ngood film,1\nbad film,2\n")
    vocabulary = Vocabulary.of(np.array(["good film", "bad film"], object), "word", 10, 1)

    found = read_texts(settings, file, "test.csv", vocabulary, replace(TEXT, text_columns=("column 2",)))

    assert found.kept["id"].tolist() == ["1", "2"]


@pytest.mark.parametrize(
    ("header", "said", "texts", "note"),
    [
        (
            "title,description",
            "",
            ["good film\nbad", "good"],
            "joined of the columns 'title' and 'description', as",
        ),
        ("title,description", "title", ["good film", "good"], ""),
        ("title,words", "", ["good film", "good"], "learned from 'description', too, which the file does not have"),
        ("a,words", "", ["good film", "good"], "longest. The network learned from 'title', 'description', too"),
    ],
)
def test_texts_are_joined_of_the_columns_that_they_were_joined_of_in_training(
    tmp_path: Path, settings: Settings, header: str, said: str, texts: list[str], note: str
) -> None:
    file = tmp_path / "test.csv"
    file.write_text(f"{header}\ngood film,bad\n good,\n")
    vocabulary = Vocabulary.of(np.array(["good film\nbad"], object), "word", 10, 1)
    info = replace(TEXT, text_columns=("title", "description"))
    found = read_texts(settings, file, "test.csv", vocabulary, info, said)
    assert [each.tolist() for each in found.inputs if not isinstance(each, DataError | dict)] == [
        vocabulary.encode([text], 4).tolist() for text in texts
    ]
    assert note in " ".join(found.notes)


def test_a_zip_of_pictures_names_each_and_stops_at_none(tmp_path: Path, settings: Settings) -> None:
    good = pictures.every()["grey.bmp"]
    with zipfile.ZipFile(tmp_path / "test.zip", "w") as archive:
        for name, content in (("b/2.bmp", good), ("a/1.bmp", good), ("c.png", b"hello"), ("__MACOSX/c.png", b"x")):
            archive.writestr(name, content)
    found = read_pictures(settings, tmp_path / "test.zip", "test.zip", (8, 8, 1), (8, 8, 1))
    assert found.kept["file"].tolist() == ["a/1.bmp", "b/2.bmp", "c.png"]
    one, _, broken = found.inputs
    assert isinstance(one, np.ndarray)
    assert one.shape == (1, 8, 8, 1)
    assert isinstance(broken, DataError)
    assert "c.png cannot be read as a picture" in str(broken)
    (tmp_path / "no.zip").write_bytes(b"no zip")
    with pytest.raises(DataError, match=r"no.zip cannot be read as a zip of pictures"):
        read_pictures(settings, tmp_path / "no.zip", "no.zip", (8, 8, 1), (8, 8, 1))
