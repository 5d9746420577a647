"""The tables of reports, of what is frozen in them, and of views that people saved."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class WrittenReport(Base):
    """`version` is the number of the newest one, whose title is repeated here for lists."""

    __tablename__ = "reports"
    __table_args__ = ({"sqlite_autoincrement": True},)  # a link never leads to another report

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[float]
    changed_by: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[float]


class ReportVersion(Base):
    """What somebody saved. `note` says how it came about, where that was not by writing."""

    __tablename__ = "report_versions"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[float]


class FrozenPanel(Base):
    """What a panel showed at a time, by the hash of it, which the sources of reports name."""

    __tablename__ = "frozen_panels"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    content: Mapped[str] = mapped_column(Text)  # JSON, as core.reports.blocks reads it
    created_at: Mapped[float]


class SavedView(Base):
    """A page as somebody set it up: its address without what changes with the data."""

    __tablename__ = "saved_views"
    __table_args__ = (
        Index("ix_saved_views_page_name", "page", "name", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[float]
    changed_at: Mapped[float]
