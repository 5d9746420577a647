"""When the last value of a metric was measured stands in its summary: a list of runs need not look for each point."""

import sqlalchemy as sa
from alembic import op

revision = "0025_last_at"
down_revision = "0024_reports"

_POINT = (
    "SELECT points.wall_time FROM metric_points AS points WHERE points.run_id = summaries.run_id "
    "AND points.metric_id = summaries.metric_id AND points.step = summaries.last_step "
    "AND points.sequence = summaries.last_sequence"
)


def upgrade() -> None:
    op.add_column("summaries", sa.Column("last_at", sa.Double(), nullable=False, server_default="0"))
    op.execute(f"UPDATE summaries SET last_at = coalesce(({_POINT}), 0)")
