"""What is predicted: a class, several labels or a number; and of several labels where they stand."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core.data.library.read_options import ImagesPreview, TargetTask, TextPreview
from pages.parts.datasets.on_the_page import on_the_page
from pages.shared.format import literal

AIMS: dict[TargetTask, str] = {
    "auto": "Automatic",
    "classification": "A class",
    "multilabel": "Several labels",
    "regression": "A number",
}
_SIGNS = {
    "": "Automatic",
    ",": "Comma",
    ";": "Semicolon",
    "|": "Bar",
    "blank": "Blanks",
    "/": "Slash",
    "+": "Plus",
    "list": "A list, as [a, b]",
}


def draw_aim(key: str) -> TargetTask:
    aim: TargetTask = st.selectbox(
        "What is predicted",
        list(AIMS),
        format_func=AIMS.__getitem__,
        key=_aim(key),
        width=200,
        persist_state="session",
    )
    return aim


def draw_labels(key: str, columns: Sequence[str], guess: Sequence[str] = ()) -> None:
    """Asks of several labels for further columns, and else for what parts those of a cell."""
    more = st.multiselect(
        "Further columns, each a label",
        list(columns),
        default=[each for each in guess if each in columns],
        key=_more(key),
        width=360,
        persist_state="session",
        placeholder="None: a cell holds them all",
        help="Columns of 0 and 1, such as toxic, insult, threat. Each is a label, and so is the column above.",
    )
    if not more:
        st.selectbox(
            "Labels in a cell are parted by",
            list(_SIGNS),
            format_func=_SIGNS.__getitem__,
            key=_sign(key),
            width=220,
            persist_state="session",
        )


def draw_told(preview: TextPreview | ImagesPreview) -> None:
    """How the labels are understood, or why nothing can be learned from them."""
    if preview.told:
        st.info("  \n".join(literal(on_the_page(told)) for told in preview.told), icon=":material/label:")
    if preview.problem:
        st.error(literal(on_the_page(preview.problem)), icon=":material/error:")


def chosen_aim(key: str, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """Options that follow from what was chosen; `columns` are those that are there."""
    state = st.session_state
    aim = state.get(_aim(key)) or "auto"
    found: dict[str, Any] = {"task": aim} if aim != "auto" else {}
    if aim in ("auto", "multilabel"):
        more = state.get(_more(key)) or ()
        found["more_targets"] = tuple(each for each in more if columns is None or each in columns)
        found["labels_by"] = "" if found["more_targets"] else state.get(_sign(key)) or ""
    return found


def _aim(key: str) -> str:
    return f"datasets_aim_{key}"


def _more(key: str) -> str:
    return f"datasets_more_targets_{key}"


def _sign(key: str) -> str:
    return f"datasets_labels_by_{key}"
