"""Real data of every kind: added, profiled, and loaded as a run would."""

import io
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import TypeAdapter

from core.common.settings import Settings
from core.config.check import check
from core.config.run import AnySource
from core.data import library
from core.data.base import CATEGORIES, NUMBERS, Dataset, Source
from core.data.library import Manifest, TableOptions, TextOptions
from core.data.prepare import load
from tests.core.data.library.conftest import Packed


def source_of(manifest: Manifest, **options: object) -> Source:
    source: Source = TypeAdapter(AnySource).validate_python(
        {"source": manifest.kind, "dataset": manifest.name, **options}
    )
    return source


def loaded(settings: Settings, manifest: Manifest, **options: object) -> Dataset:
    """As a run gets it; its sizes and fingerprint are those that were known before."""
    source = source_of(manifest, **options)
    data = load(source, settings, seed=1)
    info = source.info(settings)
    assert (len(data.y_train), len(data.y_val)) == source.sizes(info)
    assert len(data.y_test) == info.test_examples
    assert data.fingerprint == manifest.fingerprint
    return data


def test_a_table_for_classification(settings: Settings, data_dir: Path) -> None:
    told: list[float] = []
    path = data_dir / "tabular" / "titanic.csv"
    assert library.peek_table(settings, path).target == "Survived"

    added = library.add_table(
        settings, "titanic", path, TableOptions(target="Survived"), lambda share, _: told.append(share)
    )

    assert library.listing(settings) == [added] == [library.get(settings, "titanic")]
    assert [feature.name for feature in added.info.numbers] == ["Pclass", "Age", "SibSp", "Parch", "Fare"]
    assert {feature.name: feature.categories for feature in added.info.categories} == {
        "Sex": ("male", "female"),
        "Embarked": ("S", "C", "Q"),
    }
    assert (added.info.task, added.info.train_examples, added.info.test_examples) == ("binary", 713, 178)
    assert "Left out: PassengerId. It numbers the rows." in added.warnings
    assert told == sorted(told)
    assert told[-1] == 1
    profile = library.profile(settings, "titanic")
    assert [split.class_counts for split in profile.splits] == [(439, 274), (110, 68)]
    age = next(column for column in profile.columns if column.name == "Age")
    assert age.missing_train + age.missing_test == 177
    assert age.spread is not None
    assert age.spread.maximum == 80
    assert sum(age.spread.histogram.counts) == age.spread.count
    assert dict(profile.samples[0].row).keys() == {feature.name for feature in added.info.features}
    data = loaded(settings, added)
    assert isinstance(data.x_train, dict)
    assert data.x_train[NUMBERS].dtype == np.float64
    assert np.isnan(data.x_train[NUMBERS]).any()
    assert set(data.x_train[CATEGORIES][:, 1]) == {"S", "C", "Q", ""}


def test_a_table_for_regression_with_chosen_columns(settings: Settings, data_dir: Path) -> None:
    options = TableOptions(
        target="median_house_value", columns={"longitude": "ignore", "ocean_proximity": "category"}, test_share=0.1
    )

    added = library.add_table(settings, "housing", data_dir / "tabular" / "california_housing.csv", options)

    assert (added.info.task, added.info.class_names, added.info.target) == ("regression", (), "median_house_value")
    assert "longitude" not in {feature.name for feature in added.info.features}
    target = library.profile(settings, "housing").columns[-1]
    assert target.kind == "target"
    assert target.spread is not None
    assert target.spread.maximum == 500001
    data = loaded(settings, added)
    assert data.y_train.dtype == np.float64
    assert len(data.y_test) == 2064


def test_a_table_with_a_test_file_of_its_own(settings: Settings, packed: Packed) -> None:
    rows = "\n".join(f"{at % 7};{'a' if at % 2 else 'b'};{at % 2}" for at in range(40))
    zipped = packed({"data/train.csv": f"x;kind;y\n{rows}", "data/test.csv": "y;x;kind\n1;3;a\n0;4;c\n"})

    added = library.add_table(settings, "own", zipped, TableOptions(target="y"))

    data = loaded(settings, added, validation_split=0.0)
    assert data.y_train.tolist()[:4] == [0, 1, 0, 1]
    assert data.y_test.tolist() == [1, 0]
    assert isinstance(data.x_test, dict)
    assert data.x_test[CATEGORIES].tolist() == [["a"], ["c"]]


def test_rows_without_a_target_are_left_out_and_told(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("x,color\n" + "1,red\n2,blue\n,red\n4,\n" * 5, encoding="utf-8-sig")

    added = library.add_table(settings, "gaps", path, TableOptions(target="color", test_share=0))

    assert "Left out: 5 rows in which the target color is missing." in added.warnings
    assert added.info.class_names == ("blue", "red")
    assert (added.info.train_examples, added.info.test_examples) == (15, 0)
    loaded(settings, added)


def test_pictures_in_class_folders(settings: Settings, packed: Packed, flowers: dict[str, bytes]) -> None:
    junk = {"__MACOSX/flowers/daisy/._1.jpg": b"x", "flowers/.DS_Store": b"x", "flowers/readme.txt": b"hello"}
    zipped = packed({f"flowers/{name}": content for name, content in flowers.items()} | junk)
    seen = library.peek_images(settings, zipped)
    assert seen.class_counts["tulip"] == 20
    assert seen.stored_size == (128, 128)

    added = library.add_images(settings, "flowers", zipped, library.ImageOptions(size=(32, 48)))

    assert added.info.shape == (32, 48, 3)
    assert added.info.class_names[0] == "daisy"
    assert (added.info.train_examples, added.info.test_examples) == (80, 20)
    assert added.warnings == ("Left out: 1 file with other endings than those of pictures: flowers/readme.txt.",)
    profile = library.profile(settings, "flowers")
    assert profile.images is not None
    assert profile.images.original_sizes == (("128x128", 100),)
    assert profile.splits[1].class_counts == (4, 4, 4, 4, 4)
    sample = profile.samples[0]
    with Image.open(library.sample_file(settings, "flowers", sample)) as picture:
        assert picture.size == (48, 32)
        assert sample.label == "daisy"
    assert loaded(settings, added).x_train.dtype == np.uint8  # type: ignore[union-attr]
    assert loaded(settings, added, resize=[16], validation_split=0.25).x_val.shape == (20, 16, 16, 3)  # type: ignore[union-attr]


def _picture(mode: str, size: tuple[int, int], suffix: str, color: object, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, suffix, **options)  # type: ignore[arg-type]
    return file.getvalue()


def test_pictures_of_every_format_are_turned_made_equal_and_kept_grey(settings: Settings, packed: Packed) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    zipped = packed(
        {
            "train/dark/1.png": _picture("L", (40, 60), "png", 10),
            "train/dark/2.png": _picture("I;16", (40, 60), "png", 2570),
            "train/light/1.JPG": _picture("L", (60, 40), "jpeg", 200, exif=turned),
            "train/light/2.bmp": _picture("L", (40, 60), "bmp", 200),
            "test/dark/1.gif": _picture("L", (40, 60), "gif", 10),
            "test/light/1.png": _picture("LA", (40, 60), "png", (0, 0)),
        }
    )

    added = library.add_images(settings, "grey", zipped)

    assert added.info.shape == (60, 40, 1)
    assert added.info.task == "binary"
    assert added.warnings[0] == "Pictures of several depths: 1 of 6 are greys of 16 bits."
    assert "0 is black and 65,535 white, the range of their type, though none of them holds" in added.warnings[1]
    assert added.warnings[2].startswith("Classes")
    data = loaded(settings, added, validation_split=0.0)
    assert isinstance(data.x_train, np.ndarray)
    assert isinstance(data.x_test, np.ndarray)
    assert data.x_train[:, 0, 0, 0].tolist() == [10, 10, 200, 200]
    assert data.y_train.tolist() == [0, 0, 1, 1]
    assert data.x_test[:, 0, 0, 0].tolist() == [10, 255]


def test_texts_in_tables_with_and_without_a_header(settings: Settings, data_dir: Path) -> None:
    sms = library.add_text(settings, "sms", data_dir / "text_en" / "sms_spam.tsv")
    waimai = library.add_text(settings, "waimai", data_dir / "text_zh" / "waimai_10k.csv")

    assert sms.info.class_names == ("ham", "spam")
    assert sms.info.train_examples + sms.info.test_examples == 5574
    assert waimai.info.train_examples + waimai.info.test_examples == 11987
    profile = library.profile(settings, "sms")
    assert profile.duplicates is not None
    assert profile.duplicates.within_train > 200
    assert profile.texts is not None
    assert profile.texts.words is not None
    assert dict(profile.texts.frequent_words)["to"] == 1783
    data = loaded(settings, waimai, tokens="character", length=20, vocabulary=500)
    assert np.asarray(data.x_train).shape[1:] == (20,)
    assert data.info.vocabulary == 500
    assert data.vocabulary is not None
    small = loaded(settings, waimai, tokens="character", vocabulary=100_000)
    assert waimai.tokens is not None
    assert small.info.vocabulary == waimai.tokens.distinct_characters + 2


def test_texts_in_a_file_for_each_class(settings: Settings, data_dir: Path, packed: Packed) -> None:
    files = [data_dir / "text_en" / f"rt-polarity.{end}" for end in ("pos", "neg")]

    added = library.add_text(settings, "rt", packed({f"rt/{file.name}": file.read_bytes() for file in files}))

    assert added.info.class_names == ("neg", "pos")
    assert added.info.train_examples + added.info.test_examples == 10662
    assert loaded(settings, added, limit=100).x_train.shape == (80, 100)  # type: ignore[union-attr]


def test_texts_in_a_folder_for_each_class_with_a_test_part(settings: Settings, tmp_path: Path) -> None:
    for part, texts in {"train": 6, "test": 2}.items():
        for label in ("bad", "good"):
            (tmp_path / "films" / part / label).mkdir(parents=True)
            for at in range(texts):
                (tmp_path / "films" / part / label / f"{at}.txt").write_bytes(f"{label} café {at}".encode("latin-1"))

    added = library.add_text(settings, "films", tmp_path / "films", TextOptions(encoding="latin-1"))

    assert (added.info.train_examples, added.info.test_examples) == (12, 4)
    data = loaded(settings, added)
    assert data.texts_test is not None
    assert data.texts_test[0] == "bad café 0"


def test_a_running_text(settings: Settings, data_dir: Path) -> None:
    added = library.add_corpus(settings, "shakespeare", data_dir / "corpora" / "tinyshakespeare.txt")

    assert added.tokens is not None
    assert (added.tokens.characters, added.tokens.distinct_characters) == (1115394, 65)
    assert library.profile(settings, "shakespeare").samples[0].text.startswith("First Citizen")
    data = loaded(settings, added, length=100, stride=50)
    assert data.info.vocabulary == 67
    assert data.vocabulary is not None
    assert isinstance(data.x_train, np.ndarray)
    assert np.array_equal(data.x_train[0, 1:], data.y_train[0, :-1])
    words = loaded(settings, added, tokens="word", length=20, vocabulary=1000, limit=50)
    assert len(words.y_train) + len(words.y_val) <= 50
    assert words.info.vocabulary == 1000


def test_arrays_of_rows_and_of_pictures(settings: Settings, tmp_path: Path, data_dir: Path) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(50, 3))
    np.savez(tmp_path / "rows.npz", x=x, y=np.array(["no", "yes"])[(x[:, 0] > 0).astype(int)])
    np.savez(tmp_path / "line.npz", x_train=x, y_train=x[:, 0], x_test=x[:9], y_test=x[:9, 0])
    with np.load(data_dir / "mnist" / "mnist.npz") as mnist:
        np.savez(tmp_path / "few.npz", **{key: mnist[key][:200] for key in mnist.files})

    rows = library.add_arrays(settings, "rows", tmp_path / "rows.npz")
    line = library.add_arrays(settings, "line", tmp_path / "line.npz")
    few = library.add_arrays(settings, "few", tmp_path / "few.npz")

    assert (rows.kind, rows.info.class_names, rows.info.shape) == ("arrays", ("no", "yes"), (3,))
    assert (line.info.task, line.info.test_examples) == ("regression", 9)
    assert (few.kind, few.info.shape, few.info.classes) == ("images", (28, 28, 1), 10)
    duplicates = library.profile(settings, "line").duplicates
    assert duplicates is not None
    assert duplicates.across == 9
    for manifest in (rows, line, few):
        loaded(settings, manifest)


def test_a_config_names_an_added_data_set(settings: Settings, tmp_path: Path) -> None:
    np.savez(tmp_path / "rows.npz", x=np.arange(20.0).reshape(10, 2), y=np.arange(10) % 2)
    added = library.add_arrays(settings, "rows", tmp_path / "rows.npz")
    raw = {"data": {"source": "arrays", "dataset": "rows"}, "architecture": {"name": "mlp"}}

    assert check(raw, settings)[1] == []
    [problem] = check({**raw, "data": {"source": "arrays", "dataset": "row"}}, settings)[1]
    assert problem.field == "data.dataset"
    assert "Known are rows" in problem.message
    [problem] = check({**raw, "data": {"source": "table", "dataset": "rows"}}, settings)[1]
    assert "is of the kind arrays" in problem.message
    library.remove(settings, added.name)
    [problem] = check(raw, settings)[1]
    assert "None has been added" in problem.message
