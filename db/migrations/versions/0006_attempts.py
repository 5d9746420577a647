"""Attempts: what each process at work on a run was, and how long it trained. Artifacts say which attempt wrote them."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006_attempts"
down_revision = "0005_kind"

_RUNS = sa.table("runs", sa.column("id"), sa.column("attempt"), sa.column("facts", sa.JSON()))


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("run_id", sa.Integer()),
        sa.Column("number", sa.Integer()),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("pid_started", sa.Double(), nullable=True),
        sa.Column("starting_at", sa.Double(), nullable=True),
        sa.Column("training_at", sa.Double(), nullable=True),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("trained_seconds", sa.Double(), nullable=False),
        sa.Column("first_step", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
    ]


_ATTEMPTS = sa.Table("attempts", sa.MetaData(), *_columns())


def upgrade() -> None:
    op.create_table(
        "attempts",
        *_columns(),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_attempts_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_attempts")),
    )
    op.add_column("runs", sa.Column("unstarted", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("runs", sa.Column("trained_seconds", sa.Double(), nullable=False, server_default="0"))
    op.add_column("artifacts", sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"))
    _rename_mode()
    _add_attempts()
    _split_resumed()
    # Until now a resumed run counted its attempts anew.
    numbers = "SELECT max(number) FROM attempts WHERE run_id = runs.id"
    op.execute(f"UPDATE runs SET attempt = ({numbers}) WHERE ({numbers}) > attempt")
    seconds = "SELECT sum(attempts.trained_seconds) FROM attempts WHERE run_id = runs.id"
    op.execute(f"UPDATE runs SET trained_seconds = coalesce(({seconds}), 0)")


def _add_attempts() -> None:
    """One for each run that a process was given to, with all that is known of it."""
    op.execute(
        """
        INSERT INTO attempts (run_id, number, host, slots, pid, pid_started, starting_at, training_at, ended_at,
                              trained_seconds, first_step, state, reason, facts)
        SELECT id, CASE WHEN attempt > 1 THEN attempt ELSE 1 END, host, slots, pid, pid_started, starting_at,
               training_at, finished_at,
               CASE WHEN coalesce(evaluating_at, finished_at, heartbeat_at) > training_at
                    THEN coalesce(evaluating_at, finished_at, heartbeat_at) - training_at ELSE 0 END,
               0, CASE WHEN finished_at IS NULL THEN '' ELSE state END, reason, facts
        FROM runs WHERE starting_at IS NOT NULL
        """
    )


def _rename_mode() -> None:
    """How a run's steps are executed was called its way."""
    for run_id, facts in _facts_with("way"):
        engine = facts.get("engine")
        if isinstance(engine, dict) and "way" in engine:
            way = engine.pop("way")
            _put_facts(run_id, {**facts, "engine": {"mode": way, **engine}})


def _split_resumed() -> None:
    """A resumed run's facts say when, and at which step, each process after the first began to train."""
    connection = op.get_bind()
    for run_id, facts in _facts_with("resumed"):
        resumed = facts.pop("resumed", None)
        mine = _ATTEMPTS.c.run_id == run_id
        last = connection.execute(sa.select(_ATTEMPTS).where(mine)).mappings().one_or_none()
        if not isinstance(resumed, list) or last is None or last["training_at"] is None:
            continue
        _put_facts(run_id, facts)
        connection.execute(sa.delete(_ATTEMPTS).where(mine))
        begun = [(last["training_at"], 0), *((float(each["at"]), int(each["step"])) for each in resumed)]
        for place, (at, step) in enumerate(begun):
            number = place + 1 if place + 1 < len(begun) else max(place + 1, last["number"])
            row = {**last, "number": number, "training_at": at, "first_step": step, "facts": facts}
            ended = last["training_at"] + last["trained_seconds"]
            if place + 1 < len(begun):
                ended = _last_point(run_id, at, begun[place + 1][0])
                row |= {"ended_at": ended, "state": "", "reason": "", "facts": {}, "pid": None, "starting_at": at}
            row["trained_seconds"] = max(0.0, ended - at)
            connection.execute(sa.insert(_ATTEMPTS).values(row))


def _last_point(run_id: int, begun: float, before: float) -> float:
    """When something was recorded last between two times, in UTC seconds; the first of them when nothing was."""
    query = sa.text(
        "SELECT max(wall_time) FROM metric_points WHERE run_id = :run AND wall_time BETWEEN :at AND :before"
    )
    found = op.get_bind().execute(query, {"run": run_id, "at": begun, "before": before}).scalar()
    return begun if found is None else float(found)


def _facts_with(word: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Facts by run that have this word as a key somewhere."""
    like = sa.cast(_RUNS.c.facts, sa.Text()).like(f'%"{word}"%')
    rows = op.get_bind().execute(sa.select(_RUNS.c.id, _RUNS.c.facts).where(like)).all()
    return ((row.id, row.facts) for row in rows if isinstance(row.facts, dict))


def _put_facts(run_id: int, facts: dict[str, Any]) -> None:
    op.execute(sa.update(_RUNS).where(_RUNS.c.id == run_id).values(facts=facts))
