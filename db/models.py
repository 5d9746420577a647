"""The tables. Times are seconds since 1970 in UTC; JSON columns hold what is shown but never searched."""

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from db.answer_tables import KeptAnswer as KeptAnswer
from db.base import Base as Base
from db.fold_tables import RunFold as RunFold
from db.media_tables import MediaItem as MediaItem
from db.registry_tables import ModelAlias as ModelAlias
from db.registry_tables import ModelExport as ModelExport
from db.registry_tables import ModelGate as ModelGate
from db.registry_tables import ModelVersion as ModelVersion
from db.registry_tables import RegisteredModel as RegisteredModel
from db.report_tables import FrozenPanel as FrozenPanel
from db.report_tables import ReportVersion as ReportVersion
from db.report_tables import SavedView as SavedView
from db.report_tables import WrittenReport as WrittenReport
from db.reported_tables import KeyedTag as KeyedTag
from db.reported_tables import ReportedSpool as ReportedSpool
from db.serving_tables import ServedMinute as ServedMinute
from db.serving_tables import ServedModel as ServedModel
from db.serving_tables import ServedRequest as ServedRequest
from db.sweep_tables import Sweep as Sweep
from db.sweep_tables import SweepTrial as SweepTrial
from db.tracking_tables import Experiment as Experiment
from db.tracking_tables import ExperimentBoard as ExperimentBoard
from db.tracking_tables import ExperimentTag as ExperimentTag
from db.tracking_tables import LoggedModel as LoggedModel
from db.tracking_tables import RunInput as RunInput
from db.tracking_tables import RunModel as RunModel

BY_METRIC = "ix_summaries_metric_id_run_id_last_best_min_max"


class Store(Base):
    """One row: the id of this store, by which a copy of it is told from another one."""

    __tablename__ = "store"

    uid: Mapped[str] = mapped_column(String(32), primary_key=True)


class Run(Base):
    __tablename__ = "runs"
    # Every list leaves the trash out, so `trashed_at` leads: then it is the first part of any order or filter.
    __table_args__ = (
        Index("ix_runs_trashed_at_created_at", "trashed_at", "created_at"),
        Index("ix_runs_trashed_at_starting_at", "trashed_at", "starting_at"),
        Index("ix_runs_trashed_at_finished_at", "trashed_at", "finished_at"),
        Index("ix_runs_trashed_at_name", "trashed_at", "name"),
        Index("ix_runs_trashed_at_state_experiment_id", "trashed_at", "state", "experiment_id"),
        Index("ix_runs_trashed_at_experiment_id_created_at", "trashed_at", "experiment_id", "created_at"),
        {"sqlite_autoincrement": True},  # the number of a deleted run is never given to another
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(Text)
    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id"))
    state: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16), default="network", server_default="network")
    config: Mapped[dict[str, Any]]
    # What it waits for: read by supervisors, which know nothing of what a kind's config says.
    resources: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    reason: Mapped[str] = mapped_column(Text, default="")
    preset: Mapped[str] = mapped_column(Text, default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"), index=True)
    created_by: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[float]
    queued_at: Mapped[float]
    starting_at: Mapped[float | None]
    training_at: Mapped[float | None]
    evaluating_at: Mapped[float | None]
    finished_at: Mapped[float | None]
    trashed_at: Mapped[float | None]
    deleting_at: Mapped[float | None]
    host: Mapped[str] = mapped_column(Text, default="")
    slots: Mapped[list[Any]] = mapped_column(default=list)
    pid: Mapped[int | None]
    pid_started: Mapped[float | None]
    pid_boot: Mapped[str] = mapped_column(Text, default="", server_default="")
    attempt: Mapped[int] = mapped_column(default=0)
    unstarted: Mapped[int] = mapped_column(default=0)
    trained_seconds: Mapped[float] = mapped_column(default=0.0)
    heartbeat_at: Mapped[float | None]
    stop_requested: Mapped[str] = mapped_column(String(16), default="")
    step: Mapped[int] = mapped_column(BigInteger, default=0)
    total_steps: Mapped[int] = mapped_column(BigInteger, default=0)
    steps_per_epoch: Mapped[int] = mapped_column(BigInteger, default=0)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # As in RunRecord. Kept here, so that both outlive the sweep.
    of_search: Mapped[bool] = mapped_column(default=False, server_default=false())
    chosen_by_search: Mapped[bool] = mapped_column(default=False, server_default=false())


class Attempt(Base):
    """One process at work on a run. `runs` holds what is true of the last one, or of all of them together."""

    __tablename__ = "attempts"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(Text, default="")
    slots: Mapped[list[Any]] = mapped_column(default=list)
    pid: Mapped[int | None]
    pid_started: Mapped[float | None]
    pid_boot: Mapped[str] = mapped_column(Text, default="", server_default="")
    starting_at: Mapped[float | None]
    training_at: Mapped[float | None]
    ended_at: Mapped[float | None]
    trained_seconds: Mapped[float] = mapped_column(default=0.0)
    first_step: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[str] = mapped_column(String(16), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class RunTag(Base):
    __tablename__ = "run_tags"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(Text, primary_key=True, index=True)


class RunParam(Base):
    """One leaf of a run's config; `number` is set when the value is a number or a boolean, for sorting."""

    __tablename__ = "run_params"
    __table_args__ = (
        Index("ix_run_params_key_number", "key", "number", "run_id"),
        Index("ix_run_params_key_text", "key", "text", "run_id"),
        {"sqlite_with_rowid": False},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    number: Mapped[float | None]


class RunText(Base):
    """What the search box looks through: name, notes, preset and values of params, case-folded, a line each.

    In a table of its own, since a search reads all of it and the rows of `runs` are many times wider.
    """

    __tablename__ = "run_texts"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Metric(Base):
    """Interned metric names; `goal` is "min" or "max" and decides what `best` means."""

    __tablename__ = "metrics"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    goal: Mapped[str] = mapped_column(String(3))


class MetricPoint(Base):
    """A row a point, so that any SQL tool can read them. SQLite stores NaN as NULL: here NULL means NaN.

    `sequence` counts the values at one step from 0, in the order in which they were recorded, without gaps.
    No foreign keys: checking them for every point would slow the one write that is frequent.
    """

    __tablename__ = "metric_points"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    metric_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default="0")
    value: Mapped[float | None]
    wall_time: Mapped[float]


class MetricSummary(Base):
    """Kept up to date by whoever writes the points. NULL means NaN, as in the points.

    `revision` is another number after each change, so that a writer sees whether somebody else has written.
    """

    __tablename__ = "summaries"
    __table_args__ = (
        # All that lists of runs sort and filter by, since the rows themselves are many times wider.
        Index(BY_METRIC, "metric_id", "run_id", "last", "best", "min", "max"),
        {"sqlite_with_rowid": False},
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"), primary_key=True)
    last: Mapped[float | None]
    best: Mapped[float | None]
    min: Mapped[float | None]
    max: Mapped[float | None]
    best_step: Mapped[int] = mapped_column(BigInteger)
    last_step: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int] = mapped_column(BigInteger)
    curve: Mapped[str] = mapped_column(Text, default="[]")
    last_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    last_at: Mapped[float] = mapped_column(default=0.0, server_default="0")  # when it was measured; 0: not known
    revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class Curve(Base):
    """A long metric, thinned for charts by whoever writes the points; only a copy of what is in `metric_points`.

    It covers the points up to `last_step`, of those at that step the ones up to `last_sequence`, and goes when a point
    comes before its last one. `data`: four columns one after the other, little-endian, 8 bytes a value: place among all
    points, step, value, wall time.
    """

    __tablename__ = "curves"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    metric_id: Mapped[int] = mapped_column(ForeignKey("metrics.id"), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
    last_step: Mapped[int] = mapped_column(BigInteger)
    data: Mapped[bytes]
    last_sequence: Mapped[int] = mapped_column(default=0, server_default="0")


class Artifact(Base):
    __tablename__ = "artifacts"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[float]
    attempt: Mapped[int] = mapped_column(default=0)


class Host(Base):
    """A supervisor's report about itself, refreshed about every second."""

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    pid: Mapped[int]
    pid_started: Mapped[float]
    pid_boot: Mapped[str] = mapped_column(Text, default="", server_default="")
    heartbeat_at: Mapped[float]
    slots: Mapped[list[Any]] = mapped_column(default=list)
    standby: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Job(Base):
    """What only a process with TensorFlow can do, for whoever waits for its result; see core.jobs.

    Kind, host and process are in columns, as a supervisor must not read a payload: any user's data may stand there.
    """

    __tablename__ = "jobs"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    host: Mapped[str] = mapped_column(Text, default="")
    process: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[float] = mapped_column(index=True)
    after_run: Mapped[int | None]  # it is not begun before that run is at rest, or gone
    claimed_by: Mapped[str | None] = mapped_column(Text)
    claimed_at: Mapped[float | None]
    claims: Mapped[int] = mapped_column(default=0)


class Event(Base):
    """A change: by whom, of what (a run by its number, a data set by its name), and what there was before and after.

    No foreign keys: it outlives what it tells of.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_kind_key_id", "kind", "key", "id"),
        {"sqlite_autoincrement": True},  # the order of events, whatever a clock says
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[float]
    actor: Mapped[str] = mapped_column(Text)
    actor_kind: Mapped[str] = mapped_column(String(16))
    verb: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
