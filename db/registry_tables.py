"""The tables of the registry: trained models, their versions, and the names that point at versions."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class RegisteredModel(Base):
    __tablename__ = "models"
    # Its files lie under its number, which is never given to another.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    newest: Mapped[int] = mapped_column(default=0)  # number of its newest version, also of one that was deleted
    created_by: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[float]
    tags: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class ModelVersion(Base):
    """One state of a model, with what is known of its run: it outlives the run, so there is no foreign key to that."""

    __tablename__ = "model_versions"
    # A page that still shows a deleted version must not change another one by its id.
    __table_args__ = (UniqueConstraint("model_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"))
    number: Mapped[int]
    run_id: Mapped[int] = mapped_column(index=True)
    run_uid: Mapped[str] = mapped_column(String(32), index=True)
    run_name: Mapped[str] = mapped_column(Text)
    experiment: Mapped[str] = mapped_column(Text)
    checkpoint: Mapped[str] = mapped_column(String(16))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    host: Mapped[str] = mapped_column(Text)
    config: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]
    metrics: Mapped[dict[str, Any]]
    stage: Mapped[str] = mapped_column(String(16), default="none")
    note: Mapped[str] = mapped_column(Text, default="")
    card: Mapped[str] = mapped_column(Text)
    edited_card: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[float]
    tags: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")


class ModelAlias(Base):
    """A name that points at one version of a model; where it pointed before is in the events."""

    __tablename__ = "model_aliases"

    model_id: Mapped[int] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[str] = mapped_column(String(64), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("model_versions.id", ondelete="CASCADE"), index=True)


class ModelGate(Base):
    """What a version must pass before an alias of the model may point at it, as core.models.gates reads it."""

    __tablename__ = "model_gates"

    model_id: Mapped[int] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[str] = mapped_column(String(64), primary_key=True)
    rules: Mapped[dict[str, Any]]


class ModelExport(Base):
    """A version in a format that runs without Traindeck: a folder on the host, and what was measured of it."""

    __tablename__ = "model_exports"

    version_id: Mapped[int] = mapped_column(ForeignKey("model_versions.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    format: Mapped[str] = mapped_column(String(32))
    host: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    measured: Mapped[dict[str, Any]]
    created_by: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[float]
