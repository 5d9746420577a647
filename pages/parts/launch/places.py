"""Where a field stands in the form: what it is called, which come first, and how a link leads to it."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from core.common.errors import Problem
from core.config.complete import nested_model
from core.config.edit import Raw
from core.config.run import RunConfig
from pages.parts.launch import seeding
from pages.shared.format import literal

KEY = "launch:"  # and the path of the field, of every widget of the form
# What most people leave as it is; every other field stands before these, also one that is new.
_FOLDED = """
fold limit resize scaling test_split stride kernel_size padding l1 l2 batch_norm activation stem stem_stride
embedding_dropout max_steps clip_norm momentum nesterov rho beta_1 beta_2 min_delta restore_best floor
ramp scope dense_share ema_momentum lookahead keep growth shift_factor gradient_accumulation_steps
initial_accumulator_value
l1_regularization_strength
l2_regularization_strength precision target_scaling engine record_steps keep_epochs stop_on_nan deterministic device
gpus slot
"""
FOLDED = frozenset(_FOLDED.split())
_LABELS = {"created_by": "Launched by"}  # of the card's own fields, where the name is not enough


def has_words(words: list[str], path: str, info: FieldInfo) -> bool:
    """Whether a field is called or explained with all of these, in small letters."""
    told = f"{path} {info.title or ''} {info.description or ''}".replace("_", " ").lower()
    return all(word in told for word in words)


def default_of(info: FieldInfo) -> Any:
    """As JSON data hold it; of a field that must be given its example, None without one."""
    if info.is_required():
        return info.examples[0] if info.examples else None
    found = info.get_default(call_default_factory=True)
    return list(found) if isinstance(found, tuple) else found


def label(path: str, raw: Raw) -> str:
    """As the form calls it: Training › Epochs. What is no field of it is named as it is."""
    model: type[BaseModel] | None = RunConfig
    value: Any = raw
    found: list[str] = []
    for name in path.split("."):
        info = model.model_fields.get(name) if model is not None else None
        value = value.get(name) if isinstance(value, dict) else None
        if info is None:
            found.append(name)
            model = None
        else:
            found.append(info.title or name.replace("_", " ").capitalize())
            model = nested_model(info, value)
    if len(found) == 1 and path not in RunConfig.model_fields:
        return _LABELS.get(path, path.capitalize())
    return " › ".join(found)


def in_words(problem: Problem, raw: Raw) -> str:
    """A line of Markdown that leads to the problem's field."""
    if not problem.field:
        return f"**Config** {literal(problem.message)}"
    return f"[**{literal(label(problem.field, raw))}**](#{_anchor(problem.field)}) {literal(problem.message)}"


def mark(problems: list[Problem], name: str) -> str:
    """HTML to put below the widget of this name: it is outlined, and links to its problems lead here."""
    targets = "".join(f'<span id="{_anchor(each.field)}" class="launch-target"></span>' for each in problems)
    widget = re.sub(r"[^a-zA-Z0-9_-]", "-", seeding.key_of(name))  # as Streamlit (1.67) names its class
    return f"{targets}<style>.st-key-{widget} {{ {_OUTLINE} }}</style>"


_OUTLINE = "outline: 2px solid #d43f3f; outline-offset: 5px; border-radius: 0.25rem"


def _anchor(field: str) -> str:
    return f"field-{re.sub(r'[^a-zA-Z0-9_-]', '-', field)}"
