"""The tables of served models: what answers, what was asked, and what came of it by the minute."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class ServedModel(Base):
    """A model that is in use, and how it is served."""

    __tablename__ = "served_models"

    model_id: Mapped[int] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"), primary_key=True)
    options: Mapped[dict[str, Any]]  # as core.serving.options reads them
    report: Mapped[dict[str, Any]]  # of the server that answers; empty before its first
    reported_at: Mapped[float] = mapped_column(default=0.0)
    created_by: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[float]


class ServedMinute(Base):
    """What one version did in one minute; of questions that are kept or not."""

    __tablename__ = "served_minutes"

    model_id: Mapped[int] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"), primary_key=True)
    version_id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)  # main, challenger or shadow
    minute: Mapped[int] = mapped_column(BigInteger, primary_key=True)  # minutes since 1970
    requests: Mapped[int] = mapped_column(BigInteger, default=0)
    errors: Mapped[int] = mapped_column(BigInteger, default=0)
    counts: Mapped[dict[str, Any]]  # latencies by bucket, answers by class


class ServedRequest(Base):
    """A question that was kept, of the share that is, and what people said of its answer."""

    __tablename__ = "served_requests"
    __table_args__ = (Index("ix_served_requests_model_id_at", "model_id", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"))
    version_id: Mapped[int]
    role: Mapped[str] = mapped_column(String(16))
    at: Mapped[float]
    milliseconds: Mapped[float]
    status: Mapped[int]
    asked: Mapped[str] = mapped_column(Text)  # JSON, cut where it is long
    answered: Mapped[str] = mapped_column(Text)
    feedback: Mapped[dict[str, Any]]  # empty without one
    feedback_at: Mapped[float] = mapped_column(default=0.0)


class ServedWindow(Base):
    """So many examples that a version was asked about, counted by the bins of its training profile."""

    __tablename__ = "served_windows"
    __table_args__ = (Index("ix_served_windows_model_id_version_id", "model_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[int] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"))
    version_id: Mapped[int]
    started_at: Mapped[float]
    ended_at: Mapped[float] = mapped_column(default=0.0)  # 0 of the one that is being filled
    examples: Mapped[int] = mapped_column(BigInteger)
    profile: Mapped[str] = mapped_column(String(16))  # id of the profile by whose bins it is counted
    counts: Mapped[list[Any]]  # by column, by bin
    shifts: Mapped[dict[str, Any]]  # by column, once it has ended: p, how much has moved, whether that is an alarm
    known_by: Mapped[str] = mapped_column(Text, default="")  # who has acknowledged its alarms
