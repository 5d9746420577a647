"""Rows that replace those of the same primary key, and rows that are added unless somebody else was quicker."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from db.models import Base

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def upsert(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert rows, replacing those of the same primary key; past the session, which would look at each."""
    if rows:
        connection = session.connection()
        connection.execute(_upserting(model, connection.dialect.name), rows)


def upsert_plain(session: Session, model: type[Base], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """`upsert` of numbers and texts, a tuple a row: past the SQL compiler, which takes longer than storing them."""
    if rows:
        connection = session.connection()
        statement, order = _compiled(model, connection.dialect, tuple(columns))
        if order is None:
            connection.exec_driver_sql(statement, [dict(zip(columns, row, strict=True)) for row in rows])
        elif order == tuple(range(len(columns))):
            connection.exec_driver_sql(statement, list(rows))
        else:
            connection.exec_driver_sql(statement, [tuple(row[place] for place in order) for row in rows])


@functools.cache
def _compiled(model: type[Base], dialect: sa.Dialect, columns: tuple[str, ...]) -> tuple[str, tuple[int, ...] | None]:
    """The statement, and the places of its parameters among the columns; None where they are bound by name."""
    statement = _upserting(model, dialect.name).compile(dialect=dialect, column_keys=list(columns))
    order = tuple(map(columns.index, statement.positiontup or ())) if statement.positional else None
    return str(statement), order


def insert_missing(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert rows but those that would break a uniqueness.

    A row that another transaction is about to add is waited for; after its commit, it is there to be read.
    """
    if rows:
        connection = session.connection()
        connection.execute(_insert(model, connection.dialect.name).on_conflict_do_nothing(), rows)


def insert_if_missing(session: Session, model: type[Base], row: dict[str, Any]) -> bool:
    """As `insert_missing` of one row; says whether it was missing, which of two at once is true of one."""
    connection = session.connection()
    statement = _insert(model, connection.dialect.name).on_conflict_do_nothing()
    return connection.execute(statement, row, execution_options={"preserve_rowcount": True}).rowcount == 1


@functools.cache  # made anew, the statement would take longer than its execution
def _upserting(model: type[Base], dialect: str) -> sa.Insert:
    statement = _insert(model, dialect)
    columns = model.__table__.columns
    key = [column.name for column in columns if column.primary_key]
    others = {column.name: statement.excluded[column.name] for column in columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def _insert(model: type[Base], dialect: str) -> "sqlite.Insert | postgresql.Insert":
    if dialect == "sqlite":
        return sqlite.insert(model)
    from sqlalchemy.dialects import postgresql  # takes a fortieth of the command line's start

    return postgresql.insert(model)
