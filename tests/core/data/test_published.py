"""IMDB, Reuters and CIFAR-100 from the files people have, and from Keras's loader."""

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.base import DataInfo, Raw
from core.data.formats import class_names
from core.data.prepare import fingerprint, load
from core.data.sources.downloads import Cifar100, Imdb, Reuters
from core.data.sources.local_copies import read_local

FILMS = DataInfo((1,), class_names.IMDB, 2, 2, task="binary", kind="text")
NEWS = DataInfo((1,), class_names.REUTERS, 2, 2, kind="text")
THINGS = DataInfo((32, 32, 3), class_names.CIFAR100, 4, 2, kind="image")
TRAIN, TEST = ['A "fine" film,\nwith tabs', "说得好"], ["Bad.", "Good…"]
LABELS = np.array([0, 1], np.int32)


def _texts(train: list[str] = TRAIN) -> Raw:
    return Raw(np.array(train, dtype=object), LABELS, np.array(TEST, dtype=object), LABELS)


@pytest.fixture
def local(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"data_dir": tmp_path / "data"})


def _folder(settings: Settings, name: str) -> Path:
    assert settings.data_dir is not None
    folder = settings.data_dir / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _folders(root: Path, classes: tuple[str, str]) -> None:
    for part, texts in (("train", TRAIN), ("test", TEST)):
        for name, text in zip(classes, texts, strict=True):
            path = root / part / name / "0_1.txt"
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")
    (root / "train" / "unsup").mkdir()
    (root / "train" / "unsup" / "0_0.txt").write_text("nobody knows")


def _tables(root: Path, rows: Callable[[list[str]], list[list[str]]], separator: str) -> None:
    for part, texts in (("train", TRAIN), ("test", TEST)):
        with (root / f"{part}.{'csv' if separator == ',' else 'tsv'}").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows([text.replace("\n", " ") for text in texts]))


def test_the_class_names_are_those_of_the_publishers() -> None:
    assert (len(class_names.CIFAR100), len(class_names.REUTERS)) == (100, 46)
    assert class_names.CIFAR100[0] == "apple"
    assert class_names.CIFAR100[99] == "worm"
    assert class_names.REUTERS[3] == "earn"
    assert class_names.REUTERS[45] == "lead"
    for source in (Cifar100(), Imdb(), Reuters()):
        assert source.info(Settings()).classes == len(source.facts.class_names)


@pytest.mark.parametrize("classes", [("neg", "pos"), ("negative", "positive")])
def test_folders_of_texts_are_read_and_a_copy_is_kept(local: Settings, classes: tuple[str, str]) -> None:
    _folders(_folder(local, "imdb") / "aclImdb", classes)
    first, again = read_local("imdb", FILMS, local), read_local("imdb", FILMS, local)
    assert fingerprint(first) == fingerprint(again) == fingerprint(_texts())
    copies = list((local.datasets_dir / "imdb").glob("*.npz"))
    assert len(copies) == 1
    with np.load(copies[0], allow_pickle=False) as arrays:  # nothing in it needs unpickling
        assert arrays["x_train"].dtype == np.uint8


@pytest.mark.parametrize("separator", [",", "\t"])
@pytest.mark.parametrize(
    "rows",
    [
        lambda texts: [["label", "text"], *[[str(n), text] for n, text in enumerate(texts)]],
        lambda texts: [["text", "label"], *[[text, ("Cocoa", "grain")[n]] for n, text in enumerate(texts)]],
        lambda texts: [[str(n), text] for n, text in enumerate(texts)],
    ],
    ids=["numbers", "names", "no head"],
)
def test_tables_of_labels_and_texts_are_read(local: Settings, separator: str, rows: Any) -> None:
    _tables(_folder(local, "reuters"), rows, separator)
    found = read_local("reuters", NEWS, local)
    assert fingerprint(found) == fingerprint(_texts([text.replace("\n", " ") for text in TRAIN]))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            "label,text\nsugar,A\nweather,B\n",
            "row 3: the label 'weather' is no class of this set; accepted are numbers",
        ),
        ("label,text\n46,A\n", "the label '46'"),
        ("label,text\n1\n", "row 2: 1 columns; expected are a label and a text"),
        ("", "is empty"),
        (b"label,text\n1,\xff\xfe\n", "cannot be read as a table in UTF-8"),
    ],
)
def test_a_damaged_table_is_refused_with_the_place(local: Settings, content: str | bytes, told: str) -> None:
    folder = _folder(local, "reuters")
    for part in ("train", "test"):
        (folder / f"{part}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError, match=told):
        read_local("reuters", NEWS, local)


def test_an_npz_of_texts_is_read_and_one_of_word_numbers_refused(local: Settings) -> None:
    path = _folder(local, "imdb") / "imdb.npz"
    np.savez(path, x_train=np.array(TRAIN), y_train=LABELS, x_test=np.array(TEST), y_test=LABELS)
    assert fingerprint(read_local("imdb", FILMS, local)) == fingerprint(_texts())
    np.savez(path, x_train=np.ones((2, 9), int), y_train=LABELS, x_test=np.ones((2, 9), int), y_test=LABELS)
    with pytest.raises(DataError, match="2 x 9 values of type int64 were found; accepted is one text per example"):
        read_local("imdb", FILMS, local)
    np.savez(path, x_train=np.array([[1], [2, 3]], dtype=object), y_train=LABELS, x_test=LABELS, y_test=LABELS)
    with pytest.raises(DataError, match="holds Python objects, which are never loaded"):
        read_local("imdb", FILMS, local)


def test_cifar100_is_read_from_its_binary_files_with_the_fine_labels(local: Settings) -> None:
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (6, 32, 32, 3), np.uint8)
    fine = np.array([0, 99, 50, 7, 1, 2], np.uint8)
    rows = x.transpose(0, 3, 1, 2).reshape(6, -1)
    records = np.concatenate([np.full((6, 1), 19, np.uint8), fine[:, np.newaxis], rows], axis=1)
    folder = _folder(local, "cifar100")
    (folder / "train.bin").write_bytes(records[:4].tobytes())
    (folder / "test.bin").write_bytes(records[4:].tobytes())
    found = read_local("cifar100", THINGS, local)
    assert np.array_equal(np.asarray(found.x_train), x[:4])
    assert found.y_train.tolist() == [0, 99, 50, 7]
    (folder / "test.bin").write_bytes(records[4:].tobytes()[:-1])
    with pytest.raises(DataError, match="expected is a multiple of 3,074"):
        read_local("cifar100", THINGS, local)


def _keras(monkeypatch: pytest.MonkeyPatch, **modules: Any) -> None:
    monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(datasets=SimpleNamespace(**modules)))


def test_keras_sequences_become_words_and_are_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = (np.array([[1, 4, 5], [1, 5]], dtype=object), LABELS), (np.array([[1], [1, 4]], dtype=object), LABELS)
    module = SimpleNamespace(load_data=lambda: parts, get_word_index=lambda: {"the": 1, "film": 2})
    _keras(monkeypatch, imdb=module)
    found = read_local("imdb", FILMS, settings)
    assert found.x_train.tolist() == ["the film", "film"]  # type: ignore[union-attr]
    assert found.x_test.tolist() == ["", "the"]  # type: ignore[union-attr]
    _keras(monkeypatch)  # no network any more: the kept copy is read
    assert fingerprint(read_local("imdb", FILMS, settings)) == fingerprint(found)


def test_a_set_that_is_nowhere_is_told_with_the_files_that_would_do(
    local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OSError("no route to host")

    _keras(monkeypatch, **dict.fromkeys(("imdb", "cifar100"), SimpleNamespace(load_data=refuse)))
    with pytest.raises(DataError) as told:
        Imdb().read(local)
    message = str(told.value)
    assert "imdb is neither on this host nor could it be downloaded (no route to host)" in message
    assert f"Put one of these into {local.data_dir}/imdb" in message
    assert "aclImdb/train/pos/….txt; train.csv and test.csv" in message
    with pytest.raises(DataError, match=r"train\.bin and test\.bin"):
        Cifar100().read(local)


def test_published_texts_are_prepared_as_any_others(local: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _folders(_folder(local, "imdb"), ("neg", "pos"))
    monkeypatch.setattr(Imdb, "facts", FILMS)
    data = load(Imdb(length=4, validation_split=0), local, seed=0)
    assert data.x_train.shape == (2, 4)  # type: ignore[union-attr]
    assert data.vocabulary is not None
    assert "film" in data.vocabulary.tokens
