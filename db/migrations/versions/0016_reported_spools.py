"""How much of what clients have written is stored."""

import sqlalchemy as sa
from alembic import op

revision = "0016_reported_spools"
down_revision = "0015_keyed_tags"


def upgrade() -> None:
    op.create_table(
        "reported_spools",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_reported_spools_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "source", name=op.f("pk_reported_spools")),
    )
