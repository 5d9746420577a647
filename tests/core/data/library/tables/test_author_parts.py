"""A column that says the part of each row is taken as the author's parts, and never learned from in silence."""

import json
from pathlib import Path

import pandas as pd
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import Manifest, TextOptions, adding
from core.data.library.tables.author_parts import parts_said, useless_parts
from tests.core.data.library.tables.conftest import Add, Look, column
from tests.core.data.library.tables.workbook import write_workbook

Counts = tuple[int, int, int]


def _table(name: str, *cycle: str) -> str:
    """A hundred rows, whose parts go round."""
    rows = "".join(f"{at * 7 % 50}.5,{cycle[at % len(cycle)]},{'ab'[at // 5 % 2]}\n" for at in range(100))
    return f"x,{name},kind\n{rows}"


def _counts(added: Manifest) -> Counts:
    info = added.info
    return info.train_examples, info.validation_examples, info.test_examples


@pytest.mark.parametrize(
    ("name", "cycle", "counts"),
    [
        ("split", ("train", "train", "train", "val", "test"), (60, 20, 20)),
        ("Partition", ("Training", "Training", "Validation", "Testing"), (50, 25, 25)),
        ("usage", ("Training", "Training", "Training", "PublicTest", "PrivateTest"), (60, 0, 40)),
        ("w", ("train", "test"), (50, 0, 50)),
        ("is_test", ("0", "0", "0", "1"), (75, 0, 25)),
        ("isTrain", ("True", "True", "False", "True"), (75, 0, 25)),
    ],
)
def test_parts_that_a_column_names_are_kept(add: Add, name: str, cycle: tuple[str, ...], counts: Counts) -> None:
    added = add(_table(name, *cycle), target="kind")

    assert _counts(added) == counts
    assert [feature.name for feature in added.info.features] == ["x"]
    assert any(told.startswith(f"{name}: Parts as their author made them") for told in added.warnings)


def test_rows_of_no_part_are_left_out_and_told(add: Add, look: Look) -> None:
    content = _table("split", "train", "test", "unlabeled", "")

    added = add(content, target="kind")

    assert _counts(added) == (25, 0, 25)
    assert any("50 rows of no part (an empty cell, 'unlabeled') are left out" in told for told in added.warnings)
    assert look(content).test_rows == 25


def test_the_column_can_be_learned_from_or_be_left_out(add: Add, look: Look) -> None:
    content = _table("split", "train", "test")

    assert look(content, columns={"split": "ignore"}).test_rows == 0
    added = add(content, target="kind", columns={"split": "category"})
    assert [feature.name for feature in added.info.features] == ["x", "split"]


def test_a_column_that_is_said_to_name_parts_and_does_not_is_refused(add: Add) -> None:
    with pytest.raises(DataError, match="'x' puts no row into the training part"):
        add(_table("w", "u", "v"), target="kind", columns={"x": "part"})


def test_folds_are_left_out_with_what_can_be_done_with_them(look: Look) -> None:
    fold = column(look(_table("fold", "0", "1", "2", "3", "4")), "fold")
    assert (fold.kind, fold.reason[:13]) == ("ignore", "It numbers fo")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("transport", ["train", "bus", "car"]),
        ("train", ["0", "1"]),
        ("set", ["1", "2", "3"]),
        ("test", ["positive", "negative"]),
        ("split", ["left", "right"]),
        ("state", ["valid", "invalid"]),
    ],
)
def test_columns_that_only_sound_like_parts_are_features(name: str, values: list[str]) -> None:
    assert parts_said(name, values) == {}
    assert useless_parts(name, values) == ""


def test_a_class_that_the_test_lacks_is_told(add: Add) -> None:
    rows = "".join(f"{at},{'train' if at % 4 else 'test'},{'ab'[at // 4 % 2]}\n" for at in range(80))
    content = f"x,split,kind\n{rows}" + "5,train,c\n" * 6

    assert any("test part holds no example of the class 'c'" in told for told in add(content, target="kind").warnings)


def test_rows_without_a_group_are_told(add: Add) -> None:
    content = "patient,x,y\n" + "".join(
        f"{f'p{at % 12}' if at % 10 else ''},{at % 7},{'ab'[at % 2]}\n" for at in range(120)
    )

    told = add(content, target="y", group="patient").warnings

    assert any(each.startswith("12 examples have no group, and each counts as one of its own") for each in told)


def test_a_column_of_a_table_of_texts_names_parts_too(settings: Settings, tmp_path: Path) -> None:
    parts = ("train", "train", "dev", "test", "unsup")
    rows = "".join(f"{parts[at % 5]},text number {at},{('pos', 'neg')[at // 5 % 2]}\n" for at in range(100))
    (tmp_path / "t.csv").write_text(f"split,sentence,opinion\n{rows}")

    added = adding.add_text(settings, "mine", tmp_path / "t.csv", TextOptions())

    assert (_counts(added), added.info.target) == ((40, 20, 20), "opinion")
    assert "Left out: 20 texts of no part, as split holds 'unsup'." in added.warnings


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl", "t.parquet", "t.xlsx"])
def test_parts_of_texts_are_read_from_every_format_with_groups_and_times(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    parts = ("train", "train", "dev", None)
    rows = [
        {"text": f"text number {at}", "label": ("pos", "neg")[at // 4 % 2], "meta": parts[at % 4], "who": f"p{at % 8}",
         "day": f"2024-01-{at % 28 + 1:02}"}
        for at in range(80)
    ]  # fmt: skip
    frame = pd.DataFrame(rows).rename(columns={"meta": "split"})
    if name == "t.csv":
        frame.to_csv(tmp_path / name, index=False)
    elif name == "t.jsonl":
        records = ({"meta": {"split": row.pop("meta")}, **row} for row in rows)
        (tmp_path / name).write_text("\n".join(map(json.dumps, records)))
    elif name == "t.parquet":
        frame.to_parquet(tmp_path / name)
    else:
        write_workbook(tmp_path / name, {"Data": [tuple(frame.columns), *frame.fillna("").to_numpy().tolist()]})

    told = adding.peek_text(settings, tmp_path / name)
    grouped = adding.add_text(settings, "grouped", tmp_path / name, TextOptions(group="who"))
    timed = adding.add_text(settings, "timed", tmp_path / name, TextOptions(time="day"))

    assert any(note.startswith("Left out: 20 texts of no part") for note in told.notes)
    assert (told.validation_texts, sum(told.class_counts.values())) == (20, 60)
    assert sum(_counts(grouped)) == sum(_counts(timed)) == 60


def test_a_flag_of_parts_beside_a_label_of_0_and_1_is_no_second_label(settings: Settings, tmp_path: Path) -> None:
    rows = "".join(f"text number {at},{at // 4 % 2},{int(at % 4 == 0)}\n" for at in range(80))
    (tmp_path / "t.csv").write_text(f"text,label,is_test\n{rows}")

    added = adding.add_text(settings, "mine", tmp_path / "t.csv", TextOptions())

    assert (_counts(added), added.info.class_names) == ((60, 0, 20), ("0", "1"))


def test_texts_of_files_of_parts_keep_them_where_a_file_lacks_the_column(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    lines = [(f"text number {at}", "ab"[at % 2], ("train", "val")[at // 2 % 2]) for at in range(40)]
    (folder / "train.csv").write_text("text,label,split\n" + "".join(f"{','.join(line)}\n" for line in lines))
    (folder / "test.csv").write_text("text,label\n" + "".join(f"other {at},{'ab'[at % 2]}\n" for at in range(10)))

    assert _counts(adding.add_text(settings, "mine", folder)) == (20, 20, 10)
