"""Artifacts by their path, since two files can have one name; runs that are being deleted for good."""

import sqlalchemy as sa
from alembic import op

revision = "0004_artifact_paths"
down_revision = "0003_point_sequence"


def upgrade() -> None:
    op.add_column("runs", sa.Column("deleting_at", sa.Double(), nullable=True))
    op.rename_table("artifacts", "old_artifacts")
    if op.get_bind().dialect.name != "sqlite":  # there the names of constraints are of the whole schema
        op.drop_constraint("pk_artifacts", "old_artifacts", type_="primary")
        op.drop_constraint("fk_artifacts_run_id", "old_artifacts", type_="foreignkey")
    op.create_table(
        "artifacts",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_artifacts_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "path", name=op.f("pk_artifacts")),
    )
    op.execute(  # of two names for one file the newer
        "INSERT INTO artifacts (run_id, path, name, kind, size, created_at) "
        "SELECT run_id, path, name, kind, size, created_at FROM old_artifacts AS old WHERE NOT EXISTS ("
        "SELECT 1 FROM old_artifacts AS newer WHERE newer.run_id = old.run_id AND newer.path = old.path "
        "AND (newer.created_at > old.created_at OR newer.created_at = old.created_at AND newer.name > old.name))"
    )
    op.drop_table("old_artifacts")
