"""Whether a table's first row holds names, told by the names and what stands below."""

import pytest

from core.common.errors import DataError
from core.data.library.tables.header import has_header
from tests.core.data.library.tables.conftest import Add, Look

ADULT = "".join(
    f"{20 + at % 30}, {('State', 'Private')[at % 2]}, {('HS', 'Masters')[at % 3 == 0]}, {9 + at % 3}, "
    f"{('<=50K', '>50K')[at % 4 == 0]}\n"
    for at in range(40)
)
NUMBERED = "0,1,2,3,target\n" + "".join(
    f"{at / 7:.3f},{-at / 3:.3f},0.{at},{at * 1.1:.3f},{('no', 'yes')[at % 2]}\n" for at in range(40)
)


def rows(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().split("\n")]


@pytest.mark.parametrize(
    ("text", "target", "header"),
    [
        (ADULT, "", False),
        (NUMBERED, "", True),
        ("a,b\n1,2\n", "", True),
        ("1,2\n3,4\n", "", False),
        ("x,y\nred,blue\ngreen,red\n", "y", True),
        ("country,1990,1991,1992\nAT,1.5,2.5,3\nDE,2,3,4\n", "", True),
        ("5.1,3.5,1.4,0.2,setosa\n4.9,3.0,1.4,0.2,setosa\n7.0,3.2,4.7,1.4,versicolor\n", "", False),
        ("sepal,petal,species\n5.1,1.4,setosa\n4.9,1.4,setosa\n", "", True),
        ("1,2,3,a\n2,3,4,b\n3,4,5,a\n", "", False),
        ("date,load\n2021-01-01,5\n2021-01-02,6\n", "", True),
        ("2021-01-01,5\n2021-01-02,6\n", "", False),
        ("?,1,x\n2,?,y\n3,4,x\n", "", False),
        ("name,color\nanna,red\nbert,blue\ncarl,red\ndora,blue\n", "", True),
        ("yes,no\nno,yes\nyes,yes\nno,no\n", "", False),
        (",a,y\n0,1.5,x\n1,2.5,z\n", "", True),
        ("0,1,2,3,4\n5,7,2,9,1\n3,3,8,1,0\n6,2,2,5,1\n", "", True),
        ("1,2,3\n5,7,2\n3,3,8\n6,2,2\n", "", True),
        ("0,1,2,3\n1,2,3,4\n2,3,4,5\n", "", False),
        ("country,1990,2000,2010\nAT,12,25,30\nDE,20,31,42\n", "", True),
        ("AT,1990,2000,2010\nDE,1991,2001,2011\nCH,1992,1999,2005\n", "", False),
    ],
)
def test_a_header_is_told(text: str, target: str, header: bool) -> None:
    found, reason = has_header(rows(text), target)

    assert found == header, reason
    assert reason.endswith(".")


def test_a_file_without_names_is_read_whole_and_its_columns_are_named(look: Look, add: Add) -> None:
    preview = look(ADULT)
    assert (preview.rows, preview.header) == (40, False)
    assert [each.name for each in preview.columns] == [f"column {number}" for number in range(1, 6)]

    added = add(ADULT, names=("age", "work", "school", "years", "pay"), target="pay")

    assert added.info.class_names == ("<=50K", ">50K")
    assert [feature.name for feature in added.info.features] == ["age", "work", "school", "years"]
    assert added.info.train_examples + added.info.test_examples == 40


def test_a_header_of_numbers_is_one(add: Add) -> None:
    added = add(NUMBERED, target="target")

    assert [feature.name for feature in added.info.features] == ["0", "1", "2", "3"]
    assert added.info.class_names == ("no", "yes")
    assert added.info.train_examples + added.info.test_examples == 40


def test_what_was_said_of_the_header_holds(look: Look) -> None:
    assert look("a,b\nc,d\n", header="no").rows == 2
    assert look("1,2\n3,4\n", header="yes").rows == 1


@pytest.mark.parametrize(
    ("text", "columns", "count"),
    [
        ("# made by hand\n# in 2021\na,y\n1,x\n2,z\n", ("a", "y"), 2),
        ("# a,y\n1,x\n2,z\n3,x\n", ("a", "y"), 3),
        ("# by Ann, Bob\n# a,y\n1,x\n2,z\n3,x\n", ("a", "y"), 3),
        ("sep=;\na;y\n1;x\n2;z\n", ("a", "y"), 2),
        ("a;y;\n1;x;\n2;z;\n", ("a", "y", "column 3"), 2),
        ("a;y\n1;x;\n2;z;\n", ("a", "y", "column 3"), 2),
        ("a;y;\n1;x\n2;z\n", ("a", "y"), 2),
        ("a,y\n1,5,x\n2,6,z\n", ("column 1", "a", "y"), 2),
        ("\ufeffa,y\r\n1,x\r\n2,z\r\n", ("a", "y"), 2),
        ("  1.5   2.5   x\n 10.5   3.5   z\n", ("column 1", "column 2", "column 3"), 2),
        ("@relation r\n@attribute a numeric\n@attribute y {x,z}\n@data\n1,x\n2,z\n", ("a", "y"), 2),
    ],
)
def test_what_stands_around_a_table_is_understood(look: Look, text: str, columns: tuple[str, ...], count: int) -> None:
    preview = look(text)

    assert tuple(each.name for each in preview.columns) == columns
    assert preview.rows == count


@pytest.mark.parametrize(
    "text",
    [
        "#a,1,p\n#b,2,q\nc,3,p\nd,4,q\n",
        "#a,1,p\nb,2,q\nc,3,p\nd,4,q\n",
        "@bob,3,p\nann,4,q\ntim,5,p\njo,6,q\n",
        "|6,8,q\n|5,7,p\n4,3,q\n3,2,p\n",
    ],
)
def test_a_first_row_that_only_looks_like_a_comment_is_kept(look: Look, text: str) -> None:
    preview = look(text)

    assert (preview.rows, preview.header) == (4, False)


def test_texts_of_as_many_words_each_are_parted_by_their_tab(look: Look) -> None:
    preview = look("".join(f"{('ham', 'spam')[at % 2]}\tone two three {at}\n" for at in range(40)), "t.tsv")

    assert len(preview.columns) == 2


def test_lines_written_for_fasttext_are_refused_with_what_to_do(look: Look) -> None:
    with pytest.raises(DataError, match="put a tab in place of the blank behind each label"):
        look("__label__p good film\n__label__n bad film\n" * 5, "t.txt")


def test_single_quotes_are_understood_where_they_make_the_rows_alike(look: Look) -> None:
    preview = look("a,b,y\n'x, 0',4,q\n'x, 1',5,r\n'z',6,q\n")

    assert [each.name for each in preview.columns] == ["a", "b", "y"]


def test_rows_longer_than_the_header_are_refused_where_they_have_no_names(look: Look) -> None:
    with pytest.raises(DataError, match="line 2 has 4"):
        look("a,b,y\nx,0,4,q\nx,1,5,r\nz,1,6,q\n")


def test_a_first_row_of_words_over_words_is_asked_about(look: Look) -> None:
    rows = "".join(f"animal{at},{('plain', 'spotted')[at % 2]},land{at % 3}\n" for at in range(20))
    animals = "zebra,striped,savanna\n" + rows

    assert "Is it a row? Then say so (header: no)." in look(animals).header_reason
    assert "Is it a row?" not in look("a,y\n1,x\n2,z\n").header_reason


def test_a_share_too_small_for_a_test_row_is_told(add: Add) -> None:
    rows = "".join(f"{at * 7 % 11}.5,{'ab'[at % 2]}\n" for at in range(60))

    told = add("x,y\n" + rows, target="y", test_share=0.001).warnings

    assert any("No example is held back for the test: a share of 0.001" in each for each in told)
