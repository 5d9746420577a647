"""A column that says the part of each row is taken as the author's parts, and never learned from in silence."""

from pathlib import Path

import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import Manifest, TextOptions, adding
from core.data.library.tables.author_parts import parts_said, useless_parts
from tests.core.data.library.tables.conftest import Add, Look, column

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
