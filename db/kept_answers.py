"""Answers by the key of their request, so that the same request again is not carried out again."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import KeptAnswer
from db.upsert import insert_missing


@dataclass(frozen=True)
class KeptAnswerRecord:
    """`status` is 0 as long as somebody works on it; `created_at` in UTC seconds."""

    key: str
    fingerprint: str
    status: int
    body: str
    location: str
    created_at: float


def begin(session: Session, key: str, fingerprint: str, at: float) -> KeptAnswerRecord | None:
    """Somebody begins to work on it from now on; else what there is already of a request with this key."""
    found = _find(session, key)
    if found is None:
        row = {"key": key, "fingerprint": fingerprint, "status": 0, "body": "", "location": "", "created_at": at}
        insert_missing(session, KeptAnswer, [row])
        found = _find(session, key)
        assert found is not None
        return None if (found.fingerprint, found.created_at) == (fingerprint, at) else found
    return found


def put(session: Session, key: str, status: int, body: str, location: str) -> None:
    values = {"status": status, "body": body, "location": location}
    session.execute(sa.update(KeptAnswer).where(KeptAnswer.key == key).values(**values))


def forget(session: Session, key: str) -> None:
    session.execute(sa.delete(KeptAnswer).where(KeptAnswer.key == key))


def forget_before(session: Session, at: float) -> None:
    session.execute(sa.delete(KeptAnswer).where(KeptAnswer.created_at < at))


def _find(session: Session, key: str) -> KeptAnswerRecord | None:
    row = session.execute(sa.select(*KeptAnswer.__table__.columns).where(KeptAnswer.key == key)).first()
    return KeptAnswerRecord(**row._mapping) if row else None
