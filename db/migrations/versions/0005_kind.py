"""What kind a run is, and what it waits for, in columns of their own; until now only the config said it."""

import sqlalchemy as sa
from alembic import op

revision = "0005_kind"
down_revision = "0004_artifact_paths"

_RUNS = sa.table("runs", sa.column("id", sa.Integer), sa.column("config", sa.JSON), sa.column("resources", sa.JSON))


def upgrade() -> None:
    op.add_column("runs", sa.Column("kind", sa.String(length=16), nullable=False, server_default="network"))
    op.add_column("runs", sa.Column("resources", sa.JSON(), nullable=False, server_default="{}"))
    connection = op.get_bind()
    rows = connection.execute(sa.select(_RUNS.c.id, _RUNS.c.config)).all()
    # Whatever stood there, also what is not accepted: the supervisor says so when the run's turn comes.
    found = [
        {"run": run_id, "wish": config["resources"]}
        for run_id, config in rows
        if isinstance(config, dict) and config.get("resources")
    ]
    if found:
        statement = sa.update(_RUNS).where(_RUNS.c.id == sa.bindparam("run")).values(resources=sa.bindparam("wish"))
        connection.execute(statement, found)
