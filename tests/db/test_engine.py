import math
import sqlite3
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import db.runs
from core import runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.tracking.downsampling import downsample
from core.tracking.recorder import Recorder
from db.engine import MIGRATIONS, DatabaseError, SchemaTooNewError, open_database
from db.listing import RunQuery
from db.models import Base, Run
from db.records import Series
from tests.processes import together


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


def test_the_migrations_make_exactly_the_tables_that_the_models_describe(url: str) -> None:
    database = open_database(url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []
    database.dispose()


def test_a_store_of_the_first_schema_is_brought_up_to_date_with_what_it_holds(
    file: Path, url: str, settings: Settings
) -> None:
    engine = sa.create_engine(url)
    _upgrade(engine, "0001_first_schema")
    steps = range(3000)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO experiments VALUES (1, 'old', 5.0)")
        connection.exec_driver_sql("INSERT INTO metrics VALUES (1, 'loss', 'min')")
        known = {column["name"] for column in sa.inspect(connection).get_columns("runs")}
        columns = {each.name: "''" for each in Run.__table__.columns if not each.nullable and each.name in known}
        columns |= {"id": "7", "experiment_id": "1", "name": "'kept'", "state": "'finished'", "created_at": "5.0"}
        columns |= {"attempt": "1", "queued_at": "5.0", "config": "'{}'", "facts": "'{}'", "slots": "'[]'"}
        connection.exec_driver_sql(f"INSERT INTO runs ({', '.join(columns)}) VALUES ({', '.join(columns.values())})")
        connection.exec_driver_sql("INSERT INTO summaries VALUES (7, 1, 0.1, 0.1, 0.1, 9.9, 2999, 2999, 3000, '[9.9]')")
        connection.exec_driver_sql(
            "INSERT INTO metric_points VALUES (7, 1, ?, ?, ?)", [(step, math.cos(step), 5.0) for step in steps]
        )
    engine.dispose()

    workspace = Workspace(settings, open_database(url))
    context = Context.of_shell(workspace)
    recorder = Recorder(workspace, 7)
    recorder.log_series("loss", range(3000, 4001), np.cos(np.arange(3000, 4001)), np.full(1001, 5.0))
    found = runs.histories(context, [7], ["loss"])[7, "loss"]
    recorder.flush()

    assert [run.name for run in runs.listing(context, RunQuery(sort="metric:loss.min"), "loss < 1").runs] == ["kept"]
    whole = Series(np.arange(3000), np.cos(np.arange(3000)), np.full(3000, 5.0))
    np.testing.assert_array_equal(found.value, downsample(whole).value)
    whole = runs.history(context, 7, "loss")
    np.testing.assert_array_equal(runs.histories(context, [7], ["loss"])[7, "loss"].step, downsample(whole).step)
    assert runs.summaries(context, [7])[7]["loss"].count == len(whole) == 4001
    workspace.close()


def test_a_log_that_a_long_look_made_grow_is_cut_again(file: Path, url: str) -> None:
    database = open_database(url)
    log = file.with_name(f"{file.name}-wal")
    with database.write() as session:
        session.execute(sa.text("CREATE TABLE large (data BLOB)"))
    with database.read() as reader:
        reader.execute(sa.text("SELECT count(*) FROM large")).all()
        for size in (60_000_000, 1):
            with database.write() as session:
                session.execute(sa.text(f"INSERT INTO large VALUES (zeroblob({size}))"))
        assert log.stat().st_size > 60_000_000
    for _ in range(2):  # the first moves the log into the file, the second begins it anew
        with database.write() as session:
            session.execute(sa.text("INSERT INTO large VALUES (x'00')"))
    assert log.stat().st_size <= 32_000_000
    database.dispose()


def _upgrade(engine: sa.Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_a_store_opened_again_keeps_what_it_holds(url: str) -> None:
    for _ in range(2):
        database = open_database(url)
        with database.write() as session:
            number = db.runs.experiment_id(session, "kept")
        database.dispose()

    assert number == 1


def test_a_schema_newer_than_the_code_is_refused_and_left_untouched(file: Path, url: str) -> None:
    open_database(url).dispose()
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
        connection.execute("DROP TABLE artifacts")
    connection.close()
    before = _content(file)

    with pytest.raises(SchemaTooNewError, match="9999_from_the_future"):
        open_database(url)

    assert _content(file) == before


def test_a_file_that_is_no_database_is_refused_and_left_untouched(file: Path, url: str) -> None:
    file.write_bytes(b"a letter to grandmother\n" * 100)

    with pytest.raises(DatabaseError, match="not a database"):
        open_database(url)

    assert file.read_bytes() == b"a letter to grandmother\n" * 100


def test_a_database_of_another_program_is_refused_and_left_untouched(file: Path, url: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE runs (id TEXT)")
        connection.execute("INSERT INTO runs VALUES ('theirs')")
    connection.close()

    with pytest.raises(DatabaseError, match="table runs already exists"):
        open_database(url)

    assert _content(file) == ["CREATE TABLE runs (id TEXT);", "INSERT INTO \"runs\" VALUES('theirs');"]


@pytest.mark.parametrize("url", ["not a url", "nosuchdatabase://host/name", "sqlite:////no/such/folder/store.db"])
def test_a_url_that_leads_nowhere_is_a_database_error(url: str) -> None:
    with pytest.raises(DatabaseError):
        open_database(url)


def test_writing_to_a_store_opened_read_only_is_a_database_error_and_reading_works(file: Path, url: str) -> None:
    watchdog = open_database(url)
    with watchdog.write() as session:
        db.runs.experiment_id(session, "kept")
    database = open_database(f"sqlite:///file:{file}?mode=ro&uri=true")

    with database.read() as session:
        assert session.scalar(sa.text("SELECT name FROM experiments")) == "kept"
    with pytest.raises(DatabaseError, match="readonly"), database.write() as session:
        db.runs.experiment_id(session, "another")
    database.dispose()
    watchdog.dispose()


def test_a_full_disk_is_a_database_error_and_what_was_stored_stays(url: str) -> None:
    database = open_database(url)
    with database.write() as session:
        db.runs.experiment_id(session, "kept")
        pages = session.scalar(sa.text("PRAGMA page_count"))

    with pytest.raises(DatabaseError, match="full"), database.write() as session:
        session.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
        for number in range(1000):
            db.runs.experiment_id(session, f"{number}" * 1000)

    with database.read() as session:
        assert session.scalars(sa.text("SELECT name FROM experiments")).all() == ["kept"]
    database.dispose()


def test_an_exception_in_a_write_takes_everything_back(url: str) -> None:
    database = open_database(url)

    with pytest.raises(RuntimeError), database.write() as session:
        db.runs.experiment_id(session, "never")
        raise RuntimeError

    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM experiments")) == 0
    database.dispose()


def test_a_view_does_not_change_while_somebody_writes(url: str) -> None:
    database = open_database(url)
    count = sa.text("SELECT count(*) FROM experiments")

    with database.read() as reader:
        assert reader.scalar(count) == 0
        with database.write() as writer:
            db.runs.experiment_id(writer, "new")
        assert reader.scalar(count) == 0

    with database.read() as reader:
        assert reader.scalar(count) == 1
    database.dispose()


def test_several_processes_can_open_a_new_store_at_the_same_moment(url: str) -> None:
    together(_open_and_add, [(url, number) for number in range(4)])

    database = open_database(url)
    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM experiments")) == 4
    database.dispose()


def _open_and_add(url: str, number: int) -> None:
    database = open_database(url)
    with database.write() as session:
        db.runs.experiment_id(session, f"of process {number}")
    database.dispose()


def _content(file: Path) -> list[str]:
    connection = sqlite3.connect(file)
    lines = [line for line in connection.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")]
    connection.close()
    return lines
