"""What counts as missing: the empty cell, and words that say so; never a value that many rows hold."""

import pytest

from core.common.errors import DataError
from tests.core.data.library.tables.conftest import Add, Look, column, values

SLEEP = "age,disorder\n" + "".join(f"{20 + at * 7 % 31},{('None', 'Insomnia', 'Apnea')[at % 3]}\n" for at in range(60))
COUNTRY = "country,n,y\n" + "".join(f"{('NA', 'AT', 'DE')[at % 3]},{at},{at % 2}\n" for at in range(30))


def test_a_class_named_none_is_a_class_and_asked_about(look: Look, add: Add) -> None:
    assert "None in 20 rows is kept as a value; --missing 'disorder=None'" in column(look(SLEEP), "disorder").question

    added = add(SLEEP, target="disorder")

    assert added.info.class_names == ("Apnea", "Insomnia", "None")
    assert added.info.train_examples + added.info.test_examples == 60


def test_the_user_may_say_that_it_is_missing(add: Add) -> None:
    added = add(SLEEP, target="disorder", missing_in={"disorder": ("None",)})

    assert added.info.class_names == ("Apnea", "Insomnia")
    assert "Left out: 20 rows in which the target disorder is missing: it is empty, or None (20)." in added.warnings


def test_a_country_named_na_stays(look: Look) -> None:
    assert values(look(COUNTRY), "country")[0] == "NA"
    assert values(look(COUNTRY, missing=("NA",)), "country")[0] is None


WORDS = (
    "?",
    "NA",
    "n/a",
    "NaN",
    "null",
    "None",
    "-",
    "#N/A",
    "",
    "k.A.",
    "n.v.",
    "s/d",
    "N.D.",
    "Non renseigné",
    "Н/Д",
)


@pytest.mark.parametrize("word", [*WORDS, "keine angabe", "未知"])
def test_words_among_numbers_are_missing_and_told(look: Look, word: str) -> None:
    preview = look("a,y\n" + "".join(f"{at}.5,{at % 2}\n" for at in range(30)) + f"{word},1\n")

    found = column(preview, "a")
    assert (found.kind, found.missing) == ("number", 1)
    assert found.missing_words == (((word, 1),) if word else ())


def test_the_list_for_numbers_can_be_edited(look: Look) -> None:
    content = "a,y\n" + "".join(f"{at}.5,{at % 2}\n" for at in range(30)) + "NA,1\nx,1\n"

    assert column(look(content, missing_among_numbers=("x", "NA")), "a").kind == "number"
    assert column(look(content, missing_among_numbers=()), "a").kind == "ignore"  # words, most of them once


def test_a_number_that_stands_for_missing_is_asked_about_and_matches_however_it_is_written(look: Look) -> None:
    content = "t,y\n" + "".join(f"{20 + at % 9}.5,{at % 2}\n" for at in range(30)) + "-999,1\n-999.0,0\n"

    assert "-999 in 2 rows is far from the rest: --missing 't=-999'" in column(look(content), "t").question
    said = column(look(content, missing_in={"t": ("-999",)}), "t")
    assert (said.missing, said.kind, said.question) == (2, "number", "")


def test_zero_can_be_missing_in_one_column(look: Look) -> None:
    preview = look("a,b,y\n0,0,x\n1,0.0,z\n2,3,x\n", missing_in={"b": ("0",)})

    assert values(preview, "a") == [0, 1, 2]
    assert values(preview, "b") == [None, None, 3]


def test_a_column_that_is_not_there_is_told(add: Add) -> None:
    with pytest.raises(DataError, match=r"no column 'pric' .did you mean price"):
        add("price,y\n1,a\n2,b\n", target="y", missing_in={"pric": ("0",)})
