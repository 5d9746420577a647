"""What people write about an experiment: read and edited in place."""

import streamlit as st

from core.common.errors import ConfigError, TraindeckError
from core.runs import MAX_NOTES, experiment_board
from core.runs.experiment_board import BoardRecord
from pages.shared.data import context
from pages.shared.format import literal, minute
from pages.shared.widgets import reader_zone

_KEY = "experiment_notes"
_EDITED = f"{_KEY}_edited"  # which experiment's are being written, and when what was there had been


def draw_notes(experiment: str) -> None:
    board = experiment_board.board(context(), experiment)
    edited, _ = st.session_state.get(_EDITED, ("", None))
    if edited == experiment:
        _form(experiment)
        return
    if not board.notes:
        st.button("Write notes", icon=":material/edit_note:", type="tertiary", key=f"{_KEY}_begin", on_click=_begin,
                  args=(experiment, board))  # fmt: skip
        return
    with st.container(border=True, key=_KEY):
        st.markdown(board.notes)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.caption(f"By {literal(board.noted_by)}, {minute(board.noted_at, reader_zone())}", width="content")
            st.button("Edit", icon=":material/edit:", type="tertiary", key=f"{_KEY}_edit", on_click=_begin,
                      args=(experiment, board))  # fmt: skip


def _form(experiment: str) -> None:
    with st.container(border=True, key=_KEY):
        st.text_area("Notes, in Markdown", key=f"{_KEY}_text", max_chars=MAX_NOTES, height=220)
        if message := st.session_state.pop(f"{_KEY}_failed", ""):
            st.error(literal(message, 600))
        with st.container(horizontal=True):
            st.button("Save", type="primary", key=f"{_KEY}_save", on_click=_save, args=(experiment,))
            st.button("Cancel", key=f"{_KEY}_cancel", on_click=st.session_state.pop, args=(_EDITED, None))


def _begin(experiment: str, board: BoardRecord) -> None:
    st.session_state[_EDITED] = experiment, board.noted_at
    st.session_state[f"{_KEY}_text"] = board.notes


def _save(experiment: str) -> None:
    _, read_at = st.session_state[_EDITED]
    try:
        experiment_board.write_notes(context(), experiment, st.session_state[f"{_KEY}_text"].strip(), read_at)
    except ConfigError as error:
        st.session_state[f"{_KEY}_failed"] = "; ".join(map(str, error.problems))
    except TraindeckError as error:
        st.session_state[f"{_KEY}_failed"] = str(error)
    else:
        del st.session_state[_EDITED]
