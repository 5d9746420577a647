"""What people say of answers: right or wrong, or what would be right.

Where it is said what is right, what a challenger answered in the shadow to the same question is judged by it, too.
"""

import hashlib
import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

import db.serving
from core.common.context import Context
from core.common.errors import NotFoundError
from core.common.text import quoted

# Roles of versions: the one that answers, one that answers a share, and one that is asked without being heard.
MAIN, CHALLENGER, SHADOW = "main", "challenger", "shadow"


class Given(BaseModel):
    """Of the answer with this id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    correct: bool | None = None
    label: Annotated[str, Field(max_length=1000)] | float | None = None  # what is right: a class, or a number
    note: str = Field("", max_length=1000)


def shadow_of(number: str) -> str:
    """The id under which the challenger's answer to the same question is kept."""
    return hashlib.blake2b(number.encode(), digest_size=16).hexdigest()


def give(context: Context, model_id: int, given: Given) -> None:
    """Raises NotFoundError: no answer of this id is kept."""
    told: dict[str, Any] = given.model_dump(exclude={"id"}, exclude_none=True)
    with context.workspace.write() as session:
        kept = db.serving.kept(session, model_id, [given.id, shadow_of(given.id)])
        if given.id not in kept:
            raise NotFoundError(
                f"No answer {quoted(given.id)} is kept of this model. Feedback is taken for answers that came with an "
                "X-Request-Id, until they are removed."
            )
        for number, answered in kept.items():
            said = _is_right(given.label, answered)
            if number == given.id:
                judged = told if said is None else {"correct": said, **told}
            elif said is None:
                continue
            else:
                judged = {"correct": said}
            db.serving.give_feedback(session, model_id, number, judged)


def _is_right(label: str | float | None, answered: str) -> bool | None:
    """Of one answer that names a class; None of others, and where it was not said what is right."""
    try:
        [answer] = json.loads(answered)["answers"]
    except (ValueError, KeyError, TypeError):  # of several, of numbers without names, or cut
        return None
    predicted = answer.get("prediction")
    return None if label is None or not isinstance(predicted, str) else str(label) == predicted
