"""Notes and champions of experiments."""

import sqlalchemy as sa
from alembic import op

revision = "0026_experiment_boards"
down_revision = "0025_last_at"


def upgrade() -> None:
    op.create_table(
        "experiment_boards",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.Double(), nullable=True),
        sa.Column("champion", sa.Integer(), nullable=True),
        sa.Column("chosen_by", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["experiment_id"], ["experiments.id"], name=op.f("fk_experiment_boards_experiment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("experiment_id", name=op.f("pk_experiment_boards")),
    )
