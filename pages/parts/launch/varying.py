"""Fields of the Launch form that a sweep varies."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.common.context import Context
from core.config.edit import leaves, variants_at
from core.config.list_paths import first_list
from core.runs.search_names import KINDS
from core.sweeps.check_sweep import MEASURED_ON
from core.sweeps.conditions import by_choice, condition
from core.sweeps.fields import Choices
from core.sweeps.list_fields import fields_from_words
from core.sweeps.short_names import of_varied
from pages.parts.launch.fields import Kind, Leaf
from pages.parts.launch.seeding import is_current, seed
from pages.shared import state
from pages.shared.format import literal
from pages.shared.sweep_options import chosen_options, put_options
from pages.shared.varying import Marks, around

MARKS = Marks(state.LAUNCH_VARIED, "launch", seed, is_current)
_OPTIMIZER, _OPTIMIZERS = "training.optimizer.name", ("adam", "sgd", "rmsprop", "adamw")  # of many, the usual ones
_PENALTIES = ("l1", "l2", "weight_decay")
# Of shares that are off at first, and that would be near 1.
_ONCE_ON = {"momentum": "0..0.95", "ema_momentum": "0.9..0.999"}
# What a repeat is for, or what makes results another thing, or has no influence on a goal.
_NOT = {"seed", *MEASURED_ON, "evaluation.test", "evaluation.monitor"}


def is_on() -> bool:
    """Whether the page is about a sweep."""
    return bool(st.session_state.get(state.LAUNCH_SWEEP))


def begin(told: str, raw: Mapping[str, Any], goal: str, *, is_again: bool) -> None:
    """With what an address marks: FIELD=RANGE, several with ; between, and nothing of what was marked and chosen
    before. A field may have a short name, of this config.

    Args:
        goal: what a search with this config was for.
        is_again: every edit is taken back, and the page stays about what it is about: a sweep or runs.

    Raises:
        ConfigError: what is not written so.
    """
    parts = [part for part in told.split(";") if part.strip()]
    fields = [field for part in parts for field in fields_from_words(part)]
    put_options(state.LAUNCH_SWEEP, {"goal": goal} if goal else {})
    meant, marked = of_varied(dict(raw), fields), {}
    for field, _, text in (part.partition("=") for part in parts):
        paths = meant(field.strip())
        marked[paths[0] if len(paths) == 1 else field.strip()] = text.strip()
    MARKS.put(marked)
    st.session_state[state.LAUNCH_SWEEP] = bool(parts) or (is_again and is_on())


def check(context: Context, raw: Mapping[str, Any]) -> None:
    """Find what is wrong with the ranges, for this config, before its fields are drawn."""
    if is_on():
        MARKS.check(context, {"base": raw})


def held() -> dict[str, Any]:
    """What of the form is about a sweep, as JSON data; empty as long as there is nothing."""
    if not (is_on() or MARKS.texts()):
        return {}
    return {"on": is_on(), "varied": dict(MARKS.texts()), "options": chosen_options(state.LAUNCH_SWEEP)}


def put(kept: Mapping[str, Any]) -> None:
    """What was held once. Raises TypeError, ValueError, AttributeError where it is something else."""
    MARKS.put({str(path): str(text) for path, text in dict(kept.get("varied", {})).items()})
    st.session_state[state.LAUNCH_SWEEP] = bool(kept.get("on"))
    put_options(state.LAUNCH_SWEEP, dict(kept.get("options", {})))


def tried() -> dict[str, list[str]]:
    """By the path of each field that says which of several a section is, and is varied, what of it is tried."""
    found: dict[str, list[str]] = {}
    for varied in MARKS.fields()[0] if is_on() else ():
        section, _, kind = varied.field.rpartition(".")
        if section and kind in KINDS and isinstance(varied.range, Choices):
            found[varied.field] = [str(each) for each in varied.range.values]
    return found


def draw_absent(raw: Mapping[str, Any]) -> None:
    """Those that are marked and that the form does not show now, such as those of another architecture."""
    absent = [path for path in MARKS.texts() if path not in leaves(raw) and not _having(path)]
    in_lists = [path for path in absent if first_list(path) in leaves(raw)]
    _draw_beside("Marked within lists of the form:", in_lists)
    _draw_beside("Marked, though the form has no such field now:", [each for each in absent if each not in in_lists])


def _draw_beside(told: str, paths: Sequence[str]) -> None:
    if paths:
        st.caption(told)
    for path in paths:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f":small[{literal(path)}: {literal(MARKS.texts()[path], 80)}]", width="stretch")
            st.button("Drop", key=f"launch_drop_{path}", type="tertiary", on_click=MARKS.drop, args=(path,))


def draw(path: str, what: Leaf | None, value: Any) -> None:
    """Below the widget of a field, or of the choice of a variant (no leaf)."""
    if path not in _NOT and (what is None or what.kind is not Kind.ITEMS):
        MARKS.draw(path, lambda: proposed(path, what, value))


def draw_of_others(path: str, what: Leaf, value: Any) -> None:
    """A field that the form's own choice does not have, and others that are tried have. `value`: by default."""
    with_which = literal(" or ".join(_having(path)))
    st.markdown(f":small[{literal(what.title)} :gray[with {with_which}]]", help=what.help or None)
    draw(path, what, value)


def _having(path: str) -> list[str]:
    """Which of what is tried of its section have the path; none where that is not varied."""
    return by_choice(path, MARKS.fields()[0])[1]


def proposed(path: str, what: Leaf | None, value: Any) -> str:
    """A range to begin with, around the value."""
    if what is None:
        known = list(variants_at(path.split(".")[:-1]))
        usual = dict.fromkeys([*_OPTIMIZERS, value]) if path == _OPTIMIZER else known
        return ", ".join(each for each in usual if each in known)
    return _range(path, what, value) + _condition(path)


def _condition(path: str) -> str:
    """@optimizer=sgd, where the section's choice is varied, too, and only some of what is tried have the field, or the
    form's own choice has it not.
    """
    choice, having, without = by_choice(path, MARKS.fields()[0])
    is_absent = path not in leaves(st.session_state.get(state.LAUNCH_RAW, {}))
    return condition(choice, having) if having and (without or is_absent) else ""


def _range(path: str, what: Leaf, value: Any) -> str:
    match what.kind:
        case Kind.FLAG:
            return "true, false"
        case Kind.CHOICE:
            return ", ".join(map(str, what.choices))
        case Kind.NUMBER | Kind.INTEGER:
            name = path.rpartition(".")[2]
            if not value and name in _ONCE_ON:
                return _ONCE_ON[name]
            return around(
                value, whole=what.kind is Kind.INTEGER, penalty=name in _PENALTIES, is_share=what.is_share,
                is_above=what.is_above,
            )  # fmt: skip
        case Kind.SERIES if isinstance(value, list) and value:
            return f"{value}, {[2 * each if isinstance(each, int) else each for each in value]}"
        case _:
            return str(value or "")
