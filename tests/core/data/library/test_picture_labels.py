"""Pictures beside a table that says what each shows."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import ImageOptions, adding, store

TAGS = ("a", "b", "a;b", "c;a", "b;c", "")

Packed = Callable[..., Path]


def _png(value: int) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.full((4, 4), value, np.uint8)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def packed(tmp_path: Path) -> Packed:
    """Sixty pictures in a folder, the brighter the later, and further files."""

    def go(more: Mapping[str, str], folder: Callable[[int], str] = lambda _: "images") -> Path:
        with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
            for at in range(60):
                archive.writestr(f"{folder(at)}/{at:03}.png", _png(4 * at))
            for name, content in more.items():
                archive.writestr(name, content)
        return tmp_path / "set.zip"

    return go


def _rows(line: Callable[[int], str], count: int = 60) -> str:
    return "".join(f"{line(at)}\n" for at in range(count))


def test_a_number_for_each_picture_is_a_regression(settings: Settings, packed: Packed) -> None:
    added = adding.add_images(
        settings, "lit", packed({"labels.csv": "file,lit\n" + _rows(lambda at: f"{at:03}.png,{at / 3:.2f}")})
    )

    assert (added.info.task, added.info.target, added.info.kind) == ("regression", "lit", "image")
    assert added.info.train_examples + added.info.test_examples == 60
    assert "What each picture shows is read from labels.csv, which names them in file." in added.warnings
    assert float(store.profile(settings, "lit").samples[0].label) < 20


@pytest.mark.parametrize(
    ("table", "options", "task", "names"),
    [
        ("id,kind\n" + _rows(lambda at: f"{at:03},{'xyz'[at % 3]}"), {}, "multiclass", ("x", "y", "z")),
        ("file,tags\n" + _rows(lambda at: f"images/{at:03}.png,{TAGS[at % 6]}"), {}, "multilabel", ("a", "b", "c")),
        ("f,big,odd\n" + _rows(lambda at: f"{at:03}.png,{int(at > 30)},{at % 2}"), {}, "multilabel", ("big", "odd")),
        ("f,n,odd\n" + _rows(lambda at: f"{at:03}.png,{at},{at % 2}"), {"label": "odd"}, "binary", ("0", "1")),
    ],
)
def test_the_table_says_classes_or_several_labels(
    settings: Settings, packed: Packed, table: str, options: dict[str, str], task: str, names: tuple[str, ...]
) -> None:
    path = packed({"labels.csv": table})

    added = adding.add_images(settings, "mine", path, ImageOptions(**options))  # type: ignore[arg-type]
    preview = adding.peek_images(settings, path, ImageOptions(**options))  # type: ignore[arg-type]

    assert (added.info.task, added.info.class_names) == (task, names)
    assert (preview.task, tuple(preview.class_counts), preview.labels_file) == (task, names, "labels.csv")


def test_what_has_no_partner_is_left_out_and_told(settings: Settings, packed: Packed) -> None:
    rows = _rows(lambda at: f"{at:03}.png,{at % 2}", 50) + "999.png,1\n"

    added = adding.add_images(settings, "mine", packed({"labels.csv": f"file,y\n{rows}"}))

    assert added.info.train_examples + added.info.test_examples == 50
    told = " ".join(added.warnings)
    assert "1 row of labels.csv without a picture, such as '999.png'" in told
    assert "10 pictures that labels.csv does not name" in told


def test_parts_are_kept_and_class_folders_go_before_a_table_unless_it_is_said(
    settings: Settings, packed: Packed
) -> None:
    table = {"labels.csv": "file,y\n" + _rows(lambda at: f"{at:03}.png,{at / 3:.2f}")}
    parts = adding.add_images(settings, "parts", packed(table, lambda at: "train" if at < 40 else "test"))
    in_folders = packed(table, lambda at: "dark" if at < 30 else "light")

    assert (parts.info.train_examples, parts.info.test_examples) == (40, 20)
    assert adding.add_images(settings, "folders", in_folders).info.class_names == ("dark", "light")
    said = adding.add_images(settings, "said", in_folders, ImageOptions(labels_file="labels.csv"))
    assert said.info.task == "regression"


@pytest.mark.parametrize(
    ("files", "options", "told"),
    [
        (
            {"labels.csv": "file,a,b\n" + _rows(lambda at: f"{at:03}.png,{at},{at * 2}")},
            {},
            "several columns: a, b. Say",
        ),
        ({"labels.csv": "file,y\n001.png,1\n001.png,2\n"}, {}, "names images/001.png in two rows"),
        ({"a.csv": "file,y\n001.png,1\n", "b.csv": "file,y\n001.png,1\n"}, {}, "several tables that name its pictures"),
        ({"labels.csv": "file,y\nnobody,1\n"}, {"labels_file": "labels.csv"}, "no column that names the pictures"),
        ({}, {"labels_file": "other.csv"}, "has no table 'other.csv'. It holds none"),
    ],
)
def test_what_is_open_is_asked(
    settings: Settings, packed: Packed, files: dict[str, str], options: dict[str, str], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        adding.add_images(settings, "mine", packed(files), ImageOptions(**options))  # type: ignore[arg-type]
