"""The layouts in which people keep the sets that can be downloaded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.data.base import Raw
from core.data.formats import cifar, class_names, idx, text_files
from core.data.formats.npz import has_keys, read_npz

Found = Sequence[Path]  # files of a folder and below, sorted


@dataclass(frozen=True)
class Layout:
    files: str  # the names, for messages
    sets: tuple[str, ...]  # the data sets that are published so
    find: Callable[[Found, str], list[Path]]  # this layout's files for a set, [] when some are not there
    read: Callable[[list[Path]], Raw]
    slow: bool = False  # worth a copy as npz


def _find_npz(present: Found, name: str) -> list[Path]:
    exact = [path for path in present if path.name == f"{name}.npz"]
    return exact[:1] or [path for path in present if path.suffix == ".npz" and has_keys(path)][:1]


def _find_named(alternatives: Sequence[Sequence[str]]) -> Callable[[Found, str], list[Path]]:
    """A finder of one file for each group of names that mean the same."""

    def find(present: Found, _name: str) -> list[Path]:
        by_name = {path.name: path for path in reversed(present)}
        files = [next((by_name[name] for name in names if name in by_name), None) for names in alternatives]
        return [file for file in files if file] if all(files) else []

    return find


def _find_sheets(present: Found, _name: str) -> list[Path]:
    train, test = ([path for path in present if path.match(f"{part}_*.webp")] for part in ("train", "test"))
    labels = [path for path in present if path.name == "labels.npz"]
    return [*train, *test, labels[0]] if train and test and labels else []


def _texts(name: str, classes: Sequence[str], example: str) -> tuple[Layout, ...]:
    return (
        Layout(
            f"folders of texts by part and class, such as {example}",
            (name,),
            lambda present, _name: text_files.find_folders(present, classes),
            partial(text_files.read_folders, classes=classes),
            slow=True,
        ),
        Layout(
            "train.csv and test.csv, or .tsv, with the columns label and text",
            (name,),
            text_files.find_tables,
            partial(text_files.read_tables, classes=classes),
            slow=True,
        ),
        Layout(
            "{name}.npz with the arrays x_train, y_train, x_test, y_test, the texts as text (Keras's own file holds "
            "pickled objects, which are never loaded)",
            (name,),
            _find_npz,
            lambda files: read_npz(files[0]),
        ),
    )


LAYOUTS = (
    Layout(
        "{name}.npz with the arrays x_train, y_train, x_test, y_test",
        ("mnist", "fashion_mnist", "cifar10", "cifar100"),
        _find_npz,
        lambda files: read_npz(files[0]),
    ),
    Layout(
        "the four idx files, such as train-images-idx3-ubyte.gz",
        ("mnist", "fashion_mnist"),
        _find_named(idx.NAMES),
        idx.read,
        slow=True,
    ),
    Layout(
        "the binary batches data_batch_1.bin to data_batch_5.bin and test_batch.bin",
        ("cifar10",),
        _find_named([[name] for name in cifar.BINARY]),
        cifar.read_binary,
        slow=True,
    ),
    Layout(
        "the Python batches data_batch_1 to data_batch_5 and test_batch",
        ("cifar10",),
        _find_named([[name] for name in cifar.PYTHON]),
        cifar.read_python,
        slow=True,
    ),
    Layout(
        "sheets train_00.webp …, test_00.webp … of 25 x 40 pictures, and labels.npz",
        ("cifar10",),
        _find_sheets,
        cifar.read_sheets,
        slow=True,
    ),
    Layout(
        "the binary files train.bin and test.bin",
        ("cifar100",),
        _find_named([["train.bin"], ["test.bin"]]),
        cifar.read_fine,
        slow=True,
    ),
    *_texts("imdb", class_names.IMDB, "aclImdb/train/pos/….txt"),
    *_texts("reuters", class_names.REUTERS, "train/grain/….txt"),
)
