"""An id of the store, by which a copy of it is told from another store; SQLite has a number for it in its file, too."""

import uuid

import sqlalchemy as sa
from alembic import op

from db.file_watch import mark_of

revision = "0010_store"
down_revision = "0009_process_boot"


def upgrade() -> None:
    table = op.create_table("store", sa.Column("uid", sa.String(length=32), primary_key=True))
    uid = uuid.uuid4().hex
    op.bulk_insert(table, [{"uid": uid}])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"PRAGMA application_id={mark_of(uid)}")
