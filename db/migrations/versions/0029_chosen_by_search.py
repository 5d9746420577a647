"""By which runs a search chose a config stands in the run, so that it is still known when the sweep is deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0029_chosen_by_search"
down_revision = "0028_run_folds"

_FIRST_CONFIRMATION = 1000


def upgrade() -> None:
    op.add_column("runs", sa.Column("chosen_by_search", sa.Boolean(), nullable=False, server_default=sa.false()))
    trials = sa.table(
        "sweep_trials", sa.column("sweep_id"), sa.column("repeat"), sa.column("run_id"), sa.column("params")
    )
    runs = sa.table("runs", sa.column("id"), sa.column("chosen_by_search"))
    config = trials.c.sweep_id, sa.cast(trials.c.params, sa.Text)
    confirmed = sa.select(*config).where(trials.c.repeat >= _FIRST_CONFIRMATION)
    chosen = sa.select(trials.c.run_id).where(
        trials.c.repeat < _FIRST_CONFIRMATION, sa.tuple_(*config).in_(confirmed)
    )  # fmt: skip
    op.execute(sa.update(runs).where(runs.c.id.in_(chosen)).values(chosen_by_search=True))
