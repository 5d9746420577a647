"""What the search box looks through, kept beside the runs."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Run, RunParam, RunText
from db.params import as_text

COLUMNS = ("name", "notes", "preset")


def insert(session: Session, run_id: int, values: Mapping[str, Any], params: Mapping[str, Any]) -> None:
    lines = [*(values.get(column, "") for column in COLUMNS), *map(as_text, params.values())]
    session.execute(sa.insert(RunText).values(run_id=run_id, text=_joined(lines)))


def refresh(session: Session, run_id: int) -> None:
    """After a change to one of COLUMNS."""
    row = session.execute(
        sa.select(*(getattr(Run, column) for column in COLUMNS)).where(Run.id == run_id)
    ).one_or_none()
    if row is not None:
        params = session.scalars(sa.select(RunParam.text).where(RunParam.run_id == run_id))
        session.execute(sa.update(RunText).where(RunText.run_id == run_id).values(text=_joined([*row, *params])))


def containing(text: str) -> sa.Select[int]:
    """The numbers of the runs in whose texts this stands."""
    return sa.select(RunText.run_id).where(RunText.text.contains(text.casefold(), autoescape=True))


def named(session: Session, operator: str, value: str) -> sa.Select[int]:
    """The numbers of the runs whose name is this ("="), or has it within, letter case ignored in every script."""
    wanted, text = value.casefold(), RunText.text  # whose first line is the name
    if operator == "=":
        alone = sa.or_(text == wanted, sa.func.substr(text, 1, len(wanted) + 1) == f"{wanted}\n")
        return sa.select(RunText.run_id).where(alone)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    place = sa.func.instr if is_sqlite else sa.func.strpos
    return sa.select(RunText.run_id).where(
        place(text, wanted) > 0, place(text, wanted) < place(text + sa.literal("\n"), sa.literal("\n"))
    )


def _joined(lines: Iterable[str]) -> str:
    # Folded here, since SQLite knows letter case in ASCII only. An empty value or one seen before adds nothing.
    return "\n".join(dict.fromkeys(line.casefold() for line in lines if line))
