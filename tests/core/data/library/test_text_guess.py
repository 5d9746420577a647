"""Which columns of a table are taken for texts and for the label, where nobody says it; and that it is told."""

from pathlib import Path

import pytest

from core.common.settings import Settings
from core.data.library import TextOptions, adding
from pages.parts.datasets.on_the_page import on_the_page

_CELLS = {  # by what a column is called here: its cells
    "words": "the {at}th thing that was said of it",
    "parse": "( ( the ( {at}th thing ) ) ( that ( was said ( of it ) ) ) )",
    "short": "said {at}",
    "page": "https://example.org/{at}/of/several/long/parts-of-an-address",
    "name": "user{at}",
    "number": "{at}",
    "share": "0.{at}5",
    "same": "toys",
}


def _cells(kind: str, at: int) -> str:
    if kind == "ones":
        return str(at % 2)
    if kind in ("two", "three"):
        return ("no", "yes", "none")[at % (2 if kind == "two" else 3)]
    return _CELLS[kind].format(at=at)


def _table(folder: Path, columns: dict[str, str]) -> Path:
    rows = (",".join(_cells(kind, at) for kind in columns.values()) for at in range(40))
    path = folder / "some.csv"
    path.write_text("\n".join([",".join(columns), *rows]) + "\n")
    return path


@pytest.mark.parametrize(
    ("columns", "texts", "label"),
    [
        ({"user": "name", "tweet": "words", "verified": "two", "stance": "three"}, "tweet", "stance"),
        ({"id": "number", "gender": "two", "statement": "words", "emotion": "three"}, "statement", "emotion"),
        ({"title": "words", "description": "short", "label": "two"}, "title+description", "label"),
        ({"review_body": "words", "review_headline": "short", "star_rating": "three"}, "review_headline+review_body",
         "star_rating"),
        ({"link": "page", "category": "three", "headline": "words", "short_description": "words"},
         "headline+short_description", "category"),
        ({"overall": "three", "summary": "short", "reviewText": "words"}, "summary+reviewText", "overall"),
        ({"premise": "short", "hypothesis": "words", "label": "three"}, "premise+hypothesis", "label"),
        ({"id": "number", "question1": "short", "question2": "words", "is_duplicate": "two"}, "question1+question2",
         "is_duplicate"),
        ({"gold_label": "three", "sentence1_parse": "parse", "sentence1": "words", "sentence2": "words"},
         "sentence1+sentence2", "gold_label"),
        ({"Clothing ID": "number", "Title": "short", "Review Text": "words", "Rating": "three", "Recommended": "two"},
         "Title+Review Text", "Rating"),
        ({"label": "two", "text_b": "words", "text_a": "words"}, "text_a+text_b", "label"),
        ({"movie_title": "words", "review_text": "words", "fresh": "two"}, "review_text", "fresh"),
        ({"title": "two", "text": "words", "date": "two", "spam": "three"}, "text", "spam"),
        ({"page": "page", "post": "words", "kind": "three", "lang": "two", "confidence": "share"}, "post", "kind"),
        ({"airline_sentiment": "three", "airline": "two", "text": "words"}, "text", "airline_sentiment"),
        ({"sno": "number", "text": "words", "language": "three"}, "text", "language"),
        ({"text": "words", "hate": "two", "is_retweet": "two"}, "text", "hate"),
        ({"text": "words", "spam": "two", "product_category": "same"}, "text", "spam"),
        ({"0": "two", "1": "name", "2": "words"}, "2", "0"),
        ({"comment": "words", "toxic": "ones", "insult": "ones", "threat": "ones", "platform": "three"}, "comment",
         "threat"),
    ],
)  # fmt: skip
def test_texts_and_label_are_the_columns_that_people_mean(
    settings: Settings, tmp_path: Path, columns: dict[str, str], texts: str, label: str
) -> None:
    shown = adding.peek_text(settings, _table(tmp_path, columns))

    assert ("+".join((shown.text, *shown.joined)), shown.label) == (texts, label)


def test_what_is_read_as_what_and_what_else_could_be_meant_is_told(settings: Settings, tmp_path: Path) -> None:
    path = _table(tmp_path, {"id": "number", "gender": "two", "remark": "short", "statement": "words", "mood": "three"})

    guessed = adding.add_text(settings, "guessed", path).warnings[-1]
    said = adding.peek_text(settings, path, TextOptions(text="remark", label="gender"))

    assert guessed == (
        "Text: statement; label: mood; not read: id, gender, remark. Or is gender the label? "
        "To read others, name them: --text statement --label mood"
    )
    assert said.notes[-1] == "Text: remark; label: gender; not read: id, statement, mood."
    assert "--text" not in on_the_page(guessed)


def test_a_text_that_is_named_is_not_joined_with_another(settings: Settings, tmp_path: Path) -> None:
    path = _table(tmp_path, {"title": "short", "text": "words", "about": "words", "label": "two"})

    both = adding.peek_text(settings, path)
    one = adding.peek_text(settings, path, TextOptions(text="text"))

    assert (both.text, both.joined, one.joined) == ("title", ("text",), ())
    assert "Or is about text?" in both.notes[-1]
    assert "Or is" not in one.notes[-1]
