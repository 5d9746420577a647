"""What people say of answers: right or wrong, or what would be right.

Where it is said what is right, what a challenger answered in the shadow to the same question is judged by it, too.
"""

import hashlib
import json
import math
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, WithJsonSchema

import db.serving
from core.common.context import Context
from core.common.errors import DataError, NotFoundError
from core.common.text import quoted, shortened
from core.inference.told import MOST_CLASSES

# Roles of versions: the one that answers, one that answers a share, and one that is asked without being heard.
MAIN, CHALLENGER, SHADOW = "main", "challenger", "shadow"


def _number(value: Any) -> Any:
    if not (isinstance(value, str) and re.fullmatch("[0-9a-f]{32}", value)):
        raise ValueError(f"an id has 32 hexadecimal digits; received {quoted(value)}. Take the answer's X-Request-Id")
    return value


def _label(value: Any) -> Any:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if value is not None and not isinstance(value, str) and not is_number:
        raise ValueError(f"label is a class's name or a finite number; received {quoted(value)}")
    return value


class Given(BaseModel):
    """Of the answer with this id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, BeforeValidator(_number), WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{32}$"})]
    correct: StrictBool | None = None
    # What is right: a class, or a number.
    label: Annotated[Annotated[str, Field(max_length=1000)] | float | None, BeforeValidator(_label)] = None
    note: str = Field("", max_length=1000)


def shadow_of(number: str) -> str:
    """The id under which the challenger's answer to the same question is kept."""
    return hashlib.blake2b(number.encode(), digest_size=16).hexdigest()


def give(context: Context, model_id: int, given: Given) -> dict[str, Any]:
    """What became of it: "status", "replaced" where something else was said before, "note" where it judges nothing.

    Raises:
        NotFoundError: no answer of this id is kept.
        DataError: it says nothing, contradicts itself, or names what cannot be the answer.
    """
    told: dict[str, Any] = given.model_dump(exclude={"id"}, exclude_none=True, exclude_defaults=True)
    if not told:
        raise DataError('Nothing was said. Send "correct" with true or false, "label" with what is right, or a "note".')
    with context.workspace.write() as session:
        kept = db.serving.kept(session, model_id, [given.id, shadow_of(given.id)])
        if given.id not in kept:
            raise NotFoundError(
                f"No answer {quoted(given.id)} is kept of this model. Feedback is taken for answers that came with an "
                "X-Request-Id, until they are removed."
            )
        heard = _answered(kept[given.id].answered)
        said = _checked(given, heard)
        judged = told if said is None else {**told, "correct": said}
        before = kept[given.id].feedback
        db.serving.give_feedback(session, model_id, given.id, judged)
        shadow = kept.get(shadow_of(given.id))
        if shadow is not None and (right := _is_right(given.label, _answered(shadow.answered))) is not None:
            db.serving.give_feedback(session, model_id, shadow.id, {"correct": right})
    answer: dict[str, Any] = {"status": "kept"} | ({"replaced": True} if before not in ({}, judged) else {})
    if given.label is not None and "correct" not in judged:
        answer["note"] = (
            'The label is kept, but judges nothing: only one answer with a class is compared. Send "correct" to '
            "say whether it was right."
        )
    return answer


def predictions(text: str) -> list[Any] | None:
    """What each of our answers in what is kept names, a class or labels; None of numbers, and of what is cut short."""
    try:
        found = [each["prediction"] for each in json.loads(text)["answers"]]
    except (KeyError, TypeError):
        return None
    except ValueError:
        found = [answer["prediction"]] if (answer := _answered(text)) else []
    is_named = all(isinstance(name, str) for each in found for name in (each if isinstance(each, list) else [each]))
    return found if found and is_named else None


def _answered(text: str) -> dict[str, Any] | None:
    """The one answer of ours in what is kept; None of several, and of numbers without names.

    What is too long to be kept whole is cut, which leaves what was predicted.
    """
    try:
        [answer] = json.loads(text)["answers"]
        return answer if isinstance(answer, dict) else None
    except (KeyError, TypeError):
        return None
    except ValueError:  # cut, or of several
        cut = re.match(r'\{"answers": \[(\{"prediction": "(?:[^"\\]|\\.)*")', text)
        found: dict[str, Any] | None = json.loads(cut[1] + "}") if cut and text.count('{"prediction"') == 1 else None
        return found


def _checked(given: Given, answer: dict[str, Any] | None) -> bool | None:
    """Whether the answer is right by its label. Raises DataError."""
    predicted, label = (answer or {}).get("prediction"), given.label
    if isinstance(predicted, float | int) and isinstance(label, str):
        raise DataError(f"The answer is a number, so its label is a number; received {quoted(label)}.")
    told = (answer or {}).get("classes", ())
    names = [str(each.get("name")) for each in told] if len(told) < MOST_CLASSES else []
    if label is not None and names and not any(_is_same(label, name) for name in names):
        raise DataError(
            f"{quoted(label)} is no class of this answer. Its classes are {shortened(', '.join(names))}. "
            'Where none of them is right, send "correct": false.'
        )
    said = _is_right(label, answer)
    if said is not None and given.correct not in (None, said):
        raise DataError(
            f'"correct" and "label" contradict each other: the answer was {quoted(predicted)}, the label is '
            f"{quoted(label)}. Send one of them."
        )
    return said


def _is_right(label: str | float | None, answer: dict[str, Any] | None) -> bool | None:
    """Of one answer that names a class; None of others, and where it was not said what is right."""
    predicted = (answer or {}).get("prediction")
    return None if label is None or not isinstance(predicted, str) else _is_same(label, predicted)


def _is_same(label: str | float, name: str) -> bool:
    """The class 7 may be said as a number, too."""
    if isinstance(label, str):
        return label == name
    try:
        return float(name) == label
    except ValueError:
        return False
