"""Jobs that wait for the end of a run."""

import sqlalchemy as sa
from alembic import op

revision = "0023_jobs_after_runs"
down_revision = "0022_sweeps"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("after_run", sa.Integer(), nullable=True))
