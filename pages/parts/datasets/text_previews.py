"""What a file of texts holds, shown before it is added, and what is chosen of it; looked at anew for each choice."""

from typing import Any

import pandas as pd
import streamlit as st

from core.data.library import CorpusPreview, DatasetKind, TextPreview
from core.data.library.text_fields import WHOLE
from pages.parts.datasets.aim_form import chosen_aim, draw_aim, draw_labels, draw_told
from pages.parts.datasets.on_the_page import on_the_page
from pages.parts.datasets.previews import draw_counts, draw_notes
from pages.shared.format import literal

_AS_IT_IS = "The file as it is, with its keys and braces"
_TALLEST = 210


def chosen(kind: DatasetKind, key: str) -> dict[str, Any]:
    """Options that follow from what was chosen below the preview; `key` is of the file and how it is read."""
    state = st.session_state
    if kind == "text":
        joined = tuple(state.get(f"datasets_joined_{key}") or ())
        return {
            "label": state.get(f"datasets_label_{key}") or "",
            "text": state.get(f"datasets_text_{key}") or "",
            "joined": joined,
            **chosen_aim(key),
        }
    if kind == "images":
        return {"label": state.get(f"datasets_label_{key}") or "", **chosen_aim(key)}
    return {"field": state.get(f"datasets_field_{key}") or ""} if kind == "corpus" else {}


def draw_encoding(encoding: str, note: str) -> None:
    """How the text of a file was read; a guess is told as one."""
    if note:
        st.warning(literal(note), icon=":material/translate:")
    elif encoding not in ("", "utf-8", "utf-8-sig"):
        st.caption(literal(f"Read as {encoding}."))


def draw_text(preview: TextPreview, key: str) -> bool:
    """Asks for the columns of a table of texts and what is predicted; whether that can be learned."""
    draw_encoding(preview.encoding, preview.encoding_note)
    if preview.layout == "table":
        options = list(preview.columns)
        with st.container(horizontal=True):
            _column("Column of labels", options, preview.label, f"datasets_label_{key}")
            _column("Column of texts", options, preview.text, f"datasets_text_{key}")
            draw_aim(key)
            if preview.task == "multilabel":
                others = [each for each in options if each not in (preview.label, preview.text)]
                draw_labels(key, others, preview.label_columns)
            if len(options) > 2:
                st.multiselect(
                    "Joined behind the text",
                    options,
                    default=preview.joined,
                    key=f"datasets_joined_{key}",
                    width=320,
                    persist_state="session",
                    placeholder="No other column",
                    help="Such as a description behind a title: each on a line of its own.",
                )
        frame = pd.DataFrame(preview.first_rows, columns=["Label", "Text"])
        st.dataframe(frame, hide_index=True, height=_TALLEST, key="datasets_first_texts", alt="The first texts")
    draw_told(preview)
    draw_notes([on_the_page(note) for note in preview.notes])
    several = preview.task == "multilabel"
    draw_counts(preview.class_counts, preview.test_texts, "text", preview.validation_texts, several)
    return not preview.problem


def draw_corpus(preview: CorpusPreview, key: str) -> None:
    """Asks for the field of a JSON file, and shows the text as it would be learned."""
    draw_encoding(preview.encoding, preview.encoding_note)
    if preview.fields or preview.field == WHOLE:
        names = [field[0] for field in preview.fields]
        told = {
            name: f"{name or 'texts'} · {texts:,} texts, {size:,} characters" for name, texts, size, _ in preview.fields
        }
        st.selectbox(
            "Field that holds the text",
            [*names, WHOLE],
            index=[*names, WHOLE].index(preview.field),
            format_func=lambda name: told.get(name, _AS_IT_IS),
            key=f"datasets_field_{key}",
            width=420,
            persist_state="session",
        )
    if preview.looks_like:
        st.warning(literal(preview.looks_like), icon=":material/data_object:")
    st.caption(f"{preview.characters:,} characters are learned. They begin:")
    st.code(preview.beginning, language=None, wrap_lines=True, height=_TALLEST)


def _column(label: str, options: list[str], guess: str, key: str) -> None:
    names = {each: f"column {int(each) + 1}" if each.isdecimal() else each for each in options}
    st.selectbox(
        label,
        options,
        index=options.index(guess) if guess in options else 0,
        key=key,
        width=260,
        format_func=lambda each: names[each],
        persist_state="session",
    )
