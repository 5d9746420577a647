import contextlib
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.runs import search
from core.runs.search import MAX_DEPTH, MAX_LENGTH, MAX_TERMS, parse_search
from db import listing
from db.engine import open_database
from db.filters import AllOf, AnyOf, Compare, Contains, Filter, Not
from db.listing import RunQuery
from tests.conftest import AddRun

PIECES = st.sampled_from(
    ["or", "and", "not", "(", ")", '"', "~", "=", "!=", "<", ">=", "adam", "epochs", "1e9", "nan", "-", ".", "tag", "é"]
)
SEARCHES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("  \t ", None),
        ("adam", Contains("adam")),
        ("adam sgd", AllOf((Contains("adam"), Contains("sgd")))),
        ("adam and sgd", AllOf((Contains("adam"), Contains("sgd")))),
        ("a or b c", AnyOf((Contains("a"), AllOf((Contains("b"), Contains("c")))))),
        ("(a or b) c", AllOf((AnyOf((Contains("a"), Contains("b"))), Contains("c")))),
        ("not a b", AllOf((Not(Contains("a")), Contains("b")))),
        ("NOT (a OR b)", Not(AnyOf((Contains("a"), Contains("b"))))),
        ('"not"', Contains("not")),
        ('"two words"', Contains("two words")),
        ("epochs>=3", Compare("epochs", ">=", "3")),
        ("training.epochs != 3", Compare("training.epochs", "!=", "3")),
        ("system/gpu.max < 5", Compare("system/gpu.max", "<", "5")),
        ('experiment = "my own"', Compare("experiment", "=", "my own")),
        ("name~x", Compare("name", "~", "x")),
        ('say "hi', AllOf((Contains("say"), Contains('"hi')))),
        ("epochs >=", AllOf((Contains("epochs"), Contains(">=")))),
        ("epochs = (a)", AllOf((Contains("epochs"), Contains("="), Contains("a")))),
        ('""', Contains("")),
        ("loss<=\t\n3", Compare("loss", "<=", "3")),
    ],
)
def test_a_search_is_read_as_people_mean_it(text: str, expected: Filter | None) -> None:
    assert parse_search(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(a", "an opening bracket without a closing one"),
        ("a)", "a closing bracket without an opening one"),
        ("()", "nothing to look for"),
        ("or a", "nothing to look for"),
        ("a or", "nothing to look for"),
        ("a not", "nothing after not"),
        ("not not", "nothing after not"),
        ("a " * (MAX_TERMS + 1), f"{MAX_TERMS + 1} terms"),
        ("(" * 2_000, "2000 terms"),
        ("x" * 2_001, "2,001 characters, where at most 2,000"),
        ("x" * 10**6, "1,000,000 characters, where at most 2,000"),
        ("not " * 90 + "a", "more than 10 brackets or nots within each other"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_with_its_reason(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        parse_search(text)

    assert caught.value.problems[0].field == "search"
    assert len(str(caught.value)) < 400


@given(SEARCHES)
@example("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
@example("not " * MAX_DEPTH + "a")
@example("a or b (" * MAX_DEPTH + "x=1" + ")" * MAX_DEPTH)
@example(" ".join(["a>1"] * MAX_TERMS))
@example("x" * MAX_LENGTH)
@example("%_" * (MAX_LENGTH // 2))
@example("a>" + " " * 8_000)
@example("a" + " " * 1_990 + ">")
@example("\ud800 a\0b")
def test_whatever_is_typed_the_store_answers_or_the_search_is_refused(text: str) -> None:
    try:
        found = parse_search(text)
    except ConfigError:
        return
    database = open_database("sqlite://")
    with database.read() as session:
        assert listing.page(session, listing.RunQuery(filter=found)).total == 0
    database.dispose()


class _Looks:
    """A pattern that notes how many characters its matches took."""

    def __init__(self, pattern: re.Pattern[str], taken: list[int]) -> None:
        self.pattern, self.taken = pattern, taken

    def match(self, text: str, place: int) -> re.Match[str] | None:
        found = self.pattern.match(text, place)
        self.taken.append(found.end() - place if found else 1)
        return found


@given(st.lists(st.sampled_from(["a", " ", '"', "(", ">", "a>", " " * 500, "a" * 500]), max_size=300).map("".join))
@example(" " * 8_000 + "a" + " " * 8_000 + ">" + " " * 8_000)
@example("a " * 1_000)
@example('"' * 1_999)
@example("a" * 2_000)
def test_a_search_is_read_in_steps_that_grow_with_its_length_only(text: str) -> None:
    taken: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_BLANKS", "_KEY", "_OPERATOR", "_QUOTED", "_WORD"):
            patch.setattr(search, name, _Looks(getattr(search, name), taken))
        with contextlib.suppress(ConfigError):
            parse_search(text)
    assert sum(taken) < 10 * (len(text.strip()) + 1)


def test_hundreds_of_tags_are_looked_for_in_one_statement(context: Context, add_run: AddRun) -> None:
    run_id = add_run(tags=[f"tag {number}" for number in range(400)])
    plain = add_run()
    page = runs.listing(context, RunQuery(), " ".join(["tag~tag"] * 90))
    assert [run.id for run in page.runs] == [run_id]
    assert {run.id for run in runs.listing(context, RunQuery(), "not tag~TAG").runs} == {plain}
