"""Tables that lie together: each goes to the part that its name says, for rows and for texts by the same rule."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import TableOptions, adding
from core.data.library.part_tables import part_tables
from core.data.library.trees import opened
from tests.core.data.library.conftest import Packed
from tests.core.data.library.tables.workbook import Cell, write_workbook


def _parts(settings: Settings, packed: Packed, folder: Path, names: str) -> dict[str | None, str]:
    with opened(packed(dict.fromkeys(names.split(), "a,y\n1,2\n")), settings) as tree:
        files, _ = part_tables(settings, tree, sorted(tree.sizes), folder)
    found: dict[str | None, list[str]] = {}
    for file in files:
        found.setdefault(file.part, []).append(file.name.partition(", ")[2])
    return {part: " ".join(entries) for part, entries in found.items()}


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        ("data.csv", {None: "data.csv"}),
        ("train.csv val.csv test.csv", {"train": "train.csv", "validation": "val.csv", "test": "test.csv"}),
        ("iris_train.csv iris_test.csv", {"train": "iris_train.csv", "test": "iris_test.csv"}),
        ("iris.csv iris_test.csv", {"train": "iris.csv", "test": "iris_test.csv"}),
        ("adult.data adult.test", {"train": "adult.data", "test": "adult.test"}),
        ("train.csv test.csv gender_submission.csv", {"train": "train.csv", "test": "test.csv"}),
        ("train.csv test.csv test_labels.csv", {"train": "train.csv", "test": "test.csv"}),
        ("train.csv holdout_test.csv", {"train": "train.csv", "test": "holdout_test.csv"}),
        ("my_test/train.csv my_test/more.csv", {"train": "my_test/train.csv"}),
        ("d/train/1.csv d/train/2.csv d/test/1.csv", {"train": "d/train/1.csv d/train/2.csv", "test": "d/test/1.csv"}),
        (
            "train-00000-of-00002.csv train-00001-of-00002.csv test-00000-of-00001.csv",
            {"train": "train-00000-of-00002.csv train-00001-of-00002.csv", "test": "test-00000-of-00001.csv"},
        ),
    ],
)
def test_names_say_the_parts(
    settings: Settings, packed: Packed, tmp_path: Path, names: str, parts: Mapping[str | None, str]
) -> None:
    assert _parts(settings, packed, tmp_path, names) == parts


def test_tables_of_which_none_is_to_train_on_are_refused(settings: Settings, packed: Packed, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds 2 tables, and none is named as the one to train on: a\.csv, b\.csv"):
        _parts(settings, packed, tmp_path, "a.csv b.csv")


def test_sheets_are_parts_of_texts_and_of_a_workbook_in_a_zip_too(
    settings: Settings, packed: Packed, tmp_path: Path
) -> None:
    rows: list[list[Cell]] = [["text", "label"]]
    rows += [[f"the {at}. word of it", ["no", "yes"][at % 2]] for at in range(20)]
    book = write_workbook(tmp_path / "t.xlsx", {"About": [["x"]], "train": rows, "test": rows[:7]})

    texts = adding.peek_text(settings, book)
    table = adding.peek_table(settings, packed({"t.xlsx": book.read_bytes()}), TableOptions(target="label"))

    assert (texts.class_counts, texts.test_texts) == ({"no": 13, "yes": 13}, 6)
    assert (table.rows, table.test_rows) == (26, 6)
    assert "Left out: About, named as no part." in texts.notes
