"""Windows of what served versions are asked, counted by the bins of their training profile."""

import sqlalchemy as sa
from alembic import op

revision = "0014_drift"
down_revision = "0013_serving"


def upgrade() -> None:
    op.create_table(
        "served_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("ended_at", sa.Double(), nullable=False),
        sa.Column("examples", sa.BigInteger(), nullable=False),
        sa.Column("profile", sa.String(length=16), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("shifts", sa.JSON(), nullable=False),
        sa.Column("known_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"], ["models.id"], name=op.f("fk_served_windows_model_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_served_windows")),
    )
    op.create_index(op.f("ix_served_windows_model_id_version_id"), "served_windows", ["model_id", "version_id"])
