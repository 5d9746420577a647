"""The head of the Launch page: what to start from, files in and files out."""

import json

import streamlit as st

from core.common.context import Context
from core.common.errors import ConfigError
from core.config.edit import to_yaml
from core.config.presets import PRESETS
from core.runs.compressing import METHODS
from pages.parts.launch import draft
from pages.parts.launch.gallery import draw_choice
from pages.shared import state
from pages.shared.format import literal

_LARGEST = 1  # MB of an uploaded config


def draw_start(context: Context) -> None:
    origin = draft.origin()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draw_choice(context, origin.title)
        st.button(
            "Reset",
            key="launch_reset",
            icon=":material/restart_alt:",
            help="Take back every edit.",
            on_click=draft.start,
            args=(origin,),
        )
        _upload(context)
        _download()
    st.caption(_about(origin))


def _about(origin: draft.Origin) -> str:
    if origin.dataset:
        return literal(f"Defaults that fit the data set {origin.dataset}.")
    if origin.run_id is None:
        return literal(PRESETS[origin.preset].summary)
    came_from = f", which came from preset {origin.preset}" if origin.preset else ""
    if origin.method:
        return literal(f"{METHODS[origin.method].summary} Made of run {origin.run_id}{came_from}.")
    if origin.fine_tunes:
        return literal(f"Begins from the best weights of run {origin.run_id}{came_from}.")
    return literal(f"A copy of run {origin.run_id}{came_from}.")


def _upload(context: Context) -> None:
    with st.popover("Upload", icon=":material/upload:", key="launch_upload"):
        key = f"launch_file_{st.session_state.get(state.LAUNCH_UPLOADS, 0)}"
        st.file_uploader(
            "A config as JSON or YAML",
            type=["yaml", "yml", "json"],
            max_upload_size=_LARGEST,
            key=key,
            on_change=_take,
            args=(key, context),
        )
        error: ConfigError | None = st.session_state.get(state.LAUNCH_UPLOAD_ERROR)
        if error:
            lines = [f"- **{literal(problem.field)}** {literal(problem.message)}" for problem in error.problems]
            st.error("This file was not taken in:\n\n" + "\n".join(lines), icon=":material/error:")


def _take(key: str, context: Context) -> None:
    file = st.session_state[key]
    st.session_state.pop(state.LAUNCH_UPLOAD_ERROR, None)
    if file is None:
        return
    try:
        draft.take_file(file.getvalue(), context.workspace.settings)
    except ConfigError as error:
        st.session_state[state.LAUNCH_UPLOAD_ERROR] = error
    else:
        st.session_state[state.LAUNCH_UPLOADS] = st.session_state.get(state.LAUNCH_UPLOADS, 0) + 1


def _download() -> None:
    raw = draft.raw()
    with st.popover("Download", icon=":material/download:", key="launch_download"):
        name = draft.origin().title.removeprefix("preset ").replace(" ", "-")
        st.download_button(
            "As YAML", lambda: to_yaml(raw), f"{name}.yaml", "application/yaml", key="launch_yaml", on_click="ignore"
        )
        st.download_button(
            "As JSON",
            lambda: json.dumps(raw, indent=2, ensure_ascii=False),
            f"{name}.json",
            "application/json",
            key="launch_json",
            on_click="ignore",
        )
        st.caption("What `python -m core launch` takes, too.")
