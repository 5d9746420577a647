"""Which runs are the folds of one cross-validation, so that lists show it as one."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0028_run_folds"
down_revision = "0026_experiment_boards"

_SEEDS = ("seed", "random_seed", "rng_seed", "random_state")


def upgrade() -> None:
    op.create_table(
        "run_folds",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_folds_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_folds")),
    )
    op.create_index(op.f("ix_run_folds_key"), "run_folds", ["key"])
    store = op.get_bind()
    params = sa.table("run_params", sa.column("run_id"), sa.column("key"), sa.column("text"), sa.column("number"))
    runs = sa.table("runs", sa.column("id"), sa.column("kind"))
    folds = sa.table("run_folds", sa.column("run_id"), sa.column("key"))
    found = store.execute(
        sa.select(runs.c.id, runs.c.kind)
        .join(params, params.c.run_id == runs.c.id)
        .where(params.c.key == "data.folds", params.c.number > 1)
    ).all()
    for run_id, kind in found:
        told = store.execute(sa.select(params.c.key, params.c.text).where(params.c.run_id == run_id)).all()
        key = _key(kind, dict(map(tuple, told)))
        store.execute(sa.insert(folds).values(run_id=run_id, key=key))


def _key(kind: str, params: dict[str, str]) -> str:
    """As core.runs.data_names made it when this was written."""
    shared = sorted(each for each in params.items() if each[0] != "data.fold" and each[0].split(".")[-1] not in _SEEDS)
    return hashlib.sha256(repr((kind, shared)).encode()).hexdigest()[:32]
