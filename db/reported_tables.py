"""What clients report of runs beside params and metrics."""

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class KeyedTag(Base):
    """A tag with a value, as other tools have them."""

    __tablename__ = "keyed_tags"
    __table_args__ = (Index("ix_keyed_tags_key_value", "key", "value", "run_id"), {"sqlite_with_rowid": False})

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class ReportedSpool(Base):
    """How much of what a client has written is stored, in bytes."""

    __tablename__ = "reported_spools"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
