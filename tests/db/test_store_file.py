"""A database that is deleted, replaced, overwritten or cut short under those who have it open, or loses its log."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import db.engine
import db.health
import db.runs
from db import file_watch
from db.changes import Changes
from db.engine import Database, FaultError, open_database
from db.file_watch import Fault
from db.presence import Presence
from db.store_file import RESCUED, StoreFile
from db.urls import sqlite_url

Break = Callable[[Path, Path], None]  # the file, and another store's


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def pair(file: Path) -> Iterator[tuple[Database, Database]]:
    """One store, opened twice, as by two processes."""
    both = open_database(sqlite_url(file)), open_database(sqlite_url(file))
    yield both
    for database in both:
        database.dispose()


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Another store, whole and at rest."""
    folder = tmp_path / "other"
    folder.mkdir()
    database = open_database(sqlite_url(folder / "store.db"))
    put(database, "other's")
    database.dispose()
    return folder / "store.db"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that looks short is taken to be so at the second look, however soon that comes."""
    monkeypatch.setattr(file_watch, "_LASTS", 0.0)


def put(database: Database, name: str) -> None:
    with database.write() as session:
        db.runs.experiment_id(session, name)


def names(database: Database) -> list[str]:
    with database.read() as session:
        return sorted(session.scalars(sa.text("SELECT name FROM experiments")))


def copied(file: Path) -> Path:
    """A backup, as SQLite makes it."""
    target = file.with_name("backup.db")
    connection = sqlite3.connect(file)
    connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()
    return target


def delete(file: Path, _other: Path) -> None:
    file.unlink()


def delete_all(file: Path, _other: Path) -> None:
    for path in (file, *_logs(file)):
        path.unlink()


def replace(file: Path, other: Path) -> None:
    other.rename(file)


def overwrite(file: Path, _other: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(os.urandom(8192))


def overwrite_with_a_database(file: Path, other: Path) -> None:
    shutil.copyfile(other, file)


def empty(file: Path, _other: Path) -> None:
    os.truncate(file, 0)


def halve(file: Path, _other: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _logs(file: Path) -> list[Path]:
    return [file.with_name(f"{file.name}-{end}") for end in ("wal", "shm")]


BREAKS: list[tuple[Break, Fault]] = [
    (delete, Fault.GONE),
    (delete_all, Fault.GONE),
    (replace, Fault.REPLACED),
    (overwrite, Fault.OVERWRITTEN),
    (overwrite_with_a_database, Fault.OVERWRITTEN),
    (empty, Fault.TRUNCATED),
    (halve, Fault.TRUNCATED),
]


@pytest.mark.parametrize(("broken", "fault"), BREAKS, ids=[each.__name__ for each, _ in BREAKS])
def test_it_is_noticed_by_all_that_have_it_open_and_all_go_on_with_a_copy_that_is_put_in_its_place(
    pair: tuple[Database, Database], file: Path, other: Path, broken: Break, fault: Fault
) -> None:
    put(pair[0], "before")
    backup = copied(file)
    with pair[0].engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
    put(pair[1], "after the copy")
    broken(file, other)
    for database in pair:
        if broken is halve:
            database.check()  # the first look alone does not tell it from a file that SQLite is just writing
        for use in (names, lambda database: put(database, "lost")):
            with pytest.raises(FaultError) as refused:
                use(database)
            assert refused.value.fault in (fault, Fault.DAMAGED)
    if fault in (Fault.GONE, Fault.REPLACED):
        backup.rename(file)
    else:
        shutil.copyfile(backup, file)  # into the same file
    for number, database in enumerate(pair):
        assert "before" in names(database)
        put(database, f"again {number}")
    assert names(pair[0]) == names(pair[1]) == ["again 0", "again 1", "before"]
    with pair[0].read() as session:
        assert db.health.damage(session) == ""


def test_a_file_that_was_moved_away_and_back_has_lost_nothing(pair: tuple[Database, Database], file: Path) -> None:
    put(pair[0], "before")
    away = file.rename(f"{file}.away")
    with pytest.raises(FaultError, match="gone"):
        names(pair[1])
    away.rename(file)
    assert names(pair[1]) == ["before"]
    put(pair[0], "after")
    assert names(pair[1]) == ["after", "before"]


@pytest.mark.parametrize("taken", [("wal",), ("shm",), ("wal", "shm")], ids="-".join)
def test_what_a_log_held_that_was_taken_away_is_saved_and_told(
    pair: tuple[Database, Database], file: Path, taken: tuple[str, ...]
) -> None:
    put(pair[0], "in the log")
    for end in taken:
        file.with_name(f"{file.name}-{end}").unlink()
    assert names(pair[1]) == ["in the log"]
    put(pair[0], "later")
    assert names(pair[1]) == ["in the log", "later"]
    assert pair[1].notice == RESCUED
    assert "write-ahead log was taken away" in pair[0].notice
    for database in pair:
        database.dispose()
    again = open_database(sqlite_url(file))
    assert names(again) == ["in the log", "later"]
    with again.read() as session:
        assert db.health.damage(session) == ""
    again.dispose()


@pytest.mark.parametrize("broken", [delete, delete_all, empty], ids=lambda each: each.__name__)
def test_no_empty_database_is_made_where_one_vanished_that_somebody_has_open(
    pair: tuple[Database, Database], file: Path, other: Path, broken: Break
) -> None:
    broken(file, other)
    with pytest.raises(FaultError, match=r"gone|truncated"):
        open_database(sqlite_url(file))
    assert not file.exists() or file.stat().st_size == 0
    for database in pair:
        database.dispose()
    file.unlink(missing_ok=True)
    again = open_database(sqlite_url(file))  # nobody has it open any more: a new beginning
    assert names(again) == []
    again.dispose()


@pytest.mark.parametrize("broken", [replace, overwrite_with_a_database], ids=lambda each: each.__name__)
def test_nobody_begins_with_another_database_beside_those_that_have_the_right_one_open(
    pair: tuple[Database, Database], file: Path, other: Path, broken: Break
) -> None:
    broken(file, other)
    with pytest.raises(FaultError, match=r"replaced|overwritten"):
        names(pair[0])
    with pytest.raises(FaultError, match="replaced"):
        open_database(sqlite_url(file))
    for database in pair:
        database.dispose()
    again = open_database(sqlite_url(file))  # everything was stopped: people mean it
    assert names(again) == ["other's"]
    again.dispose()


def test_who_watches_for_changes_sees_those_of_the_copy(pair: tuple[Database, Database], file: Path) -> None:
    changes = Changes(pair[0])
    backup = copied(file)
    changes.any()
    assert not changes.any()
    file.unlink()
    assert changes.any(), "whoever reads now gets the error"
    backup.rename(file)
    assert changes.any()
    changes.any()
    put(pair[1], "new")
    assert changes.any()
    changes.close()


def test_a_look_costs_next_to_nothing(pair: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch) -> None:
    for forbidden in ("is_whole", "uid_in"):
        monkeypatch.delattr(f"db.store_file.{forbidden}")
    calls: list[str] = []
    stat = Path.stat

    def counted(path: Path, **options: bool) -> os.stat_result:
        calls.append(path.name)
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", counted)
    pair[0].check()
    assert len(calls) <= 3, "the file and its two logs"


def test_who_begins_beside_another_thread_takes_none_of_its_locks(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them another process believes itself the last one, and takes the log away as it ends."""

    def watched(*args: Any) -> StoreFile:  # connections are open by now, and the other thread has waited for this
        Presence(file).leave()
        return StoreFile(*args)

    monkeypatch.setattr(db.engine, "StoreFile", watched)
    database = open_database(sqlite_url(file))
    put(database, "one")
    look = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT uid FROM store').fetchone()"
    subprocess.run([sys.executable, "-c", look, str(file)], check=True)
    assert file.with_name(f"{file.name}-wal").stat().st_size > 0
    put(database, "two")
    assert (names(database), database.notice) == (["one", "two"], "")
    database.dispose()
