"""What runs show beside curves: pictures, texts, tables, histograms, figures and sounds."""

import sqlalchemy as sa
from alembic import op

revision = "0019_media"
down_revision = "0018_evaluation_sets"


def upgrade() -> None:
    op.create_table(
        "media_items",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_media_items_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "kind", "name", "step", "number", name=op.f("pk_media_items")),
        sqlite_with_rowid=False,
    )
