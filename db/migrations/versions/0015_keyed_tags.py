"""Tags with values, as clients of other tools send them."""

import sqlalchemy as sa
from alembic import op

revision = "0015_keyed_tags"
down_revision = "0014_drift"


def upgrade() -> None:
    op.create_table(
        "keyed_tags",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_keyed_tags_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "key", name=op.f("pk_keyed_tags")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_keyed_tags_key_value"), "keyed_tags", ["key", "value", "run_id"])
