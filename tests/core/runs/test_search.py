import contextlib
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import runs
from core.common.context import Context
from core.runs import search_tokens
from core.runs.search import MAX_DEPTH, MAX_LENGTH, MAX_TERMS, parse_search
from core.runs.search_error import SearchError
from core.runs.search_names import Names
from db import listing
from db.engine import open_database
from db.filters import AllOf, AnyOf, Compare, Contains, Filter, Measure, Missing, Not
from db.listing import RunQuery
from tests.conftest import AddRun

PIECES = st.sampled_from(
    [
        *("or", "and", "not", "(", ")", '"', "'", "~", "=", "!=", "!~", "<", ">=", ":", ",", "..", "-", "!", "#3", "%"),
        *(
            "adam",
            "epochs",
            "1e9",
            "nan",
            ".",
            "tag",
            "é",
            "is",
            "missing",
            "in",
            "lr",
            "no:",
            "has:",
            "state",
            "failed",
        ),
        *(
            "created",
            "duration",
            "2h",
            "3 days ago",
            "2026-11-01",
            "9999-12-31",
            "0000-00-00",
            "id",
            "like",
            "loss.best",
        ),
    ]
)
SEARCHES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES).map("".join))
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp()
DAY = 86_400.0
NAMES = Names(
    lambda: [
        *("data.source", "training.epochs", "training.batch_size", "training.optimizer.learning_rate"),
        *("training.optimizer.name", "training.early_stopping.patience", "seed"),
    ],
    lambda: ["accuracy", "loss", "val_accuracy", "val_loss", "top-5 acc"],
    lambda: ["stage:1", "paper"],
    lambda keys: not any(key.endswith(("name", "source")) for key in keys),
)


def read(text: str) -> Filter | None:
    return parse_search(text, NAMES, now=NOW, zone=UTC)


def at(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("  \t ", None),
        ("adam", Contains("adam")),
        ("adam sgd", AllOf((Contains("adam"), Contains("sgd")))),
        ("adam and sgd", AllOf((Contains("adam"), Contains("sgd")))),
        ("a or b c", AnyOf((Contains("a"), AllOf((Contains("b"), Contains("c")))))),
        ("a || b && c", AnyOf((Contains("a"), AllOf((Contains("b"), Contains("c")))))),
        ("(a or b) c", AllOf((AnyOf((Contains("a"), Contains("b"))), Contains("c")))),
        ("not a b", AllOf((Not(Contains("a")), Contains("b")))),
        ("-a b", AllOf((Not(Contains("a")), Contains("b")))),
        ('-"a b"', Not(Contains("a b"))),
        ("-(a or b)", Not(AnyOf((Contains("a"), Contains("b"))))),
        ("NOT (a OR b)", Not(AnyOf((Contains("a"), Contains("b"))))),
        ('"not"', Contains("not")),
        ('"two words"', Contains("two words")),
        ("'two words'", Contains("two words")),
        ("don't", Contains("don't")),
        ("- 5 -5 2e-5", AllOf((Contains("-"), Contains("5"), Contains("-5"), Contains("2e-5")))),
        ("12:30 http://a/?b=c", AllOf((Contains("12:30"), Contains("http://a/?b=c")))),
        ("this is it in a in", AllOf(tuple(Contains(word) for word in ("this", "is", "it", "in", "a", "in")))),
        ("epochs>=3", Compare("epochs", ">=", "3")),
        ("epochs => 3", Compare("epochs", ">=", "3")),
        ("epochs == 3", Compare("epochs", "=", "3")),
        ("epochs <> 3", Compare("epochs", "!=", "3")),
        ("epochs≠3", Compare("epochs", "!=", "3")),
        ("training.epochs != 3", Compare("training.epochs", "!=", "3")),
        ("loss<=\t\n3", Compare("loss", "<=", "3")),
        ('"top-5 acc" > 0.9', Compare("top-5 acc", ">", "0.9")),
        ("val_accuracy.best > 90%", Compare("val_accuracy.best", ">", "0.9")),
        ("VAL_Loss.min < 5", Compare("val_loss.min", "<", "5")),
        ("epochs:10..20", AllOf((Compare("epochs", ">=", "10"), Compare("epochs", "<=", "20")))),
        ("epochs in (3, 4)", AnyOf((Compare("epochs", "=", "3"), Compare("epochs", "=", "4")))),
        ("epochs not in (3)", Compare("epochs", "!=", "3")),
        ("optimizer.name !~ ad", Not(Compare("optimizer.name", "~", "ad"))),
        (
            "epochs in 3, 4 adam",
            AllOf((AnyOf((Compare("epochs", "=", "3"), Compare("epochs", "=", "4"))), Contains("adam"))),
        ),
        ("id in 1,2", AnyOf((Measure("id", "=", 1), Measure("id", "=", 2)))),
        ("id not in [1 2]", Not(AnyOf((Measure("id", "=", 1), Measure("id", "=", 2))))),
        ("(id in 1 , 2)", AnyOf((Measure("id", "=", 1), Measure("id", "=", 2)))),
        ("state in failed", Compare("state", "=", "failed")),
        # what other tools call things
        ("lr<0.01", Compare("learning_rate", "<", "0.01")),
        ("bs = 64", Compare("batch_size", "=", "64")),
        ("val_acc > 0.9", Compare("val_accuracy", ">", "0.9")),
        ("optimizer = adam", Compare("optimizer.name", "=", "adam")),
        ("metrics.loss < 0.3", Compare("loss", "<", "0.3", "metric")),
        ("params.lr = '0.1'", Compare("learning_rate", "=", "0.1", "param")),
        ("attributes.status = 'FINISHED'", Compare("state", "=", "finished")),
        ("status:failed", Compare("state", "=", "failed")),
        ("state:failed,lost", AnyOf((Compare("state", "=", "failed"), Compare("state", "=", "lost")))),
        ("state = crashed", AnyOf((Compare("state", "=", "failed"), Compare("state", "=", "lost")))),
        ("is:running", Compare("state", "=", "running")),
        ("state is not failed", Compare("state", "!=", "failed")),
        ("user:ada", Compare("user", "=", "ada")),
        ("-tag:x", Not(Compare("tag", "=", "x"))),
        ("tag != x", Compare("tag", "!=", "x")),
        ("label:x", Compare("tag", "=", "x")),
        ("tag: x", Compare("tag", "=", "x")),
        ("stage:1", Contains("stage:1")),  # a tag has it
        ('experiment = "my own"', Compare("experiment", "=", "my own")),
        ("project ~ own", Compare("experiment", "~", "own")),
        ("name~x", Compare("name", "~", "x")),
        ("name:x", Compare("name", "~", "x")),
        ("notes contains x", Compare("notes", "~", "x")),
        ("data = iris", Compare("dataset", "=", "iris")),
        ("id = 12", Measure("id", "=", 12)),
        ("#12", Measure("id", "=", 12)),
        ("id >= 3", Measure("id", ">=", 3)),
        # what is missing
        ("tag is missing", Missing("tag")),
        ("notes is not null", Not(Missing("notes"))),
        ("no:tag", Missing("tag")),
        ("has:notes", Not(Missing("notes"))),
        ("val_loss.best is missing", Missing("val_loss.best")),
        ("early_stopping is missing", Missing("early_stopping")),
        ("epochs = none", AnyOf((Compare("epochs", "=", "none"), Missing("epochs")))),
        # durations and times
        ("duration > 2h", Measure("duration", ">", 7200)),
        ("duration > 2 h 30 min adam", AllOf((Measure("duration", ">", 9000), Contains("adam")))),
        ("duration > 2 h 30 and epochs > 3", AllOf((Measure("duration", ">", 9000), Compare("epochs", ">", "3")))),
        ("duration < 2 min 5 or 30", AnyOf((Measure("duration", "<", 125), Contains("30")))),
        ("duration > 2h30", Measure("duration", ">", 9000)),
        ("duration > 2 days 30", AllOf((Measure("duration", ">", 2 * DAY), Contains("30")))),
        ("created > 2 h 30 ago", Measure("created", ">", NOW - 9000)),
        ("duration<=1:30:00", Measure("duration", "<=", 5400)),
        ("duration < 90", Measure("duration", "<", 90)),
        ("runtime >= 1.5 days", Measure("duration", ">=", 129_600)),
        ("duration = 2 h", AllOf((Measure("duration", ">=", 5400), Measure("duration", "<", 9000)))),
        ("created > 2026-11-01", Measure("created", ">=", at("2026-11-02"))),
        ("created >= 2026-11-01", Measure("created", ">=", at("2026-11-01"))),
        ("created <= 2026-11", Measure("created", "<", at("2026-12-01"))),
        ("created < 2026", Measure("created", "<", at("2026-01-01"))),
        (
            "created:2026-11-01",
            AllOf((Measure("created", ">=", at("2026-11-01")), Measure("created", "<", at("2026-11-02")))),
        ),
        (
            "created:2026-11-01..2026-11-03",
            AllOf((Measure("created", ">=", at("2026-11-01")), Measure("created", "<", at("2026-11-04")))),
        ),
        ("created:>2026-11-01T10:30", Measure("created", ">=", at("2026-11-01 10:31"))),
        ("created > 2026-11-01 10:30:00+02:00", Measure("created", ">=", at("2026-11-01 08:30:01"))),
        ("created > 3 days ago", Measure("created", ">", NOW - 3 * DAY)),
        ("created > 3d x", AllOf((Measure("created", ">", NOW - 3 * DAY), Contains("x")))),
        ("started since yesterday", Measure("started", ">=", at("2026-11-25"))),
        ("ended before today", Measure("ended", "<", at("2026-11-26"))),
    ],
)
def test_a_search_is_read_as_people_mean_it(text: str, expected: Filter | None) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("(a", 0, "an opening bracket without a closing one"),
        ("b (a (c)", 2, "an opening bracket without a closing one"),
        ("a)", 1, "a closing bracket without an opening one"),
        ("()", 1, "nothing to look for in the brackets"),
        ("or a", 0, "nothing to look for before or"),
        ("a or", 4, "nothing to look for after or"),
        ("(a or", 5, "nothing to look for after or, in a bracket that is not closed"),
        ("a and ", 5, "nothing to look for after and"),
        ("a not", 5, "nothing after not"),
        ("not not", 7, "nothing after not"),
        ("epochs >", 8, "a value is missing after epochs >"),
        ("epochs > or x", 9, "a value is missing after epochs >"),
        ("epochs > < 3", 9, "< stands where the value"),
        ("a tag:", 6, "a value is missing after tag:"),
        ("state is", 8, "a value is missing after state is"),
        ('say "hi', 4, "a quote that opens here is not closed"),
        ("epochs in (3, ", 10, "an opening bracket without a closing one"),
        ("a (<3)", 3, "a field is missing before <"),
        ("a acuracy > 1", 2, "no run has a field 'acuracy'; near are accuracy, val_accuracy"),
        ("statee = failed", 0, "no run has a field 'statee'; near are state"),
        ("zzz is missing", 0, "no run has a field 'zzz'; fields are name, id, state"),
        ("metrics.epochs = 3", 0, "no run has a metric 'epochs'"),
        ("state = faild", 8, r"no state is called 'faild' \(did you mean failed\?\)"),
        ("epochs > ten", 9, "epochs is a number, and 'ten' is none"),
        ("loss.best = x", 12, "loss.best is a number"),
        ("id = abc", 5, "accepted is a run's number"),
        ("duration > soon", 11, "accepted is a duration: 90 s"),
        ("created > 31.12.2026", 10, "accepted is a time: 2026-11-01"),
        ("created = 2026-02-31", 10, "accepted is a time"),
        ("tag > 3", 0, "tag cannot be compared by >"),
        ("name like x", 5, "write name ~ text"),
        ("lr =~ 0.*", 3, "~ is contains"),
        ("a:b", 0, 'text with a colon stands in quotes: "a:…"'),
        ("a " * (MAX_TERMS + 1), 2 * MAX_TERMS, f"{MAX_TERMS + 1} terms"),
        (f"seed in ({'1 ' * 900})", 0, "900 terms"),
        ("tag:" + "a," * 900, 0, "900 terms"),
        ("(" * 2_000, MAX_TERMS, "2000 terms"),
        ("x" * 2_001, MAX_LENGTH, "2,001 characters, where at most 2,000"),
        ("x" * 10**6, MAX_LENGTH, "1,000,000 characters, where at most 2,000"),
        ("not " * 90 + "a", 40, "more than 10 brackets or nots within each other"),
    ],
)
def test_a_search_that_cannot_be_read_is_refused_with_the_reason_and_the_place(
    text: str, place: int, message: str
) -> None:
    with pytest.raises(SearchError, match=message) as caught:
        read(text)

    assert caught.value.at == place
    assert caught.value.problems[0].field == "search"
    assert len(str(caught.value)) < 500


def test_the_place_is_marked_in_both_forms_of_the_message() -> None:
    with pytest.raises(SearchError) as caught:
        read("adam epochs > ten sgd")
    assert "character 15: adam epochs > ▸ten sgd" in caught.value.problems[0].message
    assert str(caught.value).splitlines()[1:] == ["  adam epochs > ten sgd", "                ^"]


def test_another_name_of_a_field_gives_way_to_a_metric_of_that_name() -> None:
    names = Names(lambda: ["training.label"], lambda: ["error"])
    assert parse_search("error < 0.1 label = 3", names) == AllOf(
        (Compare("error", "<", "0.1"), Compare("label", "=", "3"))
    )


def test_in_a_store_without_runs_no_field_is_unknown() -> None:
    assert parse_search("epochs > 3", Names(tuple, tuple)) == Compare("epochs", ">", "3")


def test_days_are_those_of_the_reader() -> None:
    tokyo = parse_search("created >= 2026-11-01", zone=ZoneInfo("Asia/Tokyo"))
    assert tokyo == Measure("created", ">=", at("2026-11-01") - 9 * 3600)


@pytest.mark.parametrize("names", [None, NAMES], ids=["any", "known"])
@given(text=SEARCHES)
@example(text="(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
@example(text="not " * MAX_DEPTH + "a")
@example(text="a or b (" * MAX_DEPTH + "x=1" + ")" * MAX_DEPTH)
@example(text=" ".join(["seed>1"] * MAX_TERMS))
@example(text=" ".join(["seed!=1"] * MAX_TERMS))
@example(text=" ".join(["seed is missing"] * MAX_TERMS))
@example(text=" ".join(["dataset!=x"] * MAX_TERMS))
@example(text="seed in (" + "1 " * MAX_TERMS + ")")
@example(text="state:" + "crashed," * MAX_TERMS)
@example(text="-tag:" + ",".join("abcdefgh" for _ in range(MAX_TERMS)))
@example(text="x" * MAX_LENGTH)
@example(text="%_" * (MAX_LENGTH // 2))
@example(text="a>" + " " * 8_000)
@example(text="a" + " " * 1_990 + ">")
@example(text="\ud800 a\0b")
@example(text="created > 99999999999 weeks ago")
@example(text="duration > 999999999999w 1")
@example(text="id = 999999999999999")
def test_whatever_is_typed_the_store_answers_or_the_search_is_refused(text: str, names: Names | None) -> None:
    try:
        found = parse_search(text, names)
    except SearchError as error:
        assert 0 <= error.at <= len(text)
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


PATTERNS = [name for name, value in vars(search_tokens).items() if isinstance(value, re.Pattern)]


@given(
    st.lists(
        st.sampled_from(
            ["a", " ", '"', "'", "(", ">", "a>", " is", ":", ",", "created>", "3 days ", " " * 500, "a" * 500]
        ),
        max_size=300,
    ).map("".join)
)
@example(" " * 8_000 + "a" + " " * 8_000 + ">" + " " * 8_000)
@example("a " * 1_000)
@example('"' * 1_999)
@example("'" * 1_999)
@example("'a " * 600)
@example("created>" * 200)
@example("a is " * 400)
@example("a" * 2_000)
def test_a_search_is_read_in_steps_that_grow_with_its_length_only(text: str) -> None:
    taken: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in PATTERNS:
            patch.setattr(search_tokens, name, _Looks(getattr(search_tokens, name), taken))
        with contextlib.suppress(SearchError):
            parse_search(text, NAMES)
    assert sum(taken) < 20 * (len(text) + 1)


def test_hundreds_of_tags_are_looked_for_in_one_statement(context: Context, add_run: AddRun) -> None:
    run_id = add_run(tags=[f"tag {number}" for number in range(400)])
    plain = add_run()
    page = runs.listing(context, RunQuery(), " ".join(["tag~tag"] * 90))
    assert [run.id for run in page.runs] == [run_id]
    assert {run.id for run in runs.listing(context, RunQuery(), "not tag~TAG").runs} == {plain}
