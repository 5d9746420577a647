"""Whether a run is of a search, and whether this chose a config by it, stands in the run: it outlives the sweep."""

import sqlalchemy as sa
from alembic import op

revision = "0029_chosen_by_search"
down_revision = "0028_run_folds"

_FIRST_CONFIRMATION = 1000


def upgrade() -> None:
    op.add_column("runs", sa.Column("of_search", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("chosen_by_search", sa.Boolean(), nullable=False, server_default=sa.false()))
    columns = ("sweep_id", "repeat", "run_id", "params", "origin")
    trials = sa.table("sweep_trials", *map(sa.column, columns))
    runs = sa.table("runs", *map(sa.column, ("id", "of_search", "chosen_by_search")))
    searched = sa.select(trials.c.run_id).where(trials.c.origin == "search")
    op.execute(sa.update(runs).where(runs.c.id.in_(searched)).values(of_search=True))
    config = trials.c.sweep_id, sa.cast(trials.c.params, sa.Text)
    confirmed = sa.select(*config).where(trials.c.repeat >= _FIRST_CONFIRMATION)
    chosen = sa.select(trials.c.run_id).where(
        trials.c.repeat < _FIRST_CONFIRMATION, sa.tuple_(*config).in_(confirmed)
    )  # fmt: skip
    op.execute(sa.update(runs).where(runs.c.id.in_(chosen)).values(chosen_by_search=True))
