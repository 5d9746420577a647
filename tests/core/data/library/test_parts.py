"""Parts that an author made are kept, for texts, pictures and arrays alike; and nothing is left out without a word."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import ArrayOptions, ImageOptions, Manifest, TextOptions, add_arrays, add_images, add_text
from core.data.library.adding import peek_images, peek_text

Packed = Callable[[Mapping[str, bytes | str]], Path]


def _picture(level: int) -> bytes:
    buffer = io.BytesIO()
    pixels = np.random.default_rng(level).integers(0, 255, (8, 8), dtype=np.uint8)
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def _pictures(*names: str) -> dict[str, bytes | str]:
    return {name: _picture(number) for number, name in enumerate(names)}


def _sizes(manifest: Manifest) -> tuple[int, int, int]:
    info = manifest.info
    return info.train_examples, info.validation_examples, info.test_examples


def _lines(label: str, count: int, word: str) -> str:
    return "".join(f"{word} {number},{label}\n" for number in range(count))


def _folder(tmp_path: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        path = tmp_path / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "given"


def test_text_files_named_as_parts_are_parts_and_not_classes(settings: Settings, tmp_path: Path) -> None:
    files = {
        "train.txt": "".join(f"好看的故事，第{number}条\t{number % 2}\n" for number in range(24)),
        "test.txt": "".join(f"令人失望，第{number}条\t{number % 2}\n" for number in range(8)),
    }
    path = _folder(tmp_path, files)
    preview = peek_text(settings, path)
    assert (dict(preview.class_counts), preview.test_texts) == ({"0": 16, "1": 16}, 8)
    manifest = add_text(settings, "made", path)
    assert _sizes(manifest) == (24, 0, 8)
    assert manifest.info.class_names == ("0", "1")


@pytest.mark.parametrize(
    ("names", "sizes"),
    [
        (("train.csv", "test.csv"), (12, 0, 4)),
        (("Train.csv", "dev.csv", "TEST.csv"), (12, 4, 4)),
        (("train.tsv.txt", "test.tsv.txt"), (12, 0, 4)),
        (("reviews_train.csv", "reviews_valid.csv", "reviews_test.csv"), (12, 4, 4)),
        (("data/v1/train.csv", "data/v1/validation.csv"), (10, 4, 2)),
        (("train/part.csv", "test/part.csv"), (12, 0, 4)),
        (("validation.csv",), (10, 0, 2)),
    ],
)
def test_tables_of_texts_are_parts(
    settings: Settings, packed: Packed, names: tuple[str, ...], sizes: tuple[int, int, int]
) -> None:
    files: dict[str, bytes | str] = {"README.md": "Reviews."}
    for number, name in enumerate(names):
        count = 6 if number == 0 else 2
        sign = "\t" if "tsv" in name else ","
        rows = _lines("good", count, f"fine {number}") + _lines("bad", count, f"poor {number}")
        files[name] = f"text,label\n{rows}".replace(",", sign)
    manifest = add_text(settings, "made", packed(files))
    assert _sizes(manifest) == sizes
    assert manifest.info.class_names == ("bad", "good")
    assert any("README.md" in warning for warning in manifest.warnings)


@pytest.mark.parametrize(
    "names",
    [
        ("train/pos.txt", "train/neg.txt", "val/pos.txt", "val/neg.txt", "test/pos.txt", "test/neg.txt"),
        ("pos_train.txt", "neg_train.txt", "pos_dev.txt", "neg_dev.txt", "pos_test.txt", "neg_test.txt"),
        ("train.pos.txt", "train.neg.txt", "valid.pos.txt", "valid.neg.txt", "test.pos.txt", "test.neg.txt"),
        ("pos/train.txt", "neg/train.txt", "pos/val.txt", "neg/val.txt", "pos/test.txt", "neg/test.txt"),
    ],
)
def test_files_of_lines_are_parts_and_classes(settings: Settings, packed: Packed, names: tuple[str, ...]) -> None:
    files = {name: f"one {name}\ntwo {name}\nthree {name}\n" for name in names}
    manifest = add_text(settings, "made", packed(files))
    assert manifest.info.class_names == ("neg", "pos")
    assert _sizes(manifest) == (6, 6, 6)


IN_PARTS = [
    (("train/cat/1.png", "train/dog/1.png", "test/cat/1.png"), (2, 0, 1)),
    (("Train/cat/1.png", "Train/dog/1.png", "Valid_Set/cat/1.png", "TEST/dog/1.png"), (2, 1, 1)),
    (("a/b/training_set/cat/1.png", "a/b/training_set/dog/1.png", "a/b/test_set/dog/2.png"), (2, 0, 1)),
    (("cat/train/1.png", "dog/train/1.png", "cat/val/1.png", "dog/test/1.png"), (2, 1, 1)),
    (("seg_train/seg_train/cat/1.png", "seg_train/seg_train/dog/1.png", "seg_test/seg_test/cat/2.png"), (2, 0, 1)),
    (("train_cat/1.png", "train_dog/1.png", "test_cat/1.png"), (2, 0, 1)),
    (("cat/train_1.png", "dog/train_1.png", "cat/test_1.png"), (2, 0, 1)),
    (("train/images/cat/1.png", "train/images/dog/1.png", "val/images/dog/2.png"), (2, 1, 0)),
    (("valid/1.png", "valid/2.png", "invalid/1.png", "invalid/2.png"), (4, 0, 0)),
]


@pytest.mark.parametrize(("names", "sizes"), IN_PARTS)
def test_folders_of_pictures_are_parts(
    settings: Settings, packed: Packed, names: tuple[str, ...], sizes: tuple[int, int, int]
) -> None:
    manifest = add_images(settings, "made", packed(_pictures(*names)), ImageOptions(test_share=0))
    assert _sizes(manifest) == sizes
    expected = ("invalid", "valid") if "invalid/1.png" in names else ("cat", "dog")
    assert manifest.info.class_names == expected


def test_a_zip_alone_in_a_folder_is_opened_and_several_are_told(
    settings: Settings, packed: Packed, tmp_path: Path
) -> None:
    path = packed(_pictures("cat/1.png", "dog/1.png") | {"__MACOSX/cat/._1.png": b"x", "cat/.DS_Store": b"x"})
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "README.md").write_text("Cats and dogs.")
    (folder / "pets.zip").write_bytes(path.read_bytes())
    assert add_images(settings, "made", folder, ImageOptions(test_share=0)).info.class_names == ("cat", "dog")
    (folder / "more.zip").write_bytes(path.read_bytes())
    with pytest.raises(DataError, match=r"holds no pictures; .* more\.zip is packed: unpack it"):
        add_images(settings, "more", folder)


def test_pictures_beside_the_parts_are_told(settings: Settings, packed: Packed) -> None:
    path = packed(_pictures("train/cat/1.png", "train/dog/1.png", "more/cat/1.png", "test/1.png", "test/2.png"))
    notes = list(peek_images(settings, path).notes)
    assert notes == [
        "Left out: 1 file beside the parts: more/cat/1.png.",
        "Left out: 2 files of a part whose files lie in no folder of a class, and so have no labels: test/1.png, "
        "test/2.png.",
    ]
    assert list(add_images(settings, "made", path, ImageOptions(test_share=0)).warnings[:2]) == notes


def test_two_folders_for_one_part_are_told(settings: Settings, packed: Packed) -> None:
    path = packed(_pictures("train/cat/1.png", "train/dog/1.png", "training/cat/2.png", "test/dog/2.png"))
    warnings = add_images(settings, "made", path).warnings
    assert warnings[0] == "Joined as the training part: train (2), training (1)."


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("train/1.png", "bus/1.png", "car/1.png"), "beside other folders .bus, car. and holds files itself"),
        (("test/cat/1.png", "test/dog/1.png"), "has a test part .* but none with examples to train on"),
        (("train/cat/test/1.png", "train/dog/1.png", "test/cat/1.png"), "lies in folders of two parts, test and train"),
        (("train/cat/1.png", "train/dog/1.png", "val/Dog/1.png"), "'Dog' is only in the validation part; differs from "
         "'dog' by upper and lower case"),
    ],
)  # fmt: skip
def test_parts_that_are_taken_for_classes_are_refused(
    settings: Settings, packed: Packed, names: tuple[str, ...], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        add_images(settings, "made", packed(_pictures(*names)))


def test_a_class_only_in_the_test_is_refused_with_the_near_match(settings: Settings, tmp_path: Path) -> None:
    files = {"train.csv": "text,label\na b,<=50K\nc d,>50K\n", "test.csv": "text,label\ne f,<=50K.\n"}
    told = "the class '<=50K.' is only in the test part; differs from '<=50K' by a point"
    with pytest.raises(DataError, match=told):
        add_text(settings, "made", _folder(tmp_path, files))
    y = np.array(["<=50K", ">50K"])
    np.savez(tmp_path / "a.npz", x_train=np.eye(2), y_train=y, x_test=np.eye(2)[:1], y_test=np.array(["<=50K."]))
    with pytest.raises(DataError, match=told):
        add_arrays(settings, "made", tmp_path / "a.npz")


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "y_train", "x_valid", "y_valid", "x_test", "y_test"),
        ("X_train", "Y_train", "X_dev", "Y_dev", "X_test", "Y_test"),
        ("train_images", "train_labels", "val_images", "val_labels", "test_images", "test_labels"),
    ],
)
def test_arrays_of_three_parts(settings: Settings, tmp_path: Path, names: tuple[str, ...]) -> None:
    random = np.random.default_rng(0)
    given = {
        name: random.normal(size=(size, 3)) if at % 2 == 0 else np.arange(size) % 2
        for at, (name, size) in enumerate(zip(names, (12, 12, 4, 4, 6, 6), strict=True))
    }
    np.savez(tmp_path / "a.npz", **given)  # type: ignore[arg-type]
    assert _sizes(add_arrays(settings, "made", tmp_path / "a.npz")) == (12, 4, 6)


def test_the_authors_validation_part_is_offered_as_the_test(settings: Settings, packed: Packed) -> None:
    path = packed(
        {f"{part}.csv": f"text,label\n{_lines('a', 5, part)}{_lines('b', 5, part)}" for part in ("train", "val")}
    )
    manifest = add_text(settings, "first", path)
    assert _sizes(manifest) == (8, 10, 2)
    assert manifest.warnings[1] == (
        "There is no test part: 20 % of the training part is held back for it. The author's validation part can be "
        "taken as the test instead (--val-as-test)."
    )
    manifest = add_text(settings, "second", path, TextOptions(val_as_test=True))
    assert _sizes(manifest) == (10, 0, 10)


def test_a_test_part_of_its_own_does_not_give_way_to_the_validation_part(settings: Settings, packed: Packed) -> None:
    parts = ("train", "val", "test")
    path = packed({f"{part}.csv": f"text,label\n{_lines('a', 5, part)}{_lines('b', 5, part)}" for part in parts})
    with pytest.raises(DataError, match="has a test part of its own"):
        add_text(settings, "made", path, TextOptions(val_as_test=True))


@pytest.mark.parametrize("pattern", ["_", "^(p[0-9]+)_"])
def test_pictures_of_a_patient_are_never_parted(settings: Settings, packed: Packed, pattern: str) -> None:
    names = [f"{label}/p{patient}_{at}.png" for label in ("ill", "well") for patient in range(10) for at in range(3)]
    options = ImageOptions(group=pattern, test_share=0.2)
    manifest = add_images(settings, "made", packed(_pictures(*names)), options)
    assert (manifest.info.split_by, manifest.info.groups) == ("group", 8)
    assert _sizes(manifest) == (48, 0, 12)


def test_a_pattern_that_finds_nothing_is_refused_with_file_names(settings: Settings, packed: Packed) -> None:
    path = packed(_pictures("cat/a.png", "cat/b.png", "dog/c.png"))
    with pytest.raises(DataError, match=r"finds nothing in 3 of 3 file names, such as 'a\.png'"):
        add_images(settings, "made", path, ImageOptions(group="_"))
    with pytest.raises(DataError, match="is no regular expression"):
        add_images(settings, "made", path, ImageOptions(group="(["))


def test_texts_are_cut_by_a_column_of_groups_or_times(settings: Settings, tmp_path: Path) -> None:
    rows = [f"text {n},{n % 2},u{n // 4},2026-01-{n % 28 + 1:02}" for n in range(40)]
    path = tmp_path / "texts.csv"
    path.write_text("text,label,user,day\n" + "\n".join(rows))
    grouped = add_text(settings, "grouped", path, TextOptions(text="text", label="label", group="user"))
    assert (grouped.info.split_by, grouped.info.groups, _sizes(grouped)) == ("group", 8, (32, 0, 8))
    timed = add_text(settings, "timed", path, TextOptions(text="text", label="label", time="day"))
    assert (timed.info.split_by, _sizes(timed)) == ("time", (32, 0, 8))
    with pytest.raises(DataError, match="neither a number nor a date"):
        add_text(settings, "wrong", path, TextOptions(text="text", label="label", time="user"))


def test_arrays_are_cut_by_an_array_of_groups(settings: Settings, tmp_path: Path) -> None:
    x, y = np.random.default_rng(0).normal(size=(40, 3)), np.arange(40) % 2
    np.savez(tmp_path / "a.npz", x=x, y=y, patient=np.arange(40) // 4)
    manifest = add_arrays(settings, "made", tmp_path / "a.npz", ArrayOptions(group="patient"))
    assert (manifest.info.split_by, manifest.info.groups, _sizes(manifest)) == ("group", 8, (32, 0, 8))
    plain = add_arrays(settings, "plain", tmp_path / "a.npz")
    assert plain.warnings == ("Left out: the arrays patient.",)
