"""Bad files of each kind: what is wrong is said, and nothing is left behind."""

import errno
import io
import os
import re
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.common.errors import DataError
from core.common.settings import Settings
from core.data import library
from core.data.library import ArrayOptions, Options, TableOptions, TextOptions, adding, array_files
from tests.core.data.library.conftest import Packed

Left = Callable[[], list[str]]
TABLE = TableOptions(target="y")


def _png(color: int = 0, size: tuple[int, int] = (8, 8)) -> bytes:
    file = io.BytesIO()
    Image.new("L", size, color).save(file, "png")
    return file.getvalue()


PICTURES = {f"{label}/{at}.png": _png(at) for label in ("cat", "dog") for at in range(3)}


def refused(settings: Settings, kind: str, path: Path, options: Options | None = None) -> str:
    with pytest.raises(DataError) as told:
        adding.add(settings, kind, "bad", path, options)
    return str(told.value)


@pytest.mark.parametrize(
    ("content", "options", "told"),
    [
        (b"", TABLE, "bad.csv is empty"),
        (b"\n\n", TABLE, "holds no rows"),
        (b"x,y\n", TABLE, "a header, but no rows"),
        (b"x,y\n1,2\n3,4,5\n6\n", TABLE, "2 rows without the 2 fields of the first: line 3 has 3, line 4 has 1"),
        (
            "x,y\n1,é\n2,caf".encode() + b"\xe9\n",
            TABLE,
            "not UTF-8: the byte 0xe9 on line 3 .byte 15 of the file.*gb18030",
        ),
        (
            "x,y\n1,好\n".encode("gb18030"),
            TableOptions(target="y", encoding="utf-8"),
            "not UTF-8: the byte 0xba on line 2",
        ),
        (b"x,y\n1,\0\n", TABLE, "no text file: it holds bytes of zero"),
        (b"x,y\n1,2\n", TableOptions(target="y", encoding="klingon"), "no encoding 'klingon'; such as utf-8"),
        (b"y,x,x\n1,2,3\n", TABLE, "1 column name more than once: x"),
        (b"x,z\n1,2\n", TABLE, "no column 'y' for the target.* The columns are x, z"),
        (b"x,y\n1,a\n2,a\n", TABLE, "has one class only, 'a'"),
        (b"x,y\n1,\n2,\n", TABLE, "The target 'y' is missing in every row"),
        (b"x,y\n1,1.5\n2,1.5\n", TableOptions(target="y", task="regression"), "has one value only, 1.5"),
        (b"x,y\n1,1.5\n2,a\n", TableOptions(target="y", task="regression"), "1 row have others, .* row 2 with 'a'"),
        (b"x,y\n1,a\n2,b\n", TableOptions(target="y", columns={"x": "ignore"}), "No column is left"),
        (b"x,y\n1,a\n2,b\n", TableOptions(target="y", columns={"w": "ignore"}), "There is no column 'w'"),
        (b"x,y\nz,a\n2,b\n", TableOptions(target="y", columns={"x": "number"}), "row 1 with 'z'"),
        (b"x,y\n1,a\n2,b\n", TableOptions(target="y", test_share=1.5), "test share .* received 1.5"),
        (b"x,y\n1,a\n2,b\n", TableOptions(target="y", delimiter="--"), "A delimiter is one sign"),
        (b",".join(b"c%d" % at for at in range(1_000_000)) + b"\n", TABLE, "1,000,000 columns; accepted are 2,000"),
        (b'x,y\n1,"a\n2,b\n', TABLE, "cannot be read at line 3: unexpected end of data"),
    ],
)
def test_tables(
    settings: Settings, tmp_path: Path, left: Left, content: bytes, options: TableOptions, told: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)

    message = refused(settings, "table", path, options)

    assert re.search(told, message), message
    assert left() == []


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({**PICTURES, "cat/9.jpg": b"no picture"}, "1 file cannot be read as pictures: cat/9.jpg .not a picture"),
        ({**PICTURES, "cat/9.png": _png(0, (64, 64))[:60]}, "cat/9.png .* Take them out"),
        ({**PICTURES, "fish/": b""}, "the class folder fish holds no pictures"),
        ({**PICTURES, "fish/notes.txt": b"-"}, "the class folder fish holds no pictures"),
        ({"pets/cat/1.png": _png(), "pets/cat/2.png": _png()}, "one class only, 'cat'"),
        ({**PICTURES, "1.png": _png()}, "1.png lies in no folder of a class"),
        ({"cat/1.txt": b"-"}, "holds no pictures; accepted are files that end in .png, .jpg"),
        (
            {"test/cat/1.png": _png(), "test/dog/1.png": _png()},
            r"a test part \(.*\), but none with examples to train on",
        ),
        (
            {f"train/{name}": content for name, content in PICTURES.items()} | {"test/fish/1.png": _png()},
            "the class 'fish' is only in the test part",
        ),
        ({**PICTURES, "../../out.png": _png()}, r"its entry '\.\./\.\./out.png' leads out of the folder"),
        ({**PICTURES, "/etc/out.png": _png()}, "its entry '/etc/out.png' leads out"),
        ({**PICTURES, "C:/out.png": _png()}, "its entry 'C:/out.png' leads out"),
        ({**PICTURES, "cat\\..\\..\\out.png": _png()}, "leads out of the folder"),
        ({**PICTURES, "cat/huge.png": _png(0, (3000, 400))}, "huge.png .3000 x 400 pixels are too many"),
        ({**PICTURES, "cat/bomb.png": bytes(9 * 1024**2)}, "holds more than 8 MB unpacked"),
        ({}, "holds no files"),
    ],
)
def test_pictures(settings: Settings, packed: Packed, left: Left, entries: dict[str, bytes], told: str) -> None:
    small = settings.model_copy(update={"max_unpacked_mb": 8, "max_pixels": 1_000_000})

    message = refused(small, "images", packed(entries))

    assert re.search(told, message), message
    assert left() == []
    assert not list(settings.home.glob("**/out.png"))


def test_broken_pictures_can_be_left_out(settings: Settings, packed: Packed) -> None:
    entries = {**PICTURES, "cat/9.jpg": b"no picture", "dog/9.png": _png(0, (64, 64))[:60]}

    added = library.add_images(settings, "pets", packed(entries), library.ImageOptions(skip_broken=True))

    assert added.info.train_examples + added.info.test_examples == 6
    assert any("2 files that cannot be read: cat/9.jpg" in warning for warning in added.warnings)


def test_a_zip_that_was_cut_off(settings: Settings, packed: Packed, left: Left) -> None:
    path = packed(PICTURES)
    path.write_bytes(path.read_bytes()[:-30])

    for kind in ("images", "text", "corpus", "arrays"):
        assert "cannot be read as a" in refused(settings, kind, path)
    assert left() == []


def test_a_zip_with_damaged_content(settings: Settings, packed: Packed, left: Left) -> None:
    path = packed(PICTURES)
    content = bytearray(path.read_bytes())
    name_length, extra_length = struct.unpack("<HH", content[26:30])
    content[30 + name_length + extra_length + 5] ^= 0xFF
    path.write_bytes(bytes(content))

    assert "is damaged: cat/0.png cannot be read" in refused(settings, "images", path)
    assert left() == []


def test_links_are_refused(settings: Settings, tmp_path: Path, left: Left) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret " * 500)
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as archive:
        archive.writestr(link, str(secret))
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").symlink_to(secret)

    assert "its entry 'link.txt' is a link" in refused(settings, "corpus", tmp_path / "links.zip")
    assert "a.txt is a link that leads out" in refused(settings, "corpus", folder)
    assert left() == []


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ({"pos.txt": "good\nfine\n", "neg.txt": " \n"}, "the file neg.txt of a class is empty"),
        ({"pos.txt": "good\nfine\n"}, "one class only, 'pos'"),
        ({"pos/1.txt": "good", "neg/1.txt": b"caf\xc3\xa9 \xe9"}, "neg/1.txt is not UTF-8: the byte 0xe9 on line 1"),
        ({"pos/1.txt": "good", "neg/1.txt": "bad", "so-so/": ""}, "the folder so-so of a class holds no texts"),
        ({"a.csv": "text\nhello\nbye\n"}, "one column only"),
        ({"a.csv": "label,text\n1,hello\n1,bye\n"}, "one class only, '1'"),
        ({"train.csv": "label,text\n1,a\n0,b\n", "test.csv": "label,body\n1,a\n"}, "has no column 'text'"),
        (
            {"train.csv": "label,text\n1,a\n0,b\n", "test.csv": "label,text\n2,a\n"},
            "the class '2' is only in the test part",
        ),
        ({"a.csv": "label,text\n,hello\n1,\n"}, "no row with both a label and a text"),
    ],
)
def test_texts(settings: Settings, packed: Packed, left: Left, entries: dict[str, bytes | str], told: str) -> None:
    message = refused(settings, "text", packed(entries))

    assert re.search(told, message), message
    assert left() == []


def test_columns_that_a_table_of_texts_has_not(settings: Settings, tmp_path: Path, left: Left) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text("label,review\n1,good\n0,bad\n")

    message = refused(settings, "text", path, TextOptions(text="reviews"))

    assert message == "There is no column 'reviews' (did you mean review?). The columns are label, review."
    assert "cannot be both" in refused(settings, "text", path, TextOptions(text="label", label="label"))


def test_running_texts(settings: Settings, tmp_path: Path, packed: Packed, left: Left) -> None:
    (tmp_path / "short.txt").write_text("too short")

    assert "holds 9 characters" in refused(settings, "corpus", tmp_path / "short.txt")
    assert "no .txt file" in refused(settings, "corpus", packed({"a.md": "x"}))
    assert "does not exist" in refused(settings, "corpus", tmp_path / "nowhere.txt")
    assert left() == []


X, Y = np.zeros((4, 3)), np.array([0, 1, 0, 1])


@pytest.mark.parametrize(
    ("arrays", "told"),
    [
        ({"x": X, "y": np.array([{}, 1, 2, 3], object)}, "holds Python objects, which are never loaded"),
        ({"a": X, "b": Y}, "Accepted are the arrays x_train"),
        ({"x": X, "y": Y[:3]}, r"x has the shape \(4, 3\) and y \(3,\)"),
        ({"x": X, "y": X}, "y with one value for each example"),
        ({"x": X[:, 0], "y": Y}, "at least one more"),
        ({"x": X[:0], "y": Y[:0]}, "at least one more"),
        ({"x": X * np.nan, "y": Y}, "missing or infinite"),
        ({"x": X.astype(str), "y": Y}, "the type <U32; accepted are numbers"),
        ({"x": X, "y": Y * 0}, "one class only, '0'"),
        ({"x": X, "y": Y * 1j}, "accepted are finite numbers and texts"),
        ({"x": X, "y": Y, "class_names": np.array(["a"])}, "y goes from 0 to 1, and class_names has 1 names"),
        ({"x_train": X, "y_train": Y, "x_test": X}, "only one of x_test and y_test"),
        ({"x_train": X, "y_train": Y, "x_test": X[:, :2], "y_test": Y}, "they do not fit"),
        ({"x_train": X, "y_train": Y, "x_test": X, "y_test": Y + 1}, "the class '2' is only in the test part"),
    ],
)
def test_arrays(settings: Settings, tmp_path: Path, left: Left, arrays: dict[str, np.ndarray], told: str) -> None:
    np.savez(tmp_path / "bad.npz", **arrays)  # type: ignore[arg-type]

    message = refused(settings, "arrays", tmp_path / "bad.npz", ArrayOptions())

    assert re.search(told, message), message
    assert left() == []


def test_sizes_beyond_the_settings(settings: Settings, tmp_path: Path, packed: Packed, left: Left) -> None:
    small = settings.model_copy(update={"max_upload_mb": 1, "max_unpacked_mb": 1, "max_examples": 5, "max_classes": 2})
    big = tmp_path / "big.txt"
    big.write_bytes(bytes(2 * 1024**2))
    np.savez_compressed(tmp_path / "bomb.npz", x=np.zeros((400_000, 1)), y=np.zeros(400_000))

    assert "larger than 1 MB" in refused(small, "corpus", big)
    assert "3 MB unpacked; accepted are 1" in refused(small, "arrays", tmp_path / "bomb.npz").replace("6 MB", "3 MB")
    assert "files; accepted are 5" in refused(small, "images", packed(PICTURES))
    assert "6 rows; accepted are 5" in refused(small, "text", packed({"a.csv": "label,text\n" + "1,a\n" * 6}))
    three = packed({"a.txt": "x\n", "b.txt": "y\n", "c.txt": "z\n"})
    assert "has 3 classes; accepted are 2" in refused(small, "text", three)
    assert left() == []


def test_a_full_disk_leaves_nothing(
    settings: Settings, packed: Packed, left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(array_files, "write", full)

    message = refused(settings, "images", packed(PICTURES))

    assert message.startswith("bad could not be stored: No space left on device. Nothing was kept.")
    assert left() == []
