import math
from typing import Any

import pytest
import sqlalchemy as sa

from core import runs
from core.common.context import Context
from core.common.errors import ConfigError
from core.common.workspace import Workspace
from db.filters import Compare
from db.listing import RunQuery
from db.models import BY_METRIC
from db.records import RunState
from tests.conftest import AddRun
from tests.postgres import only_sqlite


def config(**params: Any) -> dict[str, Any]:
    return {"training": params}


@pytest.fixture
def three(add_run: AddRun) -> dict[str, int]:
    """low, high and bare; the last has no metric, no param and no end."""
    return {
        "low": add_run(
            name="b-low", experiment="alpha", preset="p1", created_by="ada", created_at=10.0, starting_at=100.0,
            trained_seconds=10.0, finished_at=110.0, state=RunState.FAILED, tags=["slow"], notes="first try",
            metrics={"loss": [0.9, 0.1, 0.5]}, config=config(epochs=9, optimizer={"name": "adam"}, rate=0.1),
        ),
        "high": add_run(
            name="c-high", experiment="beta", preset="p2", created_by="bob", created_at=20.0, starting_at=200.0,
            trained_seconds=90.0, finished_at=290.0, tags=["fast", "keep"], notes="Zweiter Über-Versuch",
            metrics={"loss": [1.9, 0.3, math.nan, 0.6]}, config=config(epochs=10, optimizer={"name": "sgd"}, rate=0.01),
        ),
        "bare": add_run(
            name="a-bare", experiment="gamma", created_by="cy", created_at=30.0, starting_at=None, finished_at=None,
            state=RunState.QUEUED, config=config(),
        ),
    }  # fmt: skip


def listed(context: Context, three: dict[str, int], search: str = "", **query: Any) -> list[str]:
    names = {run_id: name for name, run_id in three.items()}
    return [names[run.id] for run in runs.listing(context, RunQuery(**query), search).runs]


@pytest.mark.parametrize(
    ("sort", "rising", "falling"),
    [
        ("id", "low high bare", "bare high low"),
        ("name", "bare low high", "high low bare"),
        ("state", "low high bare", "bare high low"),
        ("preset", "bare low high", "high low bare"),
        ("created_by", "low high bare", "bare high low"),
        ("created_at", "low high bare", "bare high low"),
        ("starting_at", "low high bare", "high low bare"),
        ("finished_at", "low high bare", "high low bare"),
        ("experiment", "low high bare", "bare high low"),
        ("dataset", "low high bare", "bare high low"),
        ("duration", "low high bare", "high low bare"),
        ("param:training.epochs", "low high bare", "high low bare"),
        ("param:training.optimizer.name", "low high bare", "high low bare"),
        ("param:unknown", "low high bare", "bare high low"),
        ("metric:loss", "low high bare", "high low bare"),
        ("metric:loss.last", "low high bare", "high low bare"),
        ("metric:loss.best", "low high bare", "high low bare"),
        ("metric:loss.min", "low high bare", "high low bare"),
        ("metric:loss.max", "low high bare", "high low bare"),
        ("metric:unknown", "low high bare", "bare high low"),
    ],
)
def test_runs_are_sorted_either_way_and_those_without_the_value_come_last(
    context: Context, three: dict[str, int], sort: str, rising: str, falling: str
) -> None:
    assert listed(context, three, sort=sort, descending=False) == rising.split()
    assert listed(context, three, sort=sort, descending=True) == falling.split()


def test_a_sort_that_is_not_known_is_refused_with_those_that_are(context: Context) -> None:
    with pytest.raises(ValueError, match="Cannot sort runs by 'colour'"):
        runs.listing(context, RunQuery(sort="colour"))


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", "low high bare"),
        ("LOW", "low"),
        ("first", "low"),
        ("p2", "high"),
        ("adam", "low"),
        ("keep", "high"),
        ("über-versuch", "high"),
        ("ÜBER", "high"),
        ('"first try"', "low"),
        ("first sgd", ""),
        ("first or sgd", "low high"),
        ("not first", "high bare"),
        ("not (first or sgd)", "bare"),
        ("(adam or sgd) not keep", "low"),
        ("epochs = 9", "low"),
        ("epochs>9", "high"),
        ("epochs >= 9", "low high"),
        ("epochs != 9", "high bare"),
        ("epochs != 9 epochs is not missing", "high"),
        ("training.epochs<10", "low"),
        ("not epochs = 9", "high bare"),
        ("optimizer.name = ADAM", "low"),
        ("optimizer ~ da", "low"),
        ("name ~ HIGH", "high"),
        ("name = c-high", "high"),
        ("name != c-high", "low bare"),
        ("notes ~ ÜBER", "high"),
        ("notes = 'ZWEITER über-versuch'", "high"),
        ("notes ~ 'first try' or name ~ bare", "low bare"),
        ("notes is missing", "bare"),
        ("notes = ''", "bare"),
        ("-notes:first", "high bare"),
        ("preset != p1", "high bare"),
        ("preset is missing", "bare"),
        ("rate <= 1e-2", "high"),
        ("loss > 0.55", "high"),
        ("loss.best < 0.2", "low"),
        ("loss.max >= 1.9", "high"),
        ("state = failed", "low"),
        ("state != failed", "high bare"),
        ("experiment ~ AMM", "bare"),
        ("experiment = beta or tag = slow", "low high"),
        ("tag != slow", "high bare"),
        ("tag !~ s", "bare"),
        ("tag is missing", "bare"),
        ("has:tag", "low high"),
        ("-tag:fast", "low bare"),
        ("tag in (slow, keep)", "low high"),
        ("experiment != beta", "low bare"),
        ("user != cy", "low high"),
        ("loss != 0.6", "low bare"),
        ("loss is missing", "bare"),
        ("rate is missing", "bare"),
        ("optimizer is not missing", "low high"),
        ("duration > 30s", "high"),
        ("duration <= 10s", "low"),
        ("duration is missing", "bare"),
        ("not duration > 30s", "low bare"),
        ("duration != 10s", "high bare"),
        ("duration = 1m", ""),
        ("created > 1970-01-01", ""),
        ("created < 1970-01-02", "low high bare"),
        ("started is missing", "bare"),
        ("not ended > 1970-01-02", "low high bare"),
        ("parent is missing", "low high bare"),
        ("status:failed,queued", "low bare"),
        ("state = active", "bare"),
        ("user=cy", "bare"),
        ("preset ~ p", "low high"),
        ("100%", ""),
        ("_", ""),
        ("%", ""),
        ("name = x'; DROP TABLE runs; --", ""),
        ("epochs = 99999999999999999999999", ""),
        ("loss = nan", ""),
        ("loss != nan", "low high"),
    ],
)
def test_a_search_finds(context: Context, three: dict[str, int], search: str, found: str) -> None:
    assert listed(context, three, search, sort="id", descending=False) == found.split()


def test_wildcards_of_the_database_are_plain_characters(context: Context, add_run: AddRun) -> None:
    percent, underscore, backslash = (
        add_run(name="100 % sure"),
        add_run(name="under_score"),
        add_run(name="back\\slash"),
    )
    add_run(name="plain")

    for text, run_id in (("%", percent), ("_", underscore), ("\\", backslash), ("r_s", underscore)):
        assert [run.id for run in runs.listing(context, RunQuery(), text).runs] == [run_id]


def test_a_run_is_found_by_the_data_set_that_it_learned_from(context: Context, add_run: AddRun) -> None:
    shipped = add_run(config={"data": {"source": "iris"}})
    added = add_run(config={"data": {"source": "table", "dataset": "churn"}})
    bare = add_run(config={"training": {"epochs": 3}})

    def found(search: str) -> list[int]:
        return sorted(run.id for run in runs.listing(context, RunQuery(), search).runs)

    assert found("dataset = iris") == found("data:IRIS") == [shipped]
    assert found("dataset ~ urn") == found("dataset = churn") == [added]
    assert found("dataset = table") == []
    assert found("data.source = table") == [added]
    assert found("dataset != iris") == [added, bare]
    assert found("dataset is missing") == [bare]
    assert [run.id for run in runs.listing(context, RunQuery(sort="dataset")).runs] == [shipped, added, bare]


def test_a_search_and_a_filter_narrow_together(context: Context, three: dict[str, int]) -> None:
    assert listed(context, three, "loss > 0", filter=Compare("state", "=", "failed")) == ["low"]


def test_what_is_not_a_number_can_be_looked_for(context: Context, add_run: AddRun) -> None:
    broken = add_run(metrics={"loss": [1.0, math.nan]})
    add_run(metrics={"loss": [1.0, 0.5]})

    assert [run.id for run in runs.listing(context, RunQuery(), "loss = nan").runs] == [broken]


def test_filters_narrow_together_and_each_accepts_several(context: Context, three: dict[str, int]) -> None:
    assert listed(context, three, states=(RunState.FAILED, RunState.QUEUED)) == ["bare", "low"]
    assert listed(context, three, experiments=("alpha", "beta")) == ["high", "low"]
    assert listed(context, three, tags=("slow", "fast")) == ["high", "low"]
    assert listed(context, three, tags=("slow", "fast"), states=(RunState.FINISHED,)) == ["high"]
    assert listed(context, three, experiments=("nowhere",)) == []


def test_a_change_of_name_notes_or_tags_is_found_at_once(
    workspace: Workspace, context: Context, three: dict[str, int]
) -> None:
    runs.annotate(context, three["bare"], name="renamed", notes="annotated", tags=["marked"])

    for text in ("renamed", "annotated", "marked"):
        assert listed(context, three, text) == ["bare"]
    assert listed(context, three, "a-bare") == []


def test_pages_hold_every_run_once_and_tell_how_many_there_are(context: Context, add_run: AddRun) -> None:
    ids = [add_run(created_at=5.0) for _ in range(7)]

    pages = [runs.listing(context, RunQuery(offset=offset, limit=3)) for offset in (0, 3, 6, 9)]

    assert [page.total for page in pages] == [7] * 4
    assert [len(page.runs) for page in pages] == [3, 3, 1, 0]
    assert [run.id for page in pages for run in page.runs] == ids[::-1]


def test_the_trash_is_a_list_of_its_own(context: Context, add_run: AddRun) -> None:
    kept, trashed = add_run(), add_run(trashed_at=1.0)

    assert [run.id for run in runs.listing(context, RunQuery()).runs] == [kept]
    assert [run.id for run in runs.listing(context, RunQuery(trashed=True)).runs] == [trashed]
    assert runs.matching_ids(context, RunQuery()) == [kept]


def test_a_search_with_a_lost_bracket_says_so(context: Context) -> None:
    with pytest.raises(ConfigError, match="opening bracket"):
        runs.listing(context, RunQuery(), "(adam")


SORTS = [
    *("id", "name", "state", "preset", "created_by", "created_at", "starting_at", "finished_at", "experiment"),
    *("duration", "param:training.epochs", *(f"metric:loss.{kind}" for kind in ("last", "best", "min", "max"))),
]
SEARCHES = [
    *("", "adam", "not adam", "epochs > 3", "optimizer ~ ad", "state = finished", "preset ~ p", "user = ada"),
    *("epochs != 3", "epochs is missing", "loss != 0.3", "loss is missing", "tag != slow", "tag is missing"),
    *("dataset = digits", "dataset != digits", "dataset is missing", "created > 2026-11-01", "duration != 2h"),
    *("experiment ~ alp", "tag = slow", "tag ~ s", *(f"loss.{kind} < 0.3" for kind in ("last", "best", "min", "max"))),
]


def plans_of(context: Context, query: RunQuery, search: str) -> list[str]:
    """How SQLite goes about every statement of a list."""
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            raw = connection.connection.driver_connection
            plans.extend(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    engine = context.workspace.database.engine
    sa.event.listen(engine, "before_cursor_execute", explain)
    runs.listing(context, query, search)
    sa.event.remove(engine, "before_cursor_execute", explain)
    return plans


@only_sqlite
@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "narrowed",
    [
        {},
        {"states": (RunState.FINISHED, RunState.FAILED), "experiments": ("alpha", "beta"), "tags": ("slow",)},
    ],
    ids=["all", "narrowed"],
)
@pytest.mark.parametrize(
    ("sort", "search"), [*((sort, "") for sort in SORTS), *(("metric:loss.best", search) for search in SEARCHES)]
)
def test_every_list_is_found_by_an_index(context: Context, sort: str, search: str, narrowed: dict[str, Any]) -> None:
    plans = plans_of(context, RunQuery(sort=sort, **narrowed), search)

    tables = ("runs", "summaries", "run_params", "run_tags", "metric_points", "curves")
    scans = [plan for plan in plans if plan.split()[0] == "SCAN" and plan.split()[1] in tables]
    assert [plan for plan in scans if plan != "SCAN run_tags USING COVERING INDEX ix_run_tags_tag"] == []
    if narrowed and not search.startswith("created"):  # which has an index of its own
        assert any("INDEX ix_runs_trashed_at_state_experiment_id" in plan for plan in plans)
    if sort.startswith("metric:"):
        summaries = [plan for plan in plans if plan.startswith("SEARCH summaries") and "LEFT-JOIN" in plan]
        assert summaries == [f"SEARCH summaries USING COVERING INDEX {BY_METRIC} (metric_id=? AND run_id=?) LEFT-JOIN"]
    if search.startswith("loss."):
        assert f"SEARCH summaries USING COVERING INDEX {BY_METRIC} (metric_id=?)" in plans
