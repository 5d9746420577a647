"""Runs and experiments: create, find, change state, annotate, throw away."""

import contextlib
import time
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

import db.attempts
import db.events
import db.folds
import db.params
import db.tags
import db.texts
from db.batches import batches
from db.models import (
    Artifact,
    Attempt,
    Curve,
    Experiment,
    KeyedTag,
    MediaItem,
    MetricPoint,
    MetricSummary,
    ReportedSpool,
    Run,
    RunInput,
    RunModel,
    RunParam,
    RunTag,
    RunText,
    SweepTrial,
)
from db.records import ACTIVE_STATES, Actor, ArtifactRecord, RunRecord, RunState
from db.upsert import insert_missing, upsert

_OF_RUNS = (
    *(MetricPoint, MetricSummary, Curve, RunParam, RunText, RunTag, KeyedTag, ReportedSpool, Artifact, Attempt),
    *(RunInput, RunModel, MediaItem),
)
_TOLD = ("reason", "stop_requested", "host", "slots")  # of a change of state, in the history


def experiment_id(session: Session, name: str) -> int:
    """The experiment's key; it is created when there is none of that name."""
    # It is kept until the end of the transaction: another may be about to remove it because it is empty.
    query = sa.select(Experiment.id).where(Experiment.name == name).with_for_update(read=True, key_share=True)
    while (found := session.scalar(query)) is None:
        insert_missing(session, Experiment, [{"name": name, "created_at": time.time()}])
    session.execute(_EXPERIMENT_BACK, {"of": found})
    return found


_EXPERIMENT_BACK = (  # out of the trash, since somebody runs something in it
    sa.update(Experiment)
    .where(Experiment.id == sa.bindparam("of"), Experiment.deleted_at.is_not(None))
    .values(deleted_at=None)
)


def experiments(session: Session) -> dict[str, int]:
    """Number of runs outside the trash by experiment, the experiment with the newest run first."""
    rows = session.execute(
        sa.select(Experiment.name, sa.func.count(Run.id))
        .join(Run, sa.and_(Run.experiment_id == Experiment.id, Run.trashed_at.is_(None)))
        .group_by(Experiment.id)
        .order_by(sa.func.max(Run.created_at).desc())
    )
    return {name: int(count) for name, count in rows.all()}


def lately(session: Session, column: str, runs: int = 500) -> list[str]:
    """What the newest runs have in a column of text, each once, the empty ones left out."""
    newest = sa.select(getattr(Run, column).label("text")).order_by(Run.id.desc()).limit(runs).subquery()
    return list(session.scalars(sa.select(newest.c.text).where(newest.c.text != "").distinct().order_by(newest.c.text)))


def insert(
    session: Session, values: Mapping[str, Any], params: Mapping[str, Any], tags: Iterable[str] = (), folds: str = ""
) -> int:
    """Add a run and the flattened params of its config; returns its key.

    Args:
        values: columns of `runs`.
        folds: what is the same for all folds of its cross-validation; "" of a run without.
    """
    run = Run(**values)
    session.add(run)
    session.flush()
    db.params.insert(session, run.id, params)
    db.texts.insert(session, run.id, values, params)
    db.tags.add(session, [run.id], tags)
    if folds:
        db.folds.insert(session, run.id, folds)
    return run.id


def record(run: Run, experiment: str, **joined: Any) -> RunRecord:
    """`joined`: what of a RunRecord stands in other tables."""
    values = {column.key: getattr(run, column.key) for column in Run.__table__.columns if column.key != "experiment_id"}
    values |= {"state": RunState(run.state), "slots": tuple(run.slots) if isinstance(run.slots, list) else ()}
    # Whatever another program wrote into a row, one that cannot be read must not hide all the others.
    values |= {name: values[name] if isinstance(values[name], dict) else {} for name in ("config", "facts")}
    return RunRecord(experiment=experiment, **joined, **values)


def get_many(session: Session, run_ids: Iterable[int]) -> list[RunRecord]:
    """The runs that exist, in the order asked for."""
    found: list[RunRecord] = []
    for batch in batches(run_ids):
        tags = db.tags.of_runs(session, batch)
        rows = session.execute(
            sa.select(Run, Experiment.name)
            .join(Experiment, Run.experiment_id == Experiment.id)
            .where(Run.id.in_(batch))
        ).all()
        resumed = db.attempts.stretches(session, [run.id for run, _ in rows if run.attempt > 1])
        records = {
            run.id: record(run, name, tags=tuple(tags.get(run.id, ())), resumed=resumed.get(run.id, ()))
            for run, name in rows
        }
        found += [records[run_id] for run_id in batch if run_id in records]
    return found


def get(session: Session, run_id: int) -> RunRecord | None:
    return next(iter(get_many(session, [run_id])), None)


def existing(session: Session, run_ids: Iterable[int]) -> list[int]:
    """Those of the numbers that are runs, in the order asked for."""
    return list(states(session, run_ids))


def states(session: Session, run_ids: Iterable[int]) -> dict[int, RunState]:
    """By run, in the order asked for; without numbers that are no runs."""
    found: dict[int, RunState] = {}
    for batch in batches(run_ids):
        rows = dict(session.execute(sa.select(Run.id, Run.state).where(Run.id.in_(batch))).all())
        found |= {run_id: RunState(rows[run_id]) for run_id in batch if run_id in rows}
    return found


def restore(session: Session, run_ids: Iterable[int]) -> list[int]:
    """Take runs out of the trash, but those that are being deleted; returns those of the runs that are not in it."""
    restored: list[int] = []
    for batch in batches(run_ids):
        session.execute(sa.update(Run).where(Run.id.in_(batch), Run.deleting_at.is_(None)).values(trashed_at=None))
        restored += session.scalars(sa.select(Run.id).where(Run.id.in_(batch), Run.trashed_at.is_(None)))
    return restored


def begin_deleting(session: Session, run_ids: Iterable[int]) -> list[int]:
    """Mark those of the runs that are in the trash, so that nobody takes them out of it; returns these."""
    marked: list[int] = []
    for batch in batches(run_ids):
        trashed = (Run.id.in_(batch), Run.trashed_at.is_not(None))
        session.execute(sa.update(Run).where(*trashed).values(deleting_at=time.time()))
        marked += session.scalars(sa.select(Run.id).where(*trashed))
    return marked


def find_ids(session: Session, reference: str) -> list[int]:
    """Runs by number, or else by the start of their uid (6 or more characters) or by exact name; newest first.

    A name means runs outside the trash.
    """
    if reference.isdecimal() and len(reference) < 10 and (by_number := existing(session, [int(reference)])):
        return by_number
    found = set(session.scalars(sa.select(Run.id).where(Run.trashed_at.is_(None), Run.name == reference)))
    start = reference.lower()
    if len(start) >= 6 and set(start) <= set("0123456789abcdef"):
        # A range instead of LIKE, which SQLite answers without the index; "g" is past every hexadecimal digit.
        found |= set(session.scalars(sa.select(Run.id).where(Run.uid >= start, Run.uid < start + "g")))
    return sorted(found, reverse=True)


def with_uid(session: Session, uid: str) -> int | None:
    return session.scalar(sa.select(Run.id).where(Run.uid == uid))


def in_states(session: Session, states: Iterable[RunState] = ACTIVE_STATES, host: str | None = None) -> list[RunRecord]:
    """Runs outside the trash in these states, first queued first."""
    query = sa.select(Run.id).where(Run.state.in_([s.value for s in states]), Run.trashed_at.is_(None))
    if host is not None:
        query = query.where(Run.host == host)
    return get_many(session, session.scalars(query.order_by(Run.queued_at, Run.id)))


def host_names(session: Session) -> set[str]:
    """Of every host that a run was given to."""
    return set(session.scalars(sa.select(Run.host).where(Run.host != "").distinct()))


def update(session: Session, run_id: int, **values: Any) -> None:
    """Any columns, whoever holds the run: not for use cases and processes, which have `annotate`, `update_many`,
    `transition` and db.leases.
    """
    session.execute(sa.update(Run).where(Run.id == run_id).values(**values))
    if set(values).intersection(db.texts.COLUMNS):
        db.texts.refresh(session, run_id)


def annotate(session: Session, run_id: int, **texts: str) -> None:
    """Change what people call a run and write about it: its name, its notes. Raises ValueError for another column."""
    _refuse_others(texts, ("name", "notes"))
    update(session, run_id, **texts)


def _refuse_others(values: Iterable[str], accepted: tuple[str, ...]) -> None:
    others = sorted(set(values) - set(accepted))
    if others:
        raise ValueError(f"Cannot change {', '.join(others)} of a run here. Accepted are {', '.join(accepted)}.")


def update_many(session: Session, run_ids: Iterable[int], **values: Any) -> None:
    """The same change to many runs, of experiment, trash or part in a search. Raises ValueError for another column."""
    _refuse_others(values, ("experiment_id", "trashed_at", "deleting_at", "of_search", "chosen_by_search"))
    for batch in batches(run_ids):
        session.execute(sa.update(Run).where(Run.id.in_(batch)).values(**values))


def transition(
    session: Session,
    run_id: int,
    expected: Iterable[RunState],
    state: RunState,
    *,
    actor: Actor,
    verb: str = "",
    **values: Any,
) -> bool:
    """Change the state if it still is one of `expected`, and note it in the history; says whether it did.

    Args:
        verb: what the actor did, where that is not to bring the run into the state.
    """
    before = session.scalar(sa.select(Run.state).where(Run.id == run_id).with_for_update())
    if before not in [s.value for s in expected]:
        return False
    session.execute(sa.update(Run).where(Run.id == run_id).values(state=state.value, **values))
    told = {name: values.get(name) for name in _TOLD}
    db.events.moved(session, actor, run_id, before, state.value, verb, **told)
    return True


def put_artifact(session: Session, artifact: ArtifactRecord) -> None:
    """Add the file, or replace what is known of the one at the same path."""
    upsert(session, Artifact, [vars(artifact)])


def remove_artifacts(session: Session, run_id: int, path: str) -> None:
    """What is known of a file, or of all in a folder."""
    within = sa.or_(Artifact.path == path, Artifact.path.startswith(f"{path}/", autoescape=True))
    session.execute(sa.delete(Artifact).where(Artifact.run_id == run_id, within))


def artifacts_of(session: Session, run_id: int) -> list[ArtifactRecord]:
    rows = session.scalars(sa.select(Artifact).where(Artifact.run_id == run_id).order_by(Artifact.name, Artifact.path))
    columns = Artifact.__table__.columns.keys()
    return [ArtifactRecord(**{name: getattr(row, name) for name in columns}) for row in rows]


def delete(session: Session, run_ids: Iterable[int]) -> None:
    """Remove runs with everything recorded of them, and experiments left empty. Their files are the caller's."""
    for batch in batches(run_ids):
        for table in _OF_RUNS:
            session.execute(sa.delete(table).where(table.run_id.in_(batch)))
        session.execute(sa.update(Run).where(Run.parent_id.in_(batch)).values(parent_id=None))
        session.execute(sa.update(SweepTrial).where(SweepTrial.run_id.in_(batch)).values(run_id=None))
        session.execute(sa.delete(Run).where(Run.id.in_(batch)))
    used = sa.exists().where(Run.experiment_id == Experiment.id)
    # Where several write at once, a run can come into an empty experiment just now; then the next time looks again.
    with contextlib.suppress(sa.exc.IntegrityError), session.begin_nested():
        unwanted = sa.or_(Experiment.is_kept.is_(False), Experiment.deleted_at.is_not(None))
        session.execute(sa.delete(Experiment).where(~used, unwanted))


def specs_of_kind(session: Session, kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Config and facts of all runs of a kind, those in the trash as well."""
    rows = session.execute(sa.select(Run.config, Run.facts).where(Run.kind == kind))
    return [(config or {}, facts or {}) for config, facts in rows]
