"""The store as a thing: where it is, how large, whether it is sound, and what belongs to which experiment."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Experiment, Run


def schema_version(session: Session) -> str:
    return session.scalar(sa.text("SELECT version_num FROM alembic_version")) or ""


def damage(session: Session) -> str:
    """What is broken in the file, "" when it is sound; a server's database looks after itself."""
    if session.connection().dialect.name != "sqlite":
        return ""
    found = session.scalars(sa.text("PRAGMA quick_check(3)")).all()
    return "" if list(found) == ["ok"] else "; ".join(map(str, found))


def size(session: Session) -> int:
    """Bytes that the database takes on its disk, without SQLite's write-ahead log."""
    if session.connection().dialect.name == "sqlite":
        pages = session.scalar(sa.text("PRAGMA page_count")) or 0
        return int(pages) * int(session.scalar(sa.text("PRAGMA page_size")) or 0)
    return int(session.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0)


def run_experiments(session: Session) -> Iterator[tuple[int, str, bool]]:
    """Every run's key, its experiment's name, and whether it is in the trash."""
    rows = session.execute(
        sa.select(Run.id, Experiment.name, Run.trashed_at.is_not(None)).join(
            Experiment, Run.experiment_id == Experiment.id
        )
    )
    for run_id, name, trashed in rows:
        yield run_id, name, bool(trashed)
