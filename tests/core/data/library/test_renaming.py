"""Names of classes: from a file, with what is added or later, for every kind of data that has classes."""

from pathlib import Path

import numpy as np
import pytest

from core.common.context import Context
from core.common.errors import DataError
from core.common.settings import Settings
from core.data import library
from core.data.library import ArrayOptions, Options, TableOptions, TextOptions, adding, parse_names
from core.data.library.renaming import renamed
from core.runs import data_sets

DIGITS = tuple("0123")


@pytest.mark.parametrize(
    ("text", "classes", "expected"),
    [
        ("cat\ndog\n", ("0", "1"), ("cat", "dog")),
        ("cat\r\ndog\r\n\r\n", ("1", "2"), ("cat", "dog")),
        ("cat\ndog\nowl\n", ("0", "2"), ("cat", "owl")),
        ("0\tcat\n1\tdog\n", ("0", "1"), ("cat", "dog")),
        ("n01\tcat\nn02\tdog\nn03\towl\n", ("n01", "n03"), ("cat", "owl")),
        ("1\tdog\n", ("0", "1"), ("0", "dog")),
        ('{"0": "cat", "1": "dog"}', ("0", "1"), ("cat", "dog")),
        ('{"cat": 0, "dog": 1}', ("0", "1"), ("cat", "dog")),
        ('["cat", "dog"]', ("0", "1"), ("cat", "dog")),
        ("\ufeff猫\n犬\n", ("0", "1"), ("猫", "犬")),
        ("b\na\n", ("a", "b"), ("a", "b")),
    ],
)
def test_names_are_read_however_they_are_written(
    text: str, classes: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert renamed(classes, parse_names(text, "names.txt"), "some") == expected


@pytest.mark.parametrize(
    ("text", "classes", "told"),
    [
        (" \n", DIGITS, "holds no names"),
        ("0\tcat\ndog\n", DIGITS, "line 2: write a label, a tab"),
        ("0\tcat\n0\tdog\n", DIGITS, "names the label '0' twice"),
        ('{"0": "cat", "0": "dog"}', DIGITS, "names the label '0' twice"),
        ("{0: cat}", DIGITS, "cannot be read as JSON"),
        ('["cat", 1]', DIGITS, "holds texts only"),
        ('{"0": ["cat"]}', DIGITS, "names of classes are texts"),
        ("cat\ndog\n", DIGITS, "has a class 3, and there are 2 names"),
        ("cat\ndog\n", ("neg", "pos"), r"are words \(neg, pos\)"),
        ("neg\tbad\npsо\tgood\n", ("neg", "pos"), "has no class"),
        ("0\tcat\n1\tcat\n", DIGITS, "Two classes would be called 'cat'"),
        ("0\t1\n", DIGITS, "Two classes would be called '1'"),
        ('{"0": " "}', DIGITS, "cannot be called ''"),
    ],
)
def test_names_that_fit_no_class_are_refused(text: str, classes: tuple[str, ...], told: str) -> None:
    with pytest.raises(DataError, match=told):
        renamed(classes, parse_names(text, "names.txt"), "some")


def test_a_file_of_names_may_be_in_any_encoding(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_text("0\t很好\n1\t不好\n2\t没有意见\n3\t其他", encoding="gb18030")

    assert library.read_names(path) == {"0": "很好", "1": "不好", "2": "没有意见", "3": "其他"}


@pytest.mark.parametrize("kind", ["text", "table", "arrays"])
def test_classes_are_named_when_they_are_added_and_later(
    context: Context, settings: Settings, tmp_path: Path, kind: str
) -> None:
    names = {"0": "negative", "1": "positive"}
    options: dict[str, Options] = {
        "text": TextOptions(text="text", class_names=names),
        "table": TableOptions(target="label", class_names=names),
        "arrays": ArrayOptions(class_names=("negative", "positive")),
    }
    path = tmp_path / ("some.npz" if kind == "arrays" else "some.csv")
    if kind == "arrays":
        np.savez(path, x=np.arange(80.0).reshape(40, 2), y=np.arange(40) % 2)
    else:
        rows = (f"{at % 2},{('bad', 'good')[at % 2]} {at},{at * 1.5}\n" for at in range(40))
        path.write_text("label,text,number\n" + "".join(rows))

    added = library.add(settings, kind, "some", path, options[kind])

    assert added.info.class_names == ("negative", "positive")
    changed = data_sets.rename_classes(context, "some", {"positive": "很好"})
    assert changed.info.class_names == library.get(settings, "some").info.class_names == ("negative", "很好")
    assert changed.fingerprint == added.fingerprint
    if kind != "arrays":
        assert {sample.label for sample in library.profile(settings, "some").samples} == {"negative", "很好"}
    for wrong in ({"positive": "x"}, {"negative": "很好"}, ["only"]):
        with pytest.raises(DataError):
            data_sets.rename_classes(context, "some", wrong)
    assert library.get(settings, "some") == changed


def test_what_has_no_classes_cannot_be_given_names(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "play.txt"
    path.write_text("Enter the king, and then the queen.\n" * 60)

    with pytest.raises(DataError, match="has no classes to name: its task is generation"):
        adding.add(settings, "corpus", "play", path, library.CorpusOptions(class_names=("a",)))
    library.add_corpus(settings, "play", path)
    with pytest.raises(DataError, match="play has no classes to name"):
        library.rename_classes(settings, "play", ["a"])
