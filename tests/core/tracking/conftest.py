"""These tests run on SQLite and on PostgreSQL."""

from tests.postgres import each_database as database_url

__all__ = ["database_url"]
