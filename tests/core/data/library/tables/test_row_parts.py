"""Rows go to the parts that their author made; without them, by chance, by groups or by time."""

from pathlib import Path

import numpy as np
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.base import NUMBERS, Raw
from core.data.library import TableOptions, adding, array_files, store
from tests.core.data.library.conftest import Packed
from tests.core.data.library.tables.conftest import Add

KINDS = ("up", "down")


def _rows(count: int) -> str:
    return "a,b,kind\n" + "".join(f"{at}.5,-{at}.25,{KINDS[at % 2]}\n" for at in range(count))


def _stored(settings: Settings) -> Raw:
    return array_files.read(store.folder(settings, "mine"), store.get(settings, "mine").info)


@pytest.mark.parametrize("validation", ["val", "valid", "validation", "dev"])
def test_three_parts_are_kept(settings: Settings, tmp_path: Path, validation: str) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    for name, count in (("train", 30), (validation, 10), ("test", 10)):
        (folder / f"{name}.csv").write_text(_rows(count))

    added = adding.add_table(settings, "mine", folder, TableOptions(target="kind"))

    info = added.info
    assert (info.train_examples, info.validation_examples, info.test_examples) == (30, 10, 10)
    assert any("30 rows for train, 10 rows for validation, 10 rows for test" in told for told in added.warnings)


def test_parts_in_folders_and_in_pieces_are_joined_and_told(settings: Settings, packed: Packed) -> None:
    zipped = packed(
        {"d/train/1.csv": _rows(20), "d/train/2.csv": _rows(10), "d/test/1.csv": _rows(6), "d/readme.md": "Hello"}
    )

    added = adding.add_table(settings, "mine", zipped, TableOptions(target="kind"))

    assert (added.info.train_examples, added.info.test_examples) == (30, 6)
    assert "Joined as the training part: d/train/1.csv, d/train/2.csv." in added.warnings
    assert "Left out: d/readme.md, which is no table." in added.warnings


def test_a_class_of_the_test_file_alone_is_refused_with_what_it_was_meant_to_be(
    settings: Settings, packed: Packed
) -> None:
    train = "".join(f"{at}, {('<=50K', '>50K')[at % 2]}\n" for at in range(40))
    test = "|1x3 Cross validator\n" + "".join(f"{at}, {('<=50K.', '>50K.')[at % 2]}\n" for at in range(10))
    zipped = packed({"adult.data": train, "adult.test": test})

    with pytest.raises(DataError, match="differs from '<=50K' by a point"):
        adding.add_table(settings, "mine", zipped, TableOptions(target="column 2"))


def test_a_category_is_the_same_text_in_every_file(settings: Settings, packed: Packed) -> None:
    train = "code,x,kind\n" + "".join(f"0{at % 2 + 1},{at}.5,{'ab'[at % 2]}\n" for at in range(40))
    zipped = packed({"train.csv": train, "test.csv": "code,x,kind\n01,1,a\n02,2,b\n0A,3,a\n"})

    added = adding.add_table(settings, "mine", zipped, TableOptions(target="kind", columns={"code": "category"}))

    assert set(added.info.categories[0].categories) == {"01", "02"}


def test_the_last_rows_by_time_are_held_back(settings: Settings, add: Add) -> None:
    days = np.arange(np.datetime64("2021-01-01"), np.datetime64("2021-04-11"))
    shuffled = np.random.default_rng(0).permutation(len(days))
    content = "date,load\n" + "".join(f"{days[at]},{at}.5\n" for at in shuffled)

    added = add(content, target="load", time="date", test_share=0.2)

    raw = _stored(settings)
    assert (added.info.split_by, added.info.test_examples) == ("time", 20)
    assert raw.y_test.tolist() == [at + 0.5 for at in range(80, 100)]
    assert raw.y_train.tolist() == [at + 0.5 for at in range(80)]


def test_that_rows_have_dates_is_said_when_they_are_parted_by_chance(add: Add) -> None:
    content = "date,load\n" + "".join(f"2021-01-{at:02},{at}.5\n" for at in range(1, 31))

    assert any("--time 'date' takes the last" in told for told in add(content, target="load").warnings)


def test_rows_of_a_group_stay_together_and_the_group_is_not_learned_from(settings: Settings, add: Add) -> None:
    content = "patient,x,y\n" + "".join(f"p{at % 12},{at % 12},{'ab'[at % 2]}\n" for at in range(120))

    added = add(content, target="y", group="patient")

    raw = _stored(settings)
    assert isinstance(raw.x_train, dict)
    assert isinstance(raw.x_test, dict)
    assert [each.name for each in added.info.features] == ["x"]
    assert len(raw.y_test)
    assert not set(raw.x_train[NUMBERS].ravel()) & set(raw.x_test[NUMBERS].ravel())


@pytest.mark.parametrize(("column", "shown"), [("town", "'Ulm', 'Koeln'"), ("id", "'c1', 'c2'")])
def test_a_column_that_has_no_order_cannot_be_time(add: Add, column: str, shown: str) -> None:
    rows = "".join(f"c{at},{'Ulm' if at % 2 else 'Koeln'},{at % 7},{'ab'[at % 2]}\n" for at in range(1, 41))
    with pytest.raises(DataError, match=f"order of '{column}': it holds neither dates nor numbers, such as {shown}"):
        add("id,town,x,y\n" + rows, target="y", time=column)
