"""Which runs are the folds of one cross-validation."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class RunFold(Base):
    """Of runs with folds: `key` is the same for all that differ in seed and fold alone, whatever their experiments."""

    __tablename__ = "run_folds"

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(32), index=True)
