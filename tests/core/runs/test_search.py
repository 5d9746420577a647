import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.common.errors import ConfigError
from core.runs.search import MAX_DEPTH, MAX_TERMS, parse_search
from db import listing
from db.engine import open_database
from db.filters import AllOf, AnyOf, Compare, Contains, Filter, Not

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
        ("(" * 10_000, "10000 terms"),
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
@example("x" * 10_000)
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
