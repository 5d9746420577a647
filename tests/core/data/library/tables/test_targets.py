"""What is predicted: classes by their text, or numbers in float64; or a refusal that says why."""

import numpy as np
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.base import CATEGORIES, NUMBERS
from core.data.library import array_files, store
from tests.core.data.library.tables.conftest import Add, Look, column

ZIP = "zip,n,y\n" + "".join(f"{('007', '7', '07')[at % 3]},0.{at},{'abc'[at % 3]}\n" for at in range(60))


def test_codes_keep_their_text(settings: Settings, add: Add) -> None:
    added = add(ZIP, target="y")

    assert set(added.info.categories[0].categories) == {"007", "7", "07"}
    raw = array_files.read(store.folder(settings, "mine"), added.info)
    assert isinstance(raw.x_train, dict)
    assert set(raw.x_train[CATEGORIES].ravel()) == {"007", "7", "07"}


def test_labels_keep_their_text(add: Add) -> None:
    labels = ("1E1", "10", "2E1", "20")

    added = add("x,y\n" + "".join(f"{at}.5,{labels[at % 4]}\n" for at in range(40)), target="y")

    assert added.info.class_names == tuple(sorted(labels))


def test_large_targets_and_ids_keep_all_their_values(settings: Settings, add: Add) -> None:
    rows = [(1_700_000_000_000 + at, 1.7e9 + at / 7) for at in range(60)]

    added = add("stamp,y\n" + "".join(f"{stamp},{y!r}\n" for stamp, y in rows), target="y", columns={"stamp": "number"})

    raw = array_files.read(store.folder(settings, "mine"), added.info)
    assert isinstance(raw.x_train, dict)
    assert isinstance(raw.x_test, dict)
    assert sorted([*raw.y_train.tolist(), *raw.y_test.tolist()]) == [y for _, y in rows]
    stamps = np.concatenate([raw.x_train[NUMBERS], raw.x_test[NUMBERS]]).ravel()
    assert sorted(stamps.tolist()) == [stamp for stamp, _ in rows]


@pytest.mark.parametrize("written", [lambda at: f"${1000 + at * 7:,}", lambda at: f"{1000 + at * 7}"])
def test_a_price_is_a_number_and_no_task_of_many_classes(add: Add, look: Look, written: object) -> None:
    content = "x,price\n" + "".join(f'{at % 9}.5,"{written(at)}"\n' for at in range(299))  # type: ignore[operator]

    assert column(look(content), "price").task == "regression"
    with pytest.raises(DataError, match=r"299 different values in 299 rows: too many to be classes.* Take regression"):
        add(content, target="price", task="classification")
    assert add(content, target="price").info.task == "regression"


def test_words_that_are_nearly_all_different_are_no_classes(add: Add) -> None:
    with pytest.raises(DataError, match="60 different values in 60 rows"):
        add("x,name\n" + "".join(f"{at % 9}.5,person {at}\n" for at in range(60)), target="name")


def test_a_number_like_target_that_cannot_be_read_says_which_cells(add: Add) -> None:
    content = "x,price\n" + "".join(f"{at % 9}.5,{at * 1.5}\n" for at in range(60)) + "1,on request\n"

    with pytest.raises(DataError, match=r"'on request' in row 61. --missing 'price=on request'"):
        add(content, target="price")
    assert add(content, target="price", missing_in={"price": ("on request",)}).info.task == "regression"


def test_several_labels_in_a_cell_are_read_as_such_and_told(add: Add) -> None:
    labels = ("love", "drama", "drama;love", "comedy", "comedy;love", "comedy;drama", "comedy;drama;love")
    content = "x,labels\n" + "".join(f"{at}.5,{labels[at % 7]}\n" for at in range(42))

    plain = add(content, target="labels")

    assert (plain.info.task, plain.info.class_names) == ("multilabel", ("comedy", "drama", "love"))
    assert plain.warnings[0] == "Cells hold labels parted by ';': 3 labels, 1.71 of each row on average."


def test_combinations_of_labels_are_classes_where_that_is_said(add: Add) -> None:
    labels = ("love", "drama", "drama;love")
    content = "x,labels\n" + "".join(f"{at}.5,{labels[at % 3]}\n" for at in range(42))

    assert add(content, target="labels", task="classification").info.class_names == ("drama", "drama;love", "love")


def test_classes_that_are_nearly_the_same_are_told(add: Add) -> None:
    added = add("x,y\n" + "".join(f"{at}.5,{('yes', 'no', 'Yes')[at % 3]}\n" for at in range(60)), target="y")

    assert any("Two classes are nearly the same" in warning for warning in added.warnings)


def test_a_column_of_numbers_but_for_a_few_words_is_the_guessed_target(look: Look, add: Add) -> None:
    content = "Ort;Zimmer;Kaufpreis\n" + "".join(f"{'ABC'[at % 3]};{at % 5};{200_000 + at * 511}\n" for at in range(60))

    assert look(f"{content}A;1;k.A.\nB;2;k. A.\n").target == "Kaufpreis"
    preview = look(f"{content}A;1;auf Anfrage\n")
    assert (preview.target, column(preview, "Kaufpreis").nearly) == ("Kaufpreis", True)
    with pytest.raises(DataError, match="auf Anfrage"):
        add(f"{content}A;1;auf Anfrage\n", target=preview.target)


@pytest.mark.parametrize(("labels", "told"), [(("-1", "1"), False), (("1.5", "15"), False), (("a-b", "ab"), True)])
def test_classes_that_are_other_numbers_are_not_nearly_the_same(add: Add, labels: tuple[str, str], told: bool) -> None:
    content = "x,y\n" + "".join(f"{at}.5,{labels[at % 2]}\n" for at in range(60))

    added = add(content, target="y", task="classification")

    assert any("nearly the same" in warning for warning in added.warnings) == told


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_column_with_infinite_numbers_is_looked_at_without_warning(look: Look) -> None:
    found = look("x,y\n" + "".join(f"{('1', '2', 'inf')[at % 3]},{at % 2}\n" for at in range(30)))

    assert column(found, "x").kind == "number"


def test_whole_numbers_of_which_nearly_each_is_another_are_regression_in_small_tables(add: Add, look: Look) -> None:
    content = "x,price\n" + "".join(f"{at % 9}.5,{100 + at * 7}\n" for at in range(20))

    assert column(look(content), "price").task == "regression"
    with pytest.raises(DataError, match="20 different values in 20 rows: too many to be classes"):
        add(content, target="price", task="classification")
    assert add(content, target="price").info.task == "regression"


def test_words_of_which_each_is_another_are_no_classes_in_small_tables(add: Add) -> None:
    with pytest.raises(DataError, match="20 different values in 20 rows"):
        add("x,name\n" + "".join(f"{at % 9}.5,person {at}\n" for at in range(20)), target="name")


def test_labels_that_are_the_same_whole_number_are_one_class_and_told(add: Add) -> None:
    labels = ("0.0", "1.0", "1")

    added = add("x,y\n" + "".join(f"{at}.5,{labels[at % 3]}\n" for at in range(60)), target="y")

    assert added.info.class_names == ("0", "1")
    assert any("Labels that are the same number are one class: 1.0 as 1." in each for each in added.warnings)


def test_labels_with_leading_zeros_stay_classes_of_their_own(add: Add) -> None:
    labels = ("01", "1", "1.0")

    added = add("x,y\n" + "".join(f"{at}.5,{labels[at % 3]}\n" for at in range(60)), target="y")

    assert added.info.class_names == ("01", "1", "1.0")


def test_letters_of_several_code_points_are_one_class_and_told(add: Add) -> None:
    labels = ("caf\u00e9", "cafe\u0301", "caf\u00e9\u200b", "bar")

    added = add("x,y\n" + "".join(f"{at}.5,{labels[at % 4]}\n" for at in range(60)), target="y")

    assert added.info.class_names == ("bar", "caf\u00e9")
    assert any("caf\u00e9, or other codes of the same letters" in warning for warning in added.warnings)
