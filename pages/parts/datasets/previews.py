"""What a file holds, shown before it is added, and what can be chosen of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import pandas as pd
import streamlit as st

from core.charts import profiles as charts
from core.data.library import ColumnGuess, ImagesPreview, TablePreview
from core.data.library.read_options import ColumnKind
from pages.frontend.chart import chart
from pages.parts.datasets import words
from pages.shared import state
from pages.shared.format import literal, plural

Aim = Literal["auto", "classification", "regression"]
_AIMS: dict[Aim, str] = {"auto": "Automatic", "classification": "A class", "regression": "A number"}


@dataclass
class _Types:
    """The types of a file's columns as chosen: an editor keeps nothing when its page is left."""

    key: str  # of the file
    before: Mapping[str, ColumnKind] = field(default_factory=dict)  # when the editor was drawn first
    now: dict[str, ColumnKind] = field(default_factory=dict)


def draw_table(preview: TablePreview, key: str) -> tuple[str, Aim, dict[str, ColumnKind]]:
    """Asks for target, task and types; returns them. The target is "" when no column can be one."""
    test = f", {preview.test_rows:,} of them in a test file" if preview.test_rows else ""
    st.caption(f"{plural(preview.rows, 'row')}{test}, {plural(len(preview.columns), 'column')}. The first rows:")
    names = [column.name for column in preview.columns]
    _first_rows(preview.first_rows, names)
    possible = [column.name for column in preview.columns if column.task]
    if not possible:
        st.error("No column can be predicted: each is empty or has one value only.", icon=":material/error:")
        return "", "auto", {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        guess = possible.index(preview.target) if preview.target in possible else 0
        target = st.selectbox(
            "Column to predict", possible, index=guess, key=f"datasets_target_{key}", width=280, persist_state="session"
        )
        aim = st.selectbox(
            "What is predicted",
            list(_AIMS),
            format_func=lambda aim: _AIMS[aim],
            key=f"datasets_aim_{key}",
            width=200,
            persist_state="session",
        )
        column = next(column for column in preview.columns if column.name == target)
        if aim == "auto" and column.task:
            st.caption(f"{words.TASKS[column.task]}, {column.distinct:,} different values", width="content")
    return target, aim, _types(preview.columns, key)


def _first_rows(rows: Sequence[Sequence[str]], names: Sequence[str]) -> None:
    # A frame cannot have two columns of one name, and a file may.
    frame = pd.DataFrame([list(row) for row in rows])
    frame.columns = [f"{name} " * 1 if names.index(name) == place else f"{name} ({place + 1})" for place, name in
                     enumerate(names)][: frame.shape[1]]  # fmt: skip
    st.dataframe(frame, hide_index=True, height=210, key="datasets_first_rows", alt="The first rows of the file")


def _types(columns: Sequence[ColumnGuess], key: str) -> dict[str, ColumnKind]:
    """An editor of the columns' types, as guessed at first; or as they were when the form was left."""
    draft: _Types = st.session_state.get(state.DATASETS_TYPES) or _Types(key)
    draft = st.session_state[state.DATASETS_TYPES] = draft if draft.key == key else _Types(key)
    editor = f"datasets_types_{key}"
    if editor not in st.session_state:
        draft.before = draft.now
    st.markdown("**Types of the columns.** Change what was guessed wrong; ignored ones are not learned from.")
    frame = pd.DataFrame(
        {
            "Column": [column.name for column in columns],
            "Type": pd.Categorical(
                [draft.before.get(column.name, column.kind) for column in columns], list(get_args(ColumnKind))
            ),
            "Missing": [column.missing for column in columns],
            "Distinct": [column.distinct for column in columns],
            "Some values": [", ".join(column.examples) for column in columns],
            "Why ignored": [column.reason for column in columns],
        }
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        key=editor,
        disabled=["Column", "Missing", "Distinct", "Some values", "Why ignored"],
        alt="Columns and their types",
        column_config={
            "Type": st.column_config.SelectboxColumn(
                options=["number", "category", "ignore"], required=True, width=110
            ),
            "Missing": st.column_config.NumberColumn(format="localized", width=90),
            "Distinct": st.column_config.NumberColumn(format="localized", width=90),
        },
    )
    draft.now = dict(zip(edited["Column"], edited["Type"].tolist(), strict=True))
    return draft.now


def draw_images(preview: ImagesPreview) -> None:
    sizes = ", ".join(f"{size} ({count:,})" for size, count in preview.sizes[:5])
    st.caption(literal(f"Sizes, width first: {sizes}{' …' if len(preview.sizes) > 5 else ''}."))
    if preview.broken:
        files = ", ".join(preview.broken[:5])
        st.warning(
            literal(f"{plural(len(preview.broken), 'file')} cannot be read as a picture: {files}."),
            icon=":material/broken_image:",
        )
    draw_notes(preview.notes)
    draw_counts(preview.class_counts, preview.test_images, "picture", preview.validation_images)


def draw_notes(notes: Sequence[str]) -> None:
    if notes:
        lines = "\n".join(f"- {literal(note)}" for note in notes)
        st.info(lines if len(notes) > 1 else literal(notes[0]), icon=":material/info:")


def draw_counts(counts: Mapping[str, int], test: int, noun: str, validation: int) -> None:
    if not counts:
        return
    total = sum(counts.values())
    own = [f"{count:,} in a {part} part" for part, count in (("validation", validation), ("test", test)) if count]
    of_them = f", {' and '.join(own)} of their own" if own else ""
    st.caption(f"{plural(total, noun)} in {len(counts):,} classes{of_them}.")
    figure = charts.class_balance(list(counts), {f"{noun}s": list(counts.values())})
    chart(figure, key="datasets_preview_classes", alt=f"{noun.capitalize()}s of each class")
