"""What is different on a server: several write at once, connections get lost, values that it does not take."""

import math
import time

import numpy as np
import psycopg
import pytest
import sqlalchemy as sa

import db.hosts
import db.jobs
import db.metrics
import db.runs
import db.tags
from core import runs
from core.common.context import Context
from core.common.errors import StoreError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.runs import Draft
from core.tracking.recorder import Recorder
from db.engine import open_database
from db.listing import RunQuery
from db.models import Artifact, Experiment, Metric
from db.records import ArtifactRecord, HostRecord
from tests.conftest import AddRun
from tests.postgres import Postgres, only_postgres
from tests.processes import together

NAMES = tuple(f"metric {number}" for number in range(40))


def test_what_several_make_at_once_is_made_once(workspace: Workspace, add_run: AddRun) -> None:
    run_id = add_run()

    together(_make, [(workspace.settings, run_id, number) for number in range(4)])

    with workspace.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Experiment)) == 21  # and the one of the run
        assert session.scalar(sa.select(sa.func.count()).select_from(Metric)) == len(NAMES)
        assert session.scalar(sa.select(sa.func.count()).select_from(Artifact)) == 20
        assert db.tags.of_runs(session, [run_id]) == {run_id: sorted(f"tag {number}" for number in range(20))}
        assert len(db.hosts.all_hosts(session)) == 1
        assert len(db.jobs.unfinished(session)) == 20


def _make(settings: Settings, run_id: int, number: int) -> None:
    workspace = Workspace.open(settings)
    for turn in range(20):
        with workspace.write() as session:
            db.runs.experiment_id(session, f"experiment {turn}")
            db.tags.add(session, [run_id], [f"tag {turn}"])
            db.hosts.put(session, HostRecord("host", number, 1.0, time.time()))
            db.jobs.put(session, f"question {turn}", "small", {"a": turn})
            db.runs.put_artifact(session, ArtifactRecord(run_id, "a", "file", f"{turn}/a", 1, time.time()))
        with workspace.write() as session:  # in another order each
            wanted = NAMES[turn:] + NAMES[:turn] if number % 2 else NAMES[::-1]
            assert len(db.metrics.metric_ids(session, dict.fromkeys(wanted, "min"))) == len(NAMES)
    workspace.close()


def test_runs_are_made_while_empty_experiments_are_removed(
    workspace: Workspace, context: Context, raw_config: Raw
) -> None:
    together(_make_and_delete, [(workspace.settings, raw_config, number) for number in range(4)])

    assert runs.listing(context, RunQuery()).total == 0


def _make_and_delete(settings: Settings, raw: Raw, number: int) -> None:
    workspace = Workspace.open(settings)
    context = Context.of_shell(workspace)
    for _ in range(10):
        made = runs.create(context, Draft(raw, experiment="shared"))
        runs.stop(context, made)
        runs.trash(context, made)
        if number % 2:
            runs.empty_trash(context)
    runs.empty_trash(context)
    workspace.close()


def test_a_number_that_no_key_can_have_is_no_run(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    run_id = add_run()

    assert [run.id for run in runs.get_many(context, [2**40, run_id, 2**63, -1, 2**31])] == [run_id]
    with workspace.read() as session:
        assert db.runs.find_ids(session, "999999999999999") == []


def test_config_and_facts_keep_what_json_has_no_word_for(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    odd = {"nan": math.nan, "list": [1, math.inf, {"low": -math.inf}], "nul": "a\0b", "plain": {"x": 1.5}}
    run_id = add_run(config=odd)

    found = runs.get(context, run_id).config

    assert math.isnan(found.pop("nan"))
    assert found == {name: value for name, value in odd.items() if name != "nan"}
    assert runs.matching_ids(context, RunQuery(), "plain.x > 1") == [run_id]


@only_postgres
def test_a_character_that_no_text_can_have_does_no_harm(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run(name="with\0", tags=["t\0"])

    assert runs.get(context, run_id).name == "with\ufffd"
    assert runs.matching_ids(context, RunQuery(tags=("t\0",))) == [run_id]


@only_postgres
def test_recording_goes_on_after_the_server_was_away(
    workspace: Workspace, context: Context, add_run: AddRun, postgres: Postgres
) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    recorder.log({"loss": 1.0}, 1)
    recorder.flush()
    recorder.log({"loss": 0.5}, 2)
    postgres.end()
    try:
        with pytest.raises(StoreError, match=r"out of reach: .*what waits to be stored is kept") as caught:
            recorder.flush()
        assert "\n" not in str(caught.value)
    finally:
        postgres.serve()
    recorder.flush()
    assert runs.history(context, run_id, "loss").value.tolist() == [1.0, 0.5]


@only_postgres
def test_a_connection_that_breaks_within_a_write_is_a_store_error_and_nothing_is_stored(
    workspace: Workspace, context: Context, add_run: AddRun, postgres: Postgres
) -> None:
    run_id = add_run(name="kept")
    with pytest.raises(StoreError, match="out of reach"), workspace.write() as session:
        db.runs.update(session, run_id, name="never")
        pid = session.scalar(sa.text("SELECT pg_backend_pid()"))
        postgres.execute(f"SELECT pg_terminate_backend({pid})")
        db.runs.update(session, run_id, notes="never")
    assert runs.get(context, run_id).name == "kept"


@only_postgres
def test_who_may_not_write_is_told_so(workspace: Workspace, add_run: AddRun, postgres: Postgres) -> None:
    run_id = add_run(name="kept")
    url = sa.make_url(workspace.settings.database_url)
    assert url.database is not None
    reader = f"reader_of_{url.database}"
    postgres.execute(f"CREATE ROLE {reader} LOGIN", url.database)
    postgres.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}", url.database)
    asked = url.set(username=reader).render_as_string(hide_password=False)
    visitor = Workspace.open(workspace.settings.model_copy(update={"db_url": asked}))
    try:
        assert runs.get(Context.of_shell(visitor), run_id).name == "kept"
        with pytest.raises(StoreError, match=r"is read-only .* Give this user write permission"):
            runs.annotate(Context.of_shell(visitor), run_id, notes="never")
    finally:
        visitor.close()
        postgres.execute(f"DROP OWNED BY {reader}", url.database)
        postgres.execute(f"DROP ROLE {reader}")


@only_postgres
@pytest.mark.parametrize("change", [{"database": "no_such"}, {"port": 1}, {"query": {"password": "s3cret"}, "port": 1}])
def test_a_database_out_of_reach_is_told_without_passwords(settings: Settings, change: dict[str, object]) -> None:
    assert settings.db_url is not None
    url = sa.make_url(settings.db_url).set(password="s3cret").set(**change)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="out of reach") as caught:
        Workspace.open(settings.model_copy(update={"db_url": url.render_as_string(hide_password=False)}))
    assert "s3cret" not in str(caught.value)
    assert "***" in str(caught.value)


def test_several_processes_can_make_the_tables_at_the_same_moment(postgres: Postgres) -> None:
    postgres.execute("CREATE DATABASE empty")
    try:
        together(_open, [(postgres.url("empty"),)] * 4)
    finally:
        postgres.execute("DROP DATABASE empty WITH (FORCE)")


def _open(url: str) -> None:
    database = open_database(url)
    with database.read() as session:
        assert db.runs.experiments(session) == {}
    database.dispose()


@only_postgres
def test_any_sql_tool_finds_the_points_with_null_for_nan(
    workspace: Workspace, context: Context, add_run: AddRun
) -> None:
    run_id = add_run()
    recorder = Recorder(workspace, run_id)
    recorder.log_series("loss", [-(2**63), 0, 2**63 - 1], [math.nan, math.inf, -0.0], [1.5, 2.5, 3.5])
    recorder.flush()

    url = sa.make_url(workspace.settings.database_url).set(drivername="postgresql").render_as_string()
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT step, sequence, value, wall_time FROM metric_points ORDER BY step").fetchall()

    assert rows == [(-(2**63), 0, None, 1.5), (0, 0, math.inf, 2.5), (2**63 - 1, 0, 0.0, 3.5)]
    np.testing.assert_array_equal(runs.history(context, run_id, "loss").value, [math.nan, math.inf, -0.0])


@only_postgres
def test_an_emptied_trash_gives_space_back(workspace: Workspace, context: Context, add_run: AddRun) -> None:
    add_run()
    doomed = add_run(metrics={"loss": list(np.linspace(1, 0, 50_000))})
    runs.trash(context, [doomed])

    emptied = runs.empty_trash(context)

    assert emptied.count == 1
    assert emptied.freed > 1_000_000
