"""Several values of one metric at one step; a revision of summaries, by which writers notice each other."""

import sqlalchemy as sa
from alembic import op

revision = "0003_point_sequence"
down_revision = "0002_curves"

_KEY = ("run_id", "metric_id", "step", "sequence")


def upgrade() -> None:
    op.add_column("summaries", sa.Column("last_sequence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("summaries", sa.Column("revision", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("curves", sa.Column("last_sequence", sa.Integer(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
        return
    op.add_column("metric_points", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    op.drop_constraint("pk_metric_points", "metric_points", type_="primary")
    op.create_primary_key("pk_metric_points", "metric_points", list(_KEY))


def _rebuild() -> None:
    """A table without row numbers is its key: another key is another table."""
    op.rename_table("metric_points", "old_points")
    op.create_table(
        "metric_points",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("metric_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False, server_default="0"),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("wall_time", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_metric_points")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO metric_points (run_id, metric_id, step, sequence, value, wall_time) "
        "SELECT run_id, metric_id, step, 0, value, wall_time FROM old_points ORDER BY run_id, metric_id, step"
    )
    op.drop_table("old_points")
