"""What MLflow's clients report: experiments that stay and can be deleted, their tags, data sets, logged models."""

import sqlalchemy as sa
from alembic import op

revision = "0017_mlflow"
down_revision = "0016_reported_spools"


def upgrade() -> None:
    op.add_column("experiments", sa.Column("is_kept", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("experiments", sa.Column("artifact_location", sa.Text(), nullable=False, server_default=""))
    op.add_column("experiments", sa.Column("updated_at", sa.Double(), nullable=True))
    op.add_column("experiments", sa.Column("deleted_at", sa.Double(), nullable=True))
    for table in ("models", "model_versions"):
        op.add_column(table, sa.Column("tags", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "experiment_tags",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        _of("experiment_tags", "experiment_id", "experiments"),
        sa.PrimaryKeyConstraint("experiment_id", "key", name=op.f("pk_experiment_tags")),
    )
    op.create_table(
        "run_inputs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        _of("run_inputs", "run_id", "runs"),
        sa.PrimaryKeyConstraint("run_id", "name", "digest", name=op.f("pk_run_inputs")),
    )
    op.create_index(op.f("ix_run_inputs_name"), "run_inputs", ["name"])
    op.create_table(
        "logged_models",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("run_uid", sa.String(32), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.Column("deleted_at", sa.Double(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        _of("logged_models", "experiment_id", "experiments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_logged_models")),
    )
    op.create_index(op.f("ix_logged_models_experiment_id"), "logged_models", ["experiment_id"])
    op.create_index(op.f("ix_logged_models_run_uid"), "logged_models", ["run_uid"])
    op.create_table(
        "run_models",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        _of("run_models", "run_id", "runs"),
        sa.PrimaryKeyConstraint("run_id", "model_id", "role", name=op.f("pk_run_models")),
    )


def _of(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
