"""A table before it is added: what each column is taken for and why, and its first rows as they will be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import pandas as pd
import streamlit as st

from core.common.errors import DataError
from core.data.library import ColumnGuess, TablePreview
from core.data.library.label_columns import looks_like_label
from core.data.library.read_options import ColumnKind
from pages.parts.datasets import words
from pages.parts.datasets.aim_form import chosen_aim, draw_aim, draw_labels
from pages.parts.datasets.on_the_page import on_the_page
from pages.parts.datasets.parts_form import dates_of
from pages.shared import state
from pages.shared.format import literal, plural

Look = Callable[..., TablePreview | DataError]  # given options of a table
_QUESTIONS = 8  # shown at once
_VALUES = 2  # of a column that is a label, beside empty cells


@dataclass
class _Types:
    """The types of a file's columns as chosen: an editor keeps nothing when its page is left."""

    key: str  # of the file
    before: Mapping[str, ColumnKind] = field(default_factory=dict)  # when the editor was drawn first
    now: dict[str, ColumnKind] = field(default_factory=dict)

    @property
    def editor(self) -> str:
        """Key of the widget, which keeps what was edited while the other cells change."""
        return f"datasets_types_{self.key}"


@dataclass(frozen=True)
class Chosen:
    target: str  # "" when no column can be one
    columns: dict[str, ColumnKind]  # those that are not as guessed
    aim: Mapping[str, Any] = field(default_factory=dict)  # options that say what is predicted
    found: TablePreview | None = None  # what the file holds when this is said of them


def draw_table(guessed: TablePreview, key: str, look: Look) -> Chosen:
    """Asks for target, task and types.

    Args:
        guessed: as the file is understood when nothing is said of its columns.
        look: what it holds when options say more.
    """
    st.caption(literal(_summary(guessed)))
    for note in guessed.notes:
        st.caption(f":material/info: {literal(note)}")
    possible = [column.name for column in guessed.columns if column.task or column.name == guessed.target]
    if not possible:
        st.error("No column can be predicted: each is empty or has one value only.", icon=":material/error:")
        return Chosen("", {})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        target = _target(possible, guessed.target, key)
        aim = draw_aim(key)
        column = next(column for column in guessed.columns if column.name == target)
        if aim == "auto" and column.task:
            st.caption(f"{words.TASKS[column.task]}, {column.distinct:,} different values", width="content")
        several = aim == "multilabel" or (aim == "auto" and column.task == "multilabel")
        if several:
            draw_labels(key, [each.name for each in guessed.columns if each.name != target and _is_label(each)])
    chosen = (
        chosen_aim(key, [each.name for each in guessed.columns if each.name != target]) if several else {"task": aim}
    )
    draft = _types(guessed.columns, key)
    columns = {each.name: draft.now[each.name] for each in guessed.columns if draft.now[each.name] != each.kind}
    more = {"target": target, **chosen} if several else {}
    found = look(columns=columns, **more) if columns or more else guessed
    _draw_types(draft, guessed.columns, () if isinstance(found, DataError) else found.columns)
    if isinstance(found, DataError):
        st.error(literal(str(found)), icon=":material/error:")
        return Chosen("", columns)
    if several:
        told = [on_the_page(each) for each in found.told]
        (st.info if not found.problem else st.error)(literal(" ".join(told) or found.problem), icon=":material/label:")
    _questions(found.columns)
    _first_rows(found, (target, *chosen.get("more_targets", ())))
    dated = dates_of(found)
    if dated and not found.test_rows:
        st.caption(
            literal(
                f"The rows have dates ({', '.join(dated[:3])}): they can be cut by time, below. To forecast what comes "
                "next from what was before, add them as a time series."
            )
        )
    return Chosen(target, columns, chosen, found)


def _is_label(column: ColumnGuess) -> bool:
    return column.distinct <= _VALUES and looks_like_label(column.examples)


def _target(possible: Sequence[str], guess: str, key: str) -> str:
    """Asks for it. The guess, also when it changes with how the file is read, until another one is chosen."""
    box, chosen = f"datasets_target_{key}", f"datasets_target_chosen_{key}"
    place = possible.index(guess) if guess in possible else 0
    by_user = st.session_state.get(chosen) is True and st.session_state.get(box) in possible
    if box in st.session_state and not by_user:
        st.session_state[box] = possible[place]
    return st.selectbox(
        "Column to predict",
        possible,
        index=place,
        key=box,
        width=280,
        persist_state="session",
        on_change=lambda: st.session_state.update({chosen: True}),
    )


def _summary(preview: TablePreview) -> str:
    parts = []
    if preview.validation_rows:
        parts.append(f"{preview.validation_rows:,} of them to validate on")
    if preview.test_rows:
        parts.append(f"{preview.test_rows:,} of them to test on")
    written = [preview.encoding] if preview.encoding else []
    written += [f"sheet {preview.sheet}"] if preview.sheet else []
    how = f" Read as {', '.join(written)}." if written else ""
    rows = ", ".join([plural(preview.rows, "row"), *parts])
    return f"{rows}; {plural(len(preview.columns), 'column')}. {preview.header_reason}{how}"


def _questions(columns: Sequence[ColumnGuess]) -> None:
    asked = [f"**{literal(column.name, 60)}**: {literal(on_the_page(column.question), 400)}" for column in columns
             if column.question]  # fmt: skip
    if asked:
        more = [f"… and {len(asked) - _QUESTIONS:,} more columns"] if len(asked) > _QUESTIONS else []
        st.info("\n".join(f"- {each}" for each in [*asked[:_QUESTIONS], *more]), icon=":material/help:",
                title="Is this meant so?")  # fmt: skip


def _first_rows(preview: TablePreview, targets: Sequence[str]) -> None:
    """Numbers as numbers, words as words, what a date gives, and a gap where a cell is missing."""
    st.markdown("**The first rows, as they will be read.** Empty cells are missing.")
    frame = pd.DataFrame(preview.read_rows, columns=list(range(len(preview.read_names))))
    config = {}
    for place, name in enumerate(preview.read_names):
        is_number = all(value is None or isinstance(value, float) for value in frame[place].tolist())
        label = f"{name} (predicted)" if name in targets else name
        make = st.column_config.NumberColumn if is_number else st.column_config.TextColumn
        config[str(place)] = make(label, help="A number" if is_number else "A category")
    frame.columns = [str(place) for place in frame.columns]
    st.dataframe(frame, hide_index=True, height=245, key="datasets_first_rows", placeholder="",
                 alt="The first rows of the file, as they will be read", column_config=config)  # fmt: skip
    with st.expander("As they are written"):
        names = [column.name for column in preview.columns]
        written = pd.DataFrame(preview.first_rows, columns=[f"{at}" for at in range(len(names))])
        st.dataframe(written, hide_index=True, height=245, key="datasets_written_rows", alt="The cells of the file",
                     column_config={f"{at}": name for at, name in enumerate(names)})  # fmt: skip


def _types(columns: Sequence[ColumnGuess], key: str) -> _Types:
    """The columns' types: as guessed at first; or as they were when the form was left; with what the editor says."""
    draft: _Types = st.session_state.get(state.DATASETS_TYPES) or _Types(key)
    draft = st.session_state[state.DATASETS_TYPES] = draft if draft.key == key else _Types(key)
    said = st.session_state.get(draft.editor)
    if said is None:
        draft.before = draft.now
    edits = said["edited_rows"] if said else {}
    draft.now = {
        column.name: edits.get(row, {}).get("Type", draft.before.get(column.name, column.kind))
        for row, column in enumerate(columns)
    }
    return draft


def _draw_types(draft: _Types, guessed: Sequence[ColumnGuess], found: Sequence[ColumnGuess]) -> None:
    """An editor of the types, beside how each column is read by them."""
    by_name = {column.name: column for column in found}
    columns = [by_name.get(column.name, column) for column in guessed]
    st.markdown("**Types of the columns.** Change what was guessed wrong; ignored ones are not learned from.")
    frame = pd.DataFrame(
        {
            "Column": [column.name for column in columns],
            "Type": pd.Categorical(
                [draft.before.get(column.name, column.kind) for column in guessed], list(get_args(ColumnKind))
            ),
            "Read as": [f"left out: {column.reason}" if column.reason else column.how for column in columns],
            "Missing": [column.missing for column in columns],
            "Distinct": [column.distinct for column in columns],
            "Some values": [", ".join(column.examples) for column in columns],
        }
    )
    st.data_editor(
        frame,
        hide_index=True,
        key=draft.editor,
        disabled=["Column", "Read as", "Missing", "Distinct", "Some values"],
        alt="Columns and their types",
        column_config={
            "Type": st.column_config.SelectboxColumn(options=list(get_args(ColumnKind)), required=True, width=110),
            "Read as": st.column_config.TextColumn(help="How the cells are understood, and why", width="large"),
            "Missing": st.column_config.NumberColumn(format="localized", width=90),
            "Distinct": st.column_config.NumberColumn(format="localized", width=90),
        },
    )
