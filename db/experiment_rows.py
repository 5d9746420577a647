"""The runs of an experiment as far as they are ranked: thousands at once, of which few have changed since last time."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches
from db.models import Experiment, MetricSummary, Run, RunParam
from db.records import RunRecord, RunState

# Of a run: another one after any change of what is ranked, its params, its summaries, or its part in a search.
Stamp = tuple[Any, ...]

_COLUMNS = (
    *(Run.id, Run.uid, Run.name, Run.state, Run.kind, Run.attempt, Run.created_at),
    *(Run.of_search, Run.chosen_by_search),
)
_FOLDED = 1_000_003  # revisions are large numbers, whose sum would be none


def stamps(session: Session, experiment: str) -> dict[int, Stamp]:
    """By run, those in the trash left out, the oldest first."""
    of_it = sa.select(Experiment.id).where(Experiment.name == experiment).scalar_subquery()
    ids = sa.select(Run.id).where(Run.trashed_at.is_(None), Run.experiment_id == of_it)
    rows = session.execute(
        sa.select(Run.id, Run.name, Run.state, Run.attempt, Run.of_search, Run.chosen_by_search)
        .where(Run.trashed_at.is_(None), Run.experiment_id == of_it)
        .order_by(Run.created_at, Run.id)
    ).all()
    revisions = sa.func.sum(MetricSummary.revision % _FOLDED)
    metrics = _by_run(session, MetricSummary.run_id, ids, sa.func.count(), sa.func.sum(MetricSummary.count), revisions)
    params = _by_run(session, RunParam.run_id, ids, sa.func.count())
    return {row.id: (*row[1:], *metrics.get(row.id, ()), params.get(row.id, (0,))[0]) for row in rows}


def _by_run(session: Session, run_id: Any, ids: sa.Select[int], *columns: Any) -> dict[int, Stamp]:
    query = sa.select(run_id, *columns).where(run_id.in_(ids)).group_by(run_id)
    return {row[0]: tuple(row[1:]) for row in session.execute(query)}


def read(session: Session, experiment: str, run_ids: Iterable[int]) -> dict[int, RunRecord]:
    """By number, without what ranks nothing: configs, facts, tags, notes, processes and times."""
    found: dict[int, RunRecord] = {}
    for batch in batches(run_ids):
        for row in session.execute(sa.select(*_COLUMNS).where(Run.id.in_(batch))):
            found[row.id] = RunRecord(
                row.id, row.uid, row.name, experiment, RunState(row.state), {}, row.kind, attempt=row.attempt,
                created_at=row.created_at, of_search=row.of_search, chosen_by_search=row.chosen_by_search,
            )  # fmt: skip
    return found
