"""Labelled texts as people have them: scripts, several columns of text, several labels, labels that look like gaps."""

import csv
import json
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from core.common.errors import DataError
from core.common.settings import Settings
from core.config.run import AnySource
from core.data import library
from core.data.library import Manifest, TextOptions, adding
from core.data.library.several_labels import parted, several
from core.data.prepare import load
from tests.core.data.library.tables.workbook import write_workbook

HINDI = ["हिन्दी भाषा बहुत अच्छी है", "यह किताब बिल्कुल खराब है", "मुझे यह फ़िल्म पसंद आई", "कहानी बहुत धीमी थी"]


def tokens(settings: Settings, added: Manifest) -> set[str]:
    source = TypeAdapter(AnySource).validate_python({"source": added.kind, "dataset": added.name})
    data = load(source, settings, seed=0)
    assert data.vocabulary is not None
    assert data.info.vocabulary >= len(data.vocabulary)
    assert data.x_train.max() < data.info.vocabulary  # type: ignore[union-attr]
    return set(data.vocabulary.tokens)


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "some.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding, newline="")
    return path


def test_words_of_hindi_are_whole(settings: Settings, tmp_path: Path) -> None:
    rows = "".join(f"{HINDI[at % 4]} {at},{('pos', 'neg')[at % 2]}\n" for at in range(40))

    added = library.add_text(settings, "hindi", written(tmp_path, "text,label\n" + rows))

    assert {"हिन्दी", "भाषा", "अच्छी", "फ़िल्म"} <= tokens(settings, added)
    words = dict(library.profile(settings, "hindi").texts.frequent_words)  # type: ignore[union-attr]
    assert {"हिन्दी", "बहुत"} <= set(words)


@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("gb18030", ["很好吃，送餐也快", "太慢了，菜都凉了", "味道不错，价格便宜", "服务态度很差"]),
        ("big5", ["這部電影非常好看", "店員的態度很差", "味道不錯，價格便宜", "下次不會再來了"]),
        (
            "shift_jis",
            ["とても美味しかったです", "店員の態度が悪かった", "また行きたいと思います", "もう二度と行きません"],
        ),
        ("euc_kr", ["영화가 정말 재미있었다", "배송이 너무 늦었어요", "다시 가고 싶습니다", "음식이 맛이 없었어요"]),
        (
            "cp1251",
            ["Очень хороший фильм", "Ужасно скучная книга", "Всем советую посмотреть", "Жаль потраченных денег"],
        ),
        ("cp1252", ["Très bon café, très agréable", "Déçu, à éviter", "Le garçon était très gentil", "C’était raté"]),
        ("utf-16", ["tiếng Việt rất đẹp", "phim dở quá", "món ăn ngon", "phục vụ kém"]),
        ("utf-16-le", ["ภาษาไทย ง่ายมาก", "อาหารไม่อร่อย", "หนังสนุก", "บริการแย่"]),
    ],
)
def test_texts_of_every_encoding_are_read_as_written(
    settings: Settings, tmp_path: Path, encoding: str, texts: list[str]
) -> None:
    rows = "".join(f"{at % 2}\t{texts[at % 4]} {at}\n" for at in range(40))
    path = written(tmp_path, "label\ttext\n" + rows, encoding, "some.tsv")

    shown = library.peek_text(settings, path)
    added = library.add_text(settings, "some", path, TextOptions(test_share=0))

    assert [text for _, text in shown.first_rows if text.startswith(texts[0])]
    samples = {sample.text.rpartition(" ")[0] for sample in library.profile(settings, "some").samples}
    assert samples <= set(texts)
    assert bool(shown.encoding_note) == any("guessed" in told for told in added.warnings)


def test_labels_that_look_like_gaps_are_classes(settings: Settings, tmp_path: Path) -> None:
    labels = ("None", "NA", "nan", "null", "007", "7", "07", "1E1", "10")
    rows = "".join(f"{label},example {at} of {label}\n" for at in range(6) for label in labels)

    added = library.add_text(settings, "labels", written(tmp_path, "label,text\n" + rows))

    assert set(added.info.class_names) == set(labels)
    assert added.info.train_examples + added.info.test_examples == 54
    assert added.warnings == ("Text: text; label: label. To read others, name them: --text text --label label",)


def test_columns_of_text_are_joined_in_the_order_that_is_said(settings: Settings, tmp_path: Path) -> None:
    rows = "".join(f"{at},Title {at},{'' if at == 3 else f'What {at} is about'},{at % 2}\n" for at in range(20))
    path = written(tmp_path, "id,title,description,label\n" + rows)
    options = TextOptions(text="title", joined=("description",), label="label", test_share=0)

    shown = library.peek_text(settings, path, options)
    added = library.add_text(settings, "joined", path, options)

    assert added.info.text_columns == ("title", "description")
    assert shown.first_rows[0] == ("0", "Title 0\nWhat 0 is about")
    texts = {sample.text for sample in library.profile(settings, "joined").samples}
    assert "Title 3" in texts or len(texts) < 20
    assert any("\nWhat" in text for text in texts)
    for wrong, told in (
        (TextOptions(text="title", joined=("description", "label"), label="label"), "cannot be both label and text"),
        (TextOptions(text="title", joined=("title",)), "one is taken twice"),
        (TextOptions(text="title", joined=("descriptoin",)), "no column 'descriptoin'.*description"),
    ):
        with pytest.raises(DataError, match=told):
            adding.peek_text(settings, path, wrong)


def test_several_labels_in_a_cell_are_read_as_such_and_told_unless_each_combination_is_to_be_a_class(
    settings: Settings, tmp_path: Path
) -> None:
    genres = ("love", "drama", "drama;love")
    rows = "".join(f'"story {at} about {genres[at % 3]}",{genres[at % 3]}\n' for at in range(30))
    path = written(tmp_path, "text,labels\n" + rows)

    plain = adding.add_text(settings, "genres", path)
    combined = library.add_text(settings, "combined", path, TextOptions(combinations=True))

    assert (plain.info.task, plain.info.class_names) == ("multilabel", ("drama", "love"))
    assert "'drama;love' for 'drama' and 'love'. --task classification takes each combination" in " ".join(
        plain.warnings
    )
    assert library.peek_text(settings, path).task == "multilabel"
    assert (combined.info.task, combined.info.class_names) == ("multiclass", ("drama", "drama;love", "love"))


@pytest.mark.parametrize(
    ("labels", "looks"),
    [
        (["a", "b", "a|b", "b|a"], True),
        (["Action, Comedy", "Comedy", "Action", "Comedy, Romance", "Romance"], True),
        (["['a', 'b']", "['a']", "['b']"], True),
        (['["a", "b"]', '["b", "c"]', '["a", "c"]'], True),
        (["['a', 'b']", "['a']", "['b']", "[]"], True),
        (["['a' 'b']", "[\"it's\" 'b']", "['a']", "['b']"], True),
        (["[a, b c]", "[a]", "[b c]"], True),
        (["[{'id': 1, 'name': 'a'}]", "[{'id': 1, 'name': 'a'}, {'id': 2, 'name': 'b'}]"], False),
        (["x;y", "y;z", "z;x"], True),
        (["Toys, Games", "Books", "Home, Garden"], False),
        (["R&B/Soul", "Rock", "Hip-Hop/Rap"], False),
        (["1,5", "2,5", "1,0", "5"], False),
        (["2020/01/02", "2020/02/01"], False),
        (["sports/golf", "sports/rugby", "sports/chess"], False),
        (["pos", "neg"], False),
        (["C++", "C", "Java"], False),
        (["red", "green", "blue", "red green", "blue red", "green blue"], True),
        (["very good", "good", "very bad", "bad", "not bad"], False),
        (["light blue", "dark blue", "blue", "green"], False),
        ([], False),
    ],
)
def test_what_several_labels_look_like(labels: list[str], looks: bool) -> None:
    assert (several(labels * 3) is not None) == looks


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("['red', 'blue']", ["red", "blue"]),
        ("['red' 'light blue']", ["red", "light blue"]),
        ("[\"it's\", 'so']", ["it's", "so"]),
        ("['it\\'s']", ["it's"]),
        ('["\\u00e9t\\u00e9", 3]', ["été", "3"]),
        ("[Sci Fi, Drama]", ["Sci Fi", "Drama"]),
        ("[]", []),
    ],
)
def test_lists_are_read_as_they_are_written_by_json_python_and_numpy(cell: str, labels: list[str]) -> None:
    known = several([cell, "['red', 'blue']", "['red']", "['blue']"] * 3)
    assert known is not None
    assert parted(cell, known.sign) == labels


@pytest.mark.parametrize(
    "name", ["t.csv", "t.csv.gz", "t.jsonl", "t.jsonl.gz", "t.json", "t.parquet", "t.feather", "t.xlsx"]
)
def test_texts_are_the_same_in_every_format_of_tables(settings: Settings, tmp_path: Path, name: str) -> None:
    rows = [(f"शब्द 007 “{at}”, line", ("01", "1", "1.0", "None")[at % 4]) for at in range(20)]
    frame = pd.DataFrame(rows, columns=["review", "class"])
    path = tmp_path / name
    if ".csv" in name:
        frame.to_csv(path, index=False)
    elif ".json" in name:
        frame.to_json(path, orient="records", lines=".jsonl" in name)
    elif name == "t.xlsx":
        write_workbook(path, {"Data": [("review", "class"), *rows]})
    else:
        (frame.to_parquet if name == "t.parquet" else frame.to_feather)(path)

    shown = library.peek_text(settings, path)

    assert (shown.text, shown.label, shown.layout) == ("review", "class", "table")
    assert list(shown.first_rows) == [(label, text) for text, label in rows]


@given(st.data(), st.booleans(), st.sampled_from(["jsonl", "json", "parquet", "csv"]))
@hypothesis_settings(max_examples=30, deadline=None)
def test_texts_are_read_as_they_were_written(data: st.DataObject, escaped: bool, kind: str) -> None:
    plain = st.characters(exclude_categories=["Cs", "Cc"])
    some = st.tuples(st.text(plain, min_size=1, max_size=30), st.sampled_from(["007", "7", "None", "é", "a b"]))
    rows = data.draw(st.lists(some.filter(lambda row: row[0].strip()), min_size=2, max_size=20))
    frame = pd.DataFrame(rows, columns=["text", "label"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{kind}"
        if kind == "parquet":
            frame.to_parquet(path)
        elif kind == "csv":
            frame.to_csv(path, index=False, quoting=csv.QUOTE_ALL)
        else:
            frame.to_json(path, orient="records", lines=kind == "jsonl", force_ascii=escaped)
        encoded = "" if kind == "parquet" else "utf-8"
        options = TextOptions(text="text", label="label", encoding=encoded, delimiter=",")
        shown = adding.peek_text(Settings(home=Path(folder) / "home"), path, options)
    assert list(shown.first_rows) == [(label, text.strip()) for text, label in rows]


def test_texts_in_objects_within_records_are_found_by_their_last_name(settings: Settings, tmp_path: Path) -> None:
    records = [{"id": at, "doc": {"text": f"text {at}"}, "meta": {"label": at % 2, "by": ["x"]}} for at in range(20)]
    path = written(tmp_path, "\n".join(map(json.dumps, records)), name="t.jsonl")

    shown = library.peek_text(settings, path)

    assert (shown.text, shown.label) == ("doc.text", "meta.label")
    with pytest.raises(DataError, match=r"the column 'meta\.by' holds lists or objects; accepted are texts"):
        adding.peek_text(settings, path, TextOptions(text="meta.by"))


def test_whether_the_first_row_holds_names_can_be_said(settings: Settings, tmp_path: Path) -> None:
    rows = [(f"play song {at}", f"intent {at % 5 if at else 'first'}") for at in range(21)]
    path = written(tmp_path, "".join(f"{text},{label}\n" for text, label in rows))

    guessed = adding.peek_text(settings, path)
    said = adding.peek_text(settings, path, TextOptions(header="no"))

    assert guessed.columns == ("play song 0", "intent first")
    assert "Is it an example? Then say so (--header no)." in guessed.notes[0]
    assert (said.columns, len(said.notes)) == (("column 1", "column 2"), 1)
    assert said.first_rows[0] == (rows[0][1], rows[0][0])


def test_texts_that_begin_like_comments_are_rows(settings: Settings, tmp_path: Path) -> None:
    rows = [(f"{('#tag', '@you', '//', '% off')[at % 4]} {at}", ("a", "b")[at % 2]) for at in range(12)]
    path = written(tmp_path, "".join(f"{text},{label}\n" for text, label in [*rows, ("plain", "a")]))

    assert sum(adding.peek_text(settings, path).class_counts.values()) == 13


def test_labels_that_have_a_column_each_are_told(settings: Settings, tmp_path: Path) -> None:
    rows = "".join(f"a text about thing {at},{at % 2},{int(at % 3 == 0)}\n" for at in range(24))
    path = written(tmp_path, "text,toxic,threat\n" + rows)

    both = adding.add_text(settings, "ones", path)
    added = library.add_text(settings, "toxic", path, TextOptions(label="toxic"))

    assert (both.info.task, both.info.class_names) == ("multilabel", ("toxic", "threat"))
    assert both.warnings[1].startswith("Each column is a label: 2 labels")
    assert added.info.class_names == ("0", "1")
    assert added.warnings[0].startswith("2 columns hold 0 and 1 only")


def test_texts_without_labels_are_no_class(settings: Settings, tmp_path: Path) -> None:
    for part, label in [("train", "pos"), ("train", "neg"), ("train", "unsup"), ("test", "pos"), ("test", "neg")]:
        folder = tmp_path / "aclImdb" / part / label
        folder.mkdir(parents=True)
        for at in range(6):
            written(folder, f"A review, {label}, {part} {at}.", name=f"{at}_7.txt")
        written(folder.parent, "1 0:9", name="labeledBow.feat")
    written(tmp_path / "aclImdb", "the", name="imdb.vocab")

    added = library.add_text(settings, "films", tmp_path / "aclImdb")

    info = added.info
    assert (info.class_names, info.train_examples, info.test_examples) == (("neg", "pos"), 12, 12)
    assert any(told.startswith("Left out: 6 files without a label, as their folder says") for told in added.warnings)
    assert any("test/labeledBow.feat" in told for told in added.warnings)


def test_texts_that_each_have_a_label_of_their_own_are_refused(settings: Settings, tmp_path: Path) -> None:
    rows = "".join(f"a text about thing {at},label {at}\n" for at in range(40))

    with pytest.raises(DataError, match="40 different labels of 40 texts: too many to be classes"):
        library.add_text(settings, "own", written(tmp_path, "text,label\n" + rows))


def test_labels_of_the_same_letters_in_other_codes_are_one_class(settings: Settings, tmp_path: Path) -> None:
    labels = ("caf\u00e9", "cafe\u0301", "bar\u200b", "bar")
    rows = "".join(f"a text about thing {at},{labels[at % 4]}\n" for at in range(40))

    added = library.add_text(settings, "letters", written(tmp_path, "text,label\n" + rows))

    assert added.info.class_names == ("bar", "caf\u00e9")
    assert any("are one class: bar, caf\u00e9." in warning for warning in added.warnings)
