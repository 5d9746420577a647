"""Workspaces that cannot be used: what people read, and that nothing is lost."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import runs
from core.common.context import Context
from core.common.errors import StoreError
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.config.edit import Raw
from core.runs import Draft
from db.listing import RunQuery
from tests.conftest import AddRun, Python


def refused(settings: Settings) -> str:
    with pytest.raises(StoreError) as caught:
        Workspace.open(settings)
    return str(caught.value)


def test_a_new_workspace_has_its_folders_and_an_empty_store(workspace: Workspace, context: Context) -> None:
    settings = workspace.settings

    assert settings.runs_dir.is_dir()
    assert settings.datasets_dir.is_dir()
    assert runs.active(context) == []


def test_a_home_below_a_file_cannot_be_made_and_the_message_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    message = refused(Settings(home=tmp_path / "file" / "home"))

    assert "cannot be written (Not a directory)" in message
    assert "Set TRAINDECK_HOME" in message


def test_a_home_on_a_file_system_that_takes_no_files_is_refused() -> None:
    message = refused(Settings(home=Path("/proc/traindeck")))

    assert "/proc/traindeck cannot be written" in message


def test_a_database_newer_than_the_code_is_refused_and_says_that_nothing_was_changed(settings: Settings) -> None:
    Workspace.open(settings).close()
    connection = sqlite3.connect(settings.home / "traindeck.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999_later'")
    connection.commit()
    connection.close()

    message = refused(settings)

    assert "newer version of Traindeck (schema 9999_later)" in message
    assert "nothing was changed" in message


def test_a_file_that_is_no_database_is_named(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    (settings.home / "traindeck.db").write_text("no database at all" * 100)

    message = refused(settings)

    assert str(settings.home / "traindeck.db") in message
    assert "broken or not a database" in message


def test_a_database_broken_while_in_use_is_told_as_such(workspace: Workspace, add_run: AddRun) -> None:
    run_id = add_run()
    workspace.compact()
    workspace.close()
    file = workspace.settings.home / "traindeck.db"
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)  # all but the first page
    file.write_bytes(content)
    opened = Workspace(workspace.settings, workspace.database)

    with pytest.raises(StoreError, match="broken or not a database"):
        runs.get(Context.of_shell(opened), run_id)


def test_a_server_out_of_reach_is_told_without_the_password(settings: Settings) -> None:
    url = "postgresql+psycopg://ada:secret@127.0.0.1:1/traindeck"

    message = refused(settings.model_copy(update={"db_url": url}))

    assert "ada:***@127.0.0.1" in message
    assert "secret" not in message


def test_a_store_that_is_read_only_can_be_looked_at_and_refuses_changes(
    workspace: Workspace, add_run: AddRun, raw_config: Raw
) -> None:
    run_id = add_run(name="kept")
    url = f"sqlite:///file:{workspace.settings.database_file}?mode=ro&uri=true"
    visitor = Workspace.open(workspace.settings.model_copy(update={"db_url": url}))

    acting = Context.of_shell(visitor)
    assert runs.get(acting, run_id).name == "kept"
    with pytest.raises(StoreError, match=r"is read-only .* Give this user write permission"):
        runs.create(acting, Draft(raw_config))
    visitor.close()


def test_a_full_disk_is_told_and_what_was_stored_stays(
    workspace: Workspace, context: Context, add_run: AddRun, raw_config: Raw
) -> None:
    run_id = add_run(name="kept")

    def fill(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    workspace.close()  # connections are made anew, with a limit
    sa.event.listen(workspace.database.engine, "connect", fill)

    with pytest.raises(StoreError, match="the disk is full"):
        runs.create(context, Draft(raw_config, notes="n" * 100_000))

    assert [run.id for run in runs.listing(context, RunQuery()).runs] == [run_id]


def test_a_process_whose_files_may_not_grow_is_told_and_what_was_stored_stays(
    context: Context, add_run: AddRun, python: Python
) -> None:
    run_id = add_run(name="kept")
    limited = """if True:
        import resource, sys
        from core import runs
        from core.common.context import Context
        from core.common.settings import Settings
        from core.common.workspace import Workspace
        workspace = Workspace.open(Settings())
        limit = workspace.settings.database_file.with_name("traindeck.db-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            runs.annotate(Context.of_shell(workspace), int(sys.argv[1]), notes="n" * 90_000)
        except Exception as error:
            print(type(error).__name__, error)
    """

    told = python(limited, run_id)

    assert told.stdout.startswith("StoreFullError The database"), told.stderr
    assert runs.get(context, run_id).notes == ""


def test_a_new_workspace_is_for_its_user_alone_and_one_that_is_there_stays_as_it_is(
    settings: Settings, tmp_path: Path, python: Python
) -> None:
    code = """if True:
        import pathlib, sys
        from core.common.settings import Settings
        from core.common.workspace import Workspace, keep_private
        settings = Settings(home=sys.argv[1])
        keep_private(settings)
        Workspace.open(settings).close()
        (settings.home / "new").write_text("")
        print(*(oct(path.stat().st_mode)[-3:] for path in (settings.home, settings.home / "new", settings.runs_dir)))
    """
    home = tmp_path / "deep" / "home"
    assert python(code, home).stdout.split() == ["700", "600", "700"]
    for mode, expected in ((0o755, ["755", "600"]), (0o770, ["770", "660"])):
        home = tmp_path / oct(mode)
        home.mkdir()
        home.chmod(mode)
        assert python(code, home).stdout.split()[:2] == expected
