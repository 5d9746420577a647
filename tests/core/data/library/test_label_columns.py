"""Tables and texts with several labels: a column for each, or cells that hold them."""

from pathlib import Path

import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data.library import TableOptions, TextOptions, adding, array_files, store
from core.data.library.label_columns import looks_like_label
from core.data.prepare import load
from core.data.sources.added import AddedTable

TAGS = "x,kind,tag_a,tag_b,tag_c\n" + "".join(
    f"{at}.5,{'pqr'[at % 3]},{at % 2},{int(at % 4 == 0)},{'x' if at % 5 == 0 else ''}\n" for at in range(80)
)
TEXTS = "comment,toxic,insult\n" + "".join(f"text {at},{at % 2},{int(at % 3 == 0)}\n" for at in range(60))


def written(folder: Path, content: str) -> Path:
    path = folder / "table.csv"
    path.write_text(content)
    return path


@pytest.mark.parametrize("said", [("tag_*",), ("tag_a", "tag_b", "tag_c"), ("tag_a", "tag_*")])
def test_columns_of_a_table_are_a_label_each(settings: Settings, tmp_path: Path, said: tuple[str, ...]) -> None:
    options = TableOptions(target=said[0], more_targets=said[1:])
    added = adding.add_table(settings, "tags", written(tmp_path, TAGS), options)

    info = added.info
    assert (info.task, info.class_names, info.target) == ("multilabel", ("tag_a", "tag_b", "tag_c"), "")
    assert [each.name for each in info.features] == ["x", "kind"]
    assert added.warnings[0] == "Each of 3 columns is a label, 0.95 of each row on average."
    assert "16 rows have no label at all, and teach what is none of them." in added.warnings
    raw = array_files.read(store.folder(settings, "tags"), info)
    assert len(raw.y_train) + len(raw.y_test) == 80
    assert (raw.y_train.sum(axis=0) + raw.y_test.sum(axis=0)).tolist() == [40, 20, 16]
    data = load(AddedTable(dataset="tags"), settings, 0)
    assert data.y_val.shape == (len(data.y_val), 3)
    assert adding.peek_table(settings, tmp_path / "table.csv", options).told[0] == added.warnings[0]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"target": "tag_a", "more_targets": ("kind",)},
            "column 'kind' is to be a label, and holds 'p'",
        ),
        ({"target": "tag_a", "more_targets": ("tag_b",), "task": "classification"}, "2 columns are to be predicted"),
        ({"target": "tag_a", "more_targets": ("tagb",)}, "no column 'tagb'"),
        ({"target": "tog_*"}, r"no column 'tog_\*'"),
    ],
)
def test_what_are_no_labels_is_refused(
    settings: Settings, tmp_path: Path, options: dict[str, object], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        adding.add_table(settings, "tags", written(tmp_path, TAGS), TableOptions(**options))  # type: ignore[arg-type]


def test_what_parts_labels_can_be_said(settings: Settings, tmp_path: Path) -> None:
    tags = ("red", "blue", "red blue", "green red", "green")
    path = written(tmp_path, "x,tags\n" + "".join(f"{at}.5,{tags[at % 5]}\n" for at in range(40)))

    auto = adding.add_table(settings, "auto", path, TableOptions(target="tags"))
    blank = adding.add_table(settings, "blank", path, TableOptions(target="tags", labels_by="blank"))

    assert (auto.info.task, auto.info.classes) == ("multiclass", 5)
    assert (blank.info.task, blank.info.class_names) == ("multilabel", ("blue", "green", "red"))


def test_columns_of_texts_are_a_label_each(settings: Settings, tmp_path: Path) -> None:
    path = written(tmp_path, TEXTS)
    options = TextOptions(label="toxic", more_targets=("insult",))

    added = adding.add_text(settings, "toxic", path, options)

    assert (added.info.task, added.info.class_names) == ("multilabel", ("toxic", "insult"))
    assert "20 texts have no label at all, and teach what is none of them." in added.warnings
    assert adding.peek_text(settings, path, options).class_counts == {"toxic": 30, "insult": 20}
    sample = store.profile(settings, "toxic").samples[0]
    assert set(sample.label.split("; ")) <= {"toxic", "insult"}


def test_texts_without_a_label_are_kept_where_others_have_several(settings: Settings, tmp_path: Path) -> None:
    tags = ("a", "b", "a|b", "")
    path = written(tmp_path, "text,tags\n" + "".join(f"story {at},{tags[at % 4]}\n" for at in range(40)))

    several = adding.add_text(settings, "several", path)
    single = adding.add_text(settings, "single", path, TextOptions(task="classification"))

    assert several.info.train_examples + several.info.test_examples == 40
    assert single.info.train_examples + single.info.test_examples == 30
    assert any("Left out: 10 texts, empty or without a label." in each for each in single.warnings)


@pytest.mark.parametrize(
    ("scores", "task", "told"),
    [
        ([f"{at / 7:.2f}" for at in range(60)], "regression", "score: a number is predicted (regression); --task"),
        ([f"{at % 5 + 1}" for at in range(60)], "multiclass", "score: taken as 5 classes; --task regression takes it"),
        ([f"{at % 77}" for at in range(231)], "multiclass", "score: taken as 77 classes"),
        (["0", "1"] * 20, "binary", ""),
    ],
)
def test_numbers_beside_texts_are_classes_or_targets_and_told(
    settings: Settings, tmp_path: Path, scores: list[str], task: str, told: str
) -> None:
    path = written(tmp_path, "text,score\n" + "".join(f"text {at},{score}\n" for at, score in enumerate(scores)))

    added = adding.add_text(settings, "scores", path)
    as_number = adding.add_text(settings, "number", path, TextOptions(task="regression"))

    assert added.info.task == task
    assert told in " ".join(added.warnings)
    assert (as_number.info.task, as_number.info.class_names) == ("regression", ())


@pytest.mark.parametrize(
    ("values", "looks"),
    [(("0", "1"), True), (("x", ""), True), (("TRUE", "FALSE"), True), (("0",), False), (("1", "2"), False)],
)
def test_what_a_column_of_a_label_looks_like(values: tuple[str, ...], looks: bool) -> None:
    assert looks_like_label(values) == looks


def test_a_column_of_parts_is_followed_where_there_are_several_labels(settings: Settings, tmp_path: Path) -> None:
    parts = ["train", "train", "test", "valid"]
    rows = [f"words {at} here,{at}.5,{at % 2},{int(at % 3 == 0)},{parts[at % 4]}" for at in range(80)]
    file = written(tmp_path, "\n".join(["text,x,sun,rain,split", *rows]))
    of_texts = adding.add_text(settings, "texts", file)
    of_rows = adding.add_table(settings, "rows", file, TableOptions(target="sun", more_targets=("rain",)))
    for info in (of_texts.info, of_rows.info):
        assert (info.task, info.class_names) == ("multilabel", ("sun", "rain"))
        assert (info.train_examples, info.validation_examples, info.test_examples) == (40, 20, 20)
