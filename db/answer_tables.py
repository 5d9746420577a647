"""What was answered to requests that may come again."""

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base


class KeptAnswer(Base):
    """The answer to a request that names itself by a key; `status` is 0 as long as somebody works on it."""

    __tablename__ = "kept_answers"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Text)  # of what was asked
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(Text, default="")  # of what it made
    created_at: Mapped[float] = mapped_column(index=True)
