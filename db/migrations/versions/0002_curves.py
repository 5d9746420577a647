"""Thinned curves beside the points of long metrics; one index of summaries with all that lists of runs sort by."""

import sqlalchemy as sa
from alembic import op

revision = "0002_curves"
down_revision = "0001_first_schema"


def upgrade() -> None:
    op.create_table(
        "curves",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["metric_id"], ["metrics.id"], name=op.f("fk_curves_metric_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_curves_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "metric_id", name=op.f("pk_curves")),
    )
    op.drop_index("ix_summaries_metric_id_last", "summaries")
    op.drop_index("ix_summaries_metric_id_best", "summaries")
    op.create_index(
        "ix_summaries_metric_id_run_id_last_best_min_max",
        "summaries",
        ["metric_id", "run_id", "last", "best", "min", "max"],
        unique=False,
    )
