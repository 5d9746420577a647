"""Running text as people have it: plain, in a field of JSON, or something else that is told."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.common.errors import DataError
from core.common.settings import Settings
from core.data import library
from core.data.library import CorpusOptions, adding
from tests.core.data.library.conftest import Packed

POEM = ["春眠不觉晓，", "处处闻啼鸟。"]
POEMS = [{"author": "a", "title": f"t{at}", "paragraphs": POEM} for at in range(100)]


def _text(settings: Settings, name: str) -> str:
    return library.profile(settings, name).samples[0].text


def written(folder: Path, text: str, name: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.mark.parametrize("lines", [False, True])
def test_of_json_the_field_that_is_said_is_learned(settings: Settings, tmp_path: Path, lines: bool) -> None:
    raw = "\n".join(json.dumps(poem) for poem in POEMS) if lines else json.dumps(POEMS, ensure_ascii=False, indent=1)
    path = written(tmp_path, raw, "poems.jsonl" if lines else "poems.json")

    with pytest.raises(
        DataError, match=r"Say which field holds the text, such as --field paragraphs: paragraphs \(200 texts"
    ):
        adding.add_corpus(settings, "poems", path)
    with pytest.raises(DataError, match=r"no field 'paragraph' with text.*paragraphs.*Its fields are"):
        adding.add_corpus(settings, "poems", path, CorpusOptions(field="paragraph"))
    shown = library.peek_corpus(settings, path)
    added = library.add_corpus(settings, "poems", path, CorpusOptions(field="paragraphs"))

    assert (shown.field, shown.fields[0]) == ("paragraphs", ("paragraphs", 200, 1200, POEM[0]))
    assert {field[0] for field in shown.fields} == {"paragraphs", "title", "author"}
    assert shown.beginning.startswith("\n".join(POEM) + "\n\n")
    assert _text(settings, "poems").startswith("\n".join(POEM) + "\n\n")
    assert added.info.shape == (shown.characters,) == (100 * 15 - 2,)
    assert "field paragraphs" in added.warnings[0]


def test_a_short_text_is_taken_and_told(settings: Settings, tmp_path: Path) -> None:
    added = adding.add_corpus(settings, "short", written(tmp_path, "Enter the king.\n" * 20, "short.txt"))

    assert "has 320 characters: little to learn from" in added.warnings[0]


def test_a_single_field_needs_no_word_and_a_list_of_texts_has_none(settings: Settings, tmp_path: Path) -> None:
    nested = {"data": [{"body": {"text": "Once upon a time there was a king."}, "n": at} for at in range(50)]}
    listed = ["Once upon a time there was a king."] * 50

    told = adding.add_corpus(settings, "one", written(tmp_path, json.dumps(nested), "one.json")).warnings
    adding.add_corpus(settings, "two", written(tmp_path, json.dumps(listed), "two.json"))

    assert told[0].startswith("The text is the field data.body.text of one.json")
    assert _text(settings, "one").splitlines()[:2] == listed[:2] == _text(settings, "two").splitlines()[:2]


def test_json_can_be_learned_as_it_is_and_what_only_looks_like_it_is_text(settings: Settings, tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps(POEMS, ensure_ascii=False), "poems.json")
    play = written(tmp_path, "[Enter the king.]\nKING: Speak, and be heard by all of us.\n" * 30, "play.txt")
    broken = written(tmp_path, '{"a": "b"' * 300, "broken.json")

    adding.add_corpus(settings, "raw", path, CorpusOptions(field="."))
    adding.add_corpus(settings, "play", play)

    assert _text(settings, "raw").startswith('[{"author"')
    assert _text(settings, "play").startswith("[Enter the king.]")
    with pytest.raises(DataError, match=r"cannot be read as JSON: .* Correct it; or say '.'"):
        adding.add_corpus(settings, "broken", broken)
    with pytest.raises(DataError, match="is no JSON, so it has no field 'x'"):
        adding.add_corpus(settings, "broken", play, CorpusOptions(field="x"))


def test_json_files_of_a_zip_are_joined(settings: Settings, packed: Packed) -> None:
    half = json.dumps(POEMS[:50], ensure_ascii=False)

    added = library.add_corpus(
        settings, "both", packed({"a.json": half, "b.json": half}), CorpusOptions(field="paragraphs")
    )

    assert added.warnings == (
        "The text is the field paragraphs of packed.zip; its other fields are left out.",
        "Joined 2 files in the order of their names.",
    )


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("page.html", "<!DOCTYPE html><html><body>" + "<p>Some words of a page.</p>\n" * 60 + "</body></html>", "HTML"),
        ("page.txt", "<html><body>" + "<p>Some words of a page.</p>\n" * 60, "HTML"),
        ("some.xml", '<?xml version="1.0"?>' + "<w>word</w>" * 200, "XML"),
        ("comma.txt", "label,text\n" + "1,Some words and more of them\n" * 60, "looks like a table, with commas"),
        ("tab.txt", "label\ttext\n" + "1\tSome words, and more of them\n" * 60, "looks like a table, with tabs"),
        ("some.md", "# Title\n\nSome **words** of a page.\n" * 60, "Markdown"),
        ("some.txt", "Some words, and more of them, as it is.\nAnd a line, that is short.\nEnd.\n" * 60, ""),
    ],
)
def test_what_is_no_plain_text_is_told(settings: Settings, tmp_path: Path, name: str, text: str, told: str) -> None:
    path = written(tmp_path, text, name)

    shown = adding.peek_corpus(settings, path)
    added = adding.add_corpus(settings, "some", path)

    assert told in shown.looks_like
    assert bool(shown.looks_like) == bool(told)
    assert added.warnings == ((shown.looks_like,) if told else ())


@pytest.mark.parametrize("name", ["some.tsv", "some.parquet"])
def test_of_a_table_the_column_of_the_text_is_asked(settings: Settings, tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame({"title": [f"No {at}" for at in range(40)], "text": ['some "words" and more'] * 40})
    path = tmp_path / name
    frame.to_csv(path, sep="\t", index=False) if name == "some.tsv" else frame.to_parquet(path)

    with pytest.raises(DataError, match=r"is a table, .*such as --field text: text \(40 texts, .*title \(40 texts"):
        adding.add_corpus(settings, "some", path)
    added = adding.add_corpus(settings, "some", path, CorpusOptions(field="text"))

    assert adding.peek_corpus(settings, path).field == "text"
    assert added.info.shape == (40 * 22 - 1,)
    assert added.warnings[0] == f"The text is the field text of {name}; its other fields are left out."


def test_words_of_a_running_text_are_counted_as_they_are_learned(settings: Settings, tmp_path: Path) -> None:
    from pydantic import TypeAdapter

    from core.config.run import AnySource
    from core.data.prepare import load

    verse = "First, the KING — “speak”:\n\n  they e\u0301coutent…\r\n\tहिन्दी भाषा, 春眠不觉晓。\u2028"
    added = adding.add_corpus(settings, "verses", written(tmp_path, verse * 40, "verses.txt"))
    for unit in ("word", "character"):
        raw = {"source": "corpus", "dataset": "verses", "tokens": unit, "length": 20, "stride": 1, "test_split": 0}
        source = TypeAdapter(AnySource).validate_python({**raw, "validation_split": 0})
        data = load(source, settings, seed=0)
        assert data.vocabulary is not None
        assert (len(data.y_train), data.info.vocabulary) == (source.sizes(data.info)[0], len(data.vocabulary))
        assert isinstance(data.x_train, np.ndarray)
        shown = data.vocabulary.decode(data.x_train[0].tolist())
        assert verse.replace("e\u0301", "é").replace("\r", "").startswith(shown)
    assert added.tokens is not None
