"""MNIST, Fashion-MNIST and CIFAR-10 from the files people have."""

import gzip
import os
import pickle
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.array_checks import checked
from core.data.base import DataInfo, Raw
from core.data.prepare import fingerprint
from core.data.sources.downloads import Cifar10, FashionMnist, Mnist
from core.data.sources.local_copies import read_local

DIGITS = DataInfo((28, 28, 1), tuple("0123456789"), 6, 4, kind="image")
THINGS = DataInfo((32, 32, 3), Cifar10.facts.class_names, 10, 2, kind="image")


@pytest.fixture
def local(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with a folder for local copies of data sets."""
    return settings.model_copy(update={"data_dir": tmp_path / "data"})


def _folder(settings: Settings, name: str) -> Path:
    assert settings.data_dir is not None
    folder = settings.data_dir / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _arrays(info: DataInfo) -> Raw:
    random = np.random.default_rng(0)
    parts: list[Any] = []
    for count in (info.train_examples, info.test_examples):
        parts += [random.integers(0, 256, (count, *info.shape), np.uint8), random.integers(0, 10, count, np.uint8)]
    return checked(Raw(*parts), info, "made")


def _write_idx(path: Path, array: np.ndarray) -> None:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    content = header + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def _write_all_idx(folder: Path, raw: Raw, pattern: str) -> None:
    for stem, array in (("train", raw.x_train), ("t10k", raw.x_test)):
        _write_idx(folder / pattern.format(f"{stem}-images", 3), np.asarray(array)[..., 0])
    for stem, array in (("train", raw.y_train), ("t10k", raw.y_test)):
        _write_idx(folder / pattern.format(f"{stem}-labels", 1), array)


def _same(found: Raw, expected: Raw) -> bool:
    return fingerprint(found) == fingerprint(expected)


@pytest.mark.parametrize("file", ["mnist.npz", "whatever.npz", "deep/er/mnist.npz"])
def test_an_npz_with_keras_keys_is_read_under_any_name(local: Settings, file: str) -> None:
    raw = _arrays(DIGITS)
    path = _folder(local, "mnist") / file
    path.parent.mkdir(parents=True, exist_ok=True)
    x_train, x_test = np.asarray(raw.x_train), np.asarray(raw.x_test)
    np.savez_compressed(path, x_train=x_train[..., 0], y_train=raw.y_train, x_test=x_test, y_test=raw.y_test)
    assert _same(read_local("mnist", DIGITS, local), raw)


@pytest.mark.parametrize("pattern", ["{}-idx{}-ubyte", "{}-idx{}-ubyte.gz", "{}.idx{}-ubyte"])
def test_idx_files_are_read_zipped_or_not(local: Settings, pattern: str) -> None:
    raw = _arrays(DIGITS)
    _write_all_idx(_folder(local, "mnist"), raw, pattern)
    assert _same(read_local("mnist", DIGITS, local), raw)


def _batches(raw: Raw) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Rows of pixels, colour by colour, and labels, by name of the batch."""
    rows = {"train": np.asarray(raw.x_train), "test": np.asarray(raw.x_test)}
    flat = {part: x.transpose(0, 3, 1, 2).reshape(len(x), -1) for part, x in rows.items()}
    names = {
        f"data_batch_{n + 1}": (flat["train"][2 * n : 2 * n + 2], raw.y_train[2 * n : 2 * n + 2]) for n in range(5)
    }
    return {**names, "test_batch": (flat["test"], raw.y_test)}


def test_binary_batches_of_cifar_are_read(local: Settings) -> None:
    raw = _arrays(THINGS)
    for name, (rows, labels) in _batches(raw).items():
        records = np.concatenate([labels.astype(np.uint8)[:, np.newaxis], rows], axis=1)
        (_folder(local, "cifar10") / f"{name}.bin").write_bytes(records.tobytes())
    assert _same(read_local("cifar10", THINGS, local), raw)


@pytest.mark.parametrize("protocol", [2, 4])
def test_python_batches_of_cifar_are_read(local: Settings, protocol: int) -> None:
    raw = _arrays(THINGS)
    for name, (rows, labels) in _batches(raw).items():
        content = {"data": rows, "labels": labels.tolist(), "batch_label": name}
        (_folder(local, "cifar10") / name).write_bytes(pickle.dumps(content, protocol))
    assert _same(read_local("cifar10", THINGS, local), raw)


class _Evil:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


def test_a_batch_that_carries_code_is_refused_and_runs_nothing(local: Settings, tmp_path: Path) -> None:
    proof = tmp_path / "code was run"
    for name, (rows, labels) in _batches(_arrays(THINGS)).items():
        content = {"data": rows, "labels": labels.tolist(), "more": _Evil(proof)}
        (_folder(local, "cifar10") / name).write_bytes(pickle.dumps(content))
    with pytest.raises(DataError, match="mkdir, which is neither an array nor a plain value"):
        read_local("cifar10", THINGS, local)
    assert not proof.exists()


def test_a_copy_is_kept_for_the_next_run_and_made_anew_when_a_file_changes(local: Settings) -> None:
    folder = _folder(local, "mnist")
    _write_all_idx(folder, _arrays(DIGITS), "{}-idx{}-ubyte")
    read_local("mnist", DIGITS, local)
    assert len(list((local.datasets_dir / "mnist").glob("*.npz"))) == 1
    changed = _arrays(DIGITS)
    changed.y_test[:] = 9
    _write_all_idx(folder, changed, "{}-idx{}-ubyte")
    assert _same(read_local("mnist", DIGITS, local), changed)


def test_a_download_of_an_earlier_run_is_used(settings: Settings) -> None:
    raw = _arrays(DIGITS)
    folder = settings.datasets_dir / "mnist"
    folder.mkdir(parents=True)
    np.savez(folder / "mnist.npz", **vars(raw))
    assert _same(read_local("mnist", DIGITS, settings), raw)


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"x_train": np.zeros(3)}, "holds x_train, but not y_train, x_test, y_test"),
        ({"x_train": np.array([{}], dtype=object)}, "holds Python objects, which are never loaded"),
    ],
)
def test_an_npz_that_is_something_else_is_refused(local: Settings, arrays: dict[str, Any], told: str) -> None:
    if "objects" in told:
        arrays |= {key: np.zeros(1) for key in ("y_train", "x_test", "y_test")}
    np.savez(_folder(local, "mnist") / "mnist.npz", **arrays)
    with pytest.raises(DataError, match=told):
        read_local("mnist", DIGITS, local)


@pytest.mark.parametrize("keep", [0, 10, 2000])
def test_a_truncated_npz_is_refused(local: Settings, keep: int) -> None:
    path = _folder(local, "mnist") / "mnist.npz"
    np.savez(path, **vars(_arrays(DIGITS)))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataError, match=r"cannot be read as an npz file.*it is damaged"):
        read_local("mnist", DIGITS, local)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda content: content[:-5], "and its header promises 4,720"),
        (lambda content: b"PK\x03\x04" + content, "begins with 50 4b 03 04; an idx file of bytes begins with 00 00 08"),
        (lambda content: b"", "begins with nothing"),
        (lambda content: content[:6], "holds 6 bytes"),
        (lambda content: content[:4] + b"\xff" * 12 + content[16:], "its header promises"),
    ],
)
def test_a_damaged_idx_file_is_refused_with_the_reason(local: Settings, damage: Any, told: str) -> None:
    folder = _folder(local, "mnist")
    _write_all_idx(folder, _arrays(DIGITS), "{}-idx{}-ubyte")
    path = folder / "train-images-idx3-ubyte"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError, match=told):
        read_local("mnist", DIGITS, local)


def test_a_damaged_gzip_is_refused(local: Settings) -> None:
    folder = _folder(local, "mnist")
    _write_all_idx(folder, _arrays(DIGITS), "{}-idx{}-ubyte.gz")
    path = folder / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="cannot be read"):
        read_local("mnist", DIGITS, local)


def test_fewer_examples_than_published_are_refused(local: Settings) -> None:
    np.savez(_folder(local, "mnist") / "mnist.npz", **vars(_arrays(DIGITS)))
    with pytest.raises(DataError, match="6 training and 4 test examples were found; published are 60,000 and 10,000"):
        Mnist().read(local)


@pytest.mark.parametrize("source", [Mnist(), FashionMnist(), Cifar10()], ids=lambda source: source.source)
def test_the_real_sets_are_read(settings: Settings, data_dir: Path, source: Any) -> None:
    if not (data_dir / source.source).is_dir():
        pytest.skip(f"{data_dir} has no {source.source}")
    raw = source.read(settings.model_copy(update={"data_dir": data_dir}))
    assert len(raw.x_train) == source.facts.train_examples
    assert np.bincount(raw.y_test).tolist() == [1000] * 10 or source.source == "mnist"
    shutil.rmtree(settings.datasets_dir, ignore_errors=True)
