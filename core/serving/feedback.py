"""What people say of answers: right or wrong, or what would be right."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

import db.serving
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted


class Given(BaseModel):
    """Of the answer with this id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    correct: bool | None = None
    label: Annotated[str, Field(max_length=1000)] | float | None = None  # what is right: a class, or a number
    note: str = Field("", max_length=1000)


def give(context: Context, model_id: int, given: Given) -> None:
    """Raises NotFoundError: no answer of this id is kept."""
    told: dict[str, Any] = given.model_dump(exclude={"id"}, exclude_none=True)
    with context.workspace.write() as session:
        if not db.serving.give_feedback(session, model_id, given.id, told):
            raise NotFoundError(
                f"No answer {quoted(given.id)} is kept of this model. Feedback is taken for answers that came with an "
                "X-Request-Id, until they are removed."
            )
