"""The model card: as people left it beside as it was written; to edit, take back, and download."""

import streamlit as st

from core import models
from core.models import VersionRecord
from pages.parts.models import head
from pages.shared.data import context


def card(version: VersionRecord) -> None:
    text = models.shown_card(version)
    now = models.card_in_use(context(), version)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if version.edited_card:
            shown = st.segmented_control(
                "Card", ["Edited", "From the facts"], default="Edited", required=True, key="models_card_shown",
                label_visibility="collapsed",
            )  # fmt: skip
            text = version.card if shown == "From the facts" else text
        else:
            st.caption("Written from the facts of its run.", width="content")
        with st.container(horizontal=True, width="content"):
            _edit(version)
            st.download_button(
                "Download",
                f"{text}\n{now}",
                file_name=f"{version.model}-{version.number}.md",
                mime="text/markdown",
                icon=":material/download:",
                on_click="ignore",
                key="models_card_download",
            )
    with st.container(border=True, key="models_card"):
        st.markdown(text)
        st.markdown(now)


def _edit(version: VersionRecord) -> None:
    key = f"models_card_{version.id}"
    with (
        head.popover("Edit", icon=":material/edit:", key="models_card_edit"),
        st.form(f"{key}_form", border=False),
    ):
        st.text_area("Markdown", models.shown_card(version), height=400, width=600, key=key)
        with st.container(horizontal=True):
            st.form_submit_button("Save", type="primary", on_click=_saved, args=(version, key))
            if version.edited_card:
                st.form_submit_button(
                    "Take the edits back", on_click=lambda: head.act(lambda: models.edit_card(context(), version, ""))
                )


def _saved(version: VersionRecord, key: str) -> None:
    head.act(lambda: models.edit_card(context(), version, st.session_state[key]), "Saved the card.")
