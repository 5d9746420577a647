"""The tables of experiments, and of what clients report beside runs: data sets, and models that they log."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class Experiment(Base):
    """`is_kept`: somebody made it, so that it stays when its last run goes; `deleted_at`: it waits in the trash."""

    __tablename__ = "experiments"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[float]
    is_kept: Mapped[bool] = mapped_column(default=False, server_default=false())
    artifact_location: Mapped[str] = mapped_column(Text, default="", server_default="")
    updated_at: Mapped[float | None]
    deleted_at: Mapped[float | None]


class ExperimentTag(Base):
    __tablename__ = "experiment_tags"

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class ExperimentBoard(Base):
    """What people say of an experiment. `champion` is a run of the config that was chosen; it may be gone since."""

    __tablename__ = "experiment_boards"

    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id", ondelete="CASCADE"), primary_key=True)
    notes: Mapped[str] = mapped_column(Text, default="")
    noted_by: Mapped[str] = mapped_column(Text, default="")
    noted_at: Mapped[float | None]
    champion: Mapped[int | None]
    chosen_by: Mapped[str] = mapped_column(Text, default="")
    chosen_at: Mapped[float | None]


class RunInput(Base):
    """A data set that a run reads, as its client describes it; `told` has its source, schema, profile and tags."""

    __tablename__ = "run_inputs"
    __table_args__ = (Index("ix_run_inputs_name", "name"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    context: Mapped[str] = mapped_column(Text, default="")
    told: Mapped[dict[str, Any]]


class LoggedModel(Base):
    """A model that a client logs: its files lie under its id, `m-` and 32 hexadecimal digits.

    `metrics` is a list of what was measured of it. It outlives the run that made it.
    """

    __tablename__ = "logged_models"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    experiment_id: Mapped[int] = mapped_column(ForeignKey("experiments.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(32))
    run_uid: Mapped[str] = mapped_column(String(32), default="", index=True)
    created_at: Mapped[float]
    updated_at: Mapped[float]
    deleted_at: Mapped[float | None]
    tags: Mapped[dict[str, Any]] = mapped_column(default=dict)
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    metrics: Mapped[list[Any]] = mapped_column(default=list)


class RunModel(Base):
    """A logged model that a run takes ("input") or makes ("output"), at a step."""

    __tablename__ = "run_models"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    model_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger, default=0)


class EvaluationSet(Base):
    """Questions with expected answers that clients of MLflow keep for evaluations; its id is `d-` and 32 digits.

    `experiments` are numbers of those that it belongs to; one that is gone is left out when it is told.
    """

    __tablename__ = "evaluation_sets"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float]
    updated_at: Mapped[float]
    created_by: Mapped[str] = mapped_column(Text, default="")
    updated_by: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[dict[str, Any]] = mapped_column(default=dict)
    experiments: Mapped[list[Any]] = mapped_column(default=list)
    schema: Mapped[dict[str, Any]] = mapped_column(default=dict)


class EvaluationRecord(Base):
    """One of its records, known by its inputs: `input_hash` is their SHA-256. `told` has what the client sent."""

    __tablename__ = "evaluation_records"

    set_id: Mapped[str] = mapped_column(ForeignKey("evaluation_sets.id", ondelete="CASCADE"), primary_key=True)
    input_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[float]
    updated_at: Mapped[float]
    told: Mapped[dict[str, Any]]
