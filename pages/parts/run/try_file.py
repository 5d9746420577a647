"""Try it: a whole file of inputs, answered as a table to download."""

import pandas as pd
import streamlit as st

from core.common.errors import TraindeckError
from core.data.base import DataInfo
from core.data.library.table_files.formats import endings
from core.jobs import batch_prediction, job_queue
from core.jobs.batch_prediction import File, Format
from core.runs.records import RunRecord
from pages.shared.data import context, workspace
from pages.shared.format import literal, plural

_POLL = 0.5  # seconds between two looks for the answer


def try_file(run: RunRecord, info: DataInfo) -> None:
    """An upload, progress, and the answers; of running text nothing, which is asked with prompts."""
    if info.kind in ("corpus", "series"):
        return
    with st.expander("A whole file", icon=":material/table_view:", key=f"run_file_{run.id}"):
        what = "A zip of pictures" if info.is_image else "A table of texts" if info.kind == "text" else (
            "A table with the columns that it learned from; no target is needed, other columns such as an id are kept"
        )  # fmt: skip
        known = [ending.removeprefix(".") for ending in endings()]
        given = st.file_uploader(what, type=["zip"] if info.is_image else known, key=f"run_file_upload_{run.id}")
        form: Format | None = st.segmented_control(
            "Answers as", ["csv", "parquet"], default="csv", required=True, key=f"run_file_format_{run.id}"
        )
        ready = given is not None
        if st.button("Predict", type="primary", disabled=not ready, key=f"run_file_ask_{run.id}") and given and form:
            try:
                _ask(run, given.name, given.getvalue(), form)
            except (TraindeckError, OSError) as error:
                st.error(literal(str(error)), icon=":material/error:")
        if asked := st.session_state.get(_key(run)):
            st.fragment(run_every=None if asked[2] else _POLL)(_show)(run)


def _key(run: RunRecord) -> str:
    return f"run_file_asked_{run.id}"


def _ask(run: RunRecord, name: str, content: bytes, form: Format) -> None:
    """Raises TraindeckError, OSError."""
    asked, place = batch_prediction.placed(workspace().settings, run, name, format=form)
    place.write_bytes(content)
    st.session_state[_key(run)] = [asked, batch_prediction.ask(context(), run, asked), False]


def _show(run: RunRecord) -> None:
    """How far it is, or what came of it."""
    asked, key, was_done = st.session_state[_key(run)]
    try:
        done = batch_prediction.take(context(), key)
    except TraindeckError as error:
        st.session_state[_key(run)][2] = True
        st.error(literal(str(error)), icon=":material/error:")
        return
    if done is None:
        told = job_queue.progress(context(), key)
        st.progress(
            (told.share if told else None) or 0.0, text=literal(told.text) if told else "Waiting for the network"
        )
        return
    if not was_done:
        st.session_state[_key(run)][2] = True
        st.rerun()  # nothing is to be looked for any more
    for note in done.notes:
        st.caption(literal(note))
    _answers(run, asked, done)


def _answers(run: RunRecord, asked: File, done: batch_prediction.Predicted) -> None:
    st.dataframe(
        pd.DataFrame(list(done.first), columns=list(done.columns)),
        hide_index=True,
        key=f"run_file_first_{run.id}",
        alt="The first answers",
    )
    path = batch_prediction.answers(workspace().settings, asked)
    try:
        content = path.read_bytes()
    except OSError:
        st.warning("The file of answers is no longer there. Ask again.")
        return
    st.download_button(
        f"Download {plural(done.rows, 'answer')}",
        content,
        file_name=f"predictions-run-{run.id}{path.suffix}",
        icon=":material/download:",
        on_click="ignore",
        key=f"run_file_download_{run.id}",
    )
