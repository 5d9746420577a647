"""The boot by which the start of a process is told. Rows without one keep the time of day, as they were written."""

import sqlalchemy as sa
from alembic import op

revision = "0009_process_boot"
down_revision = "0008_events"


def upgrade() -> None:
    for table in ("runs", "attempts", "hosts"):
        op.add_column(table, sa.Column("pid_boot", sa.Text(), nullable=False, server_default=""))
