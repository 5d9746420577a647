"""The Datasets page: every data set this host knows, what is in one of them, and a form that adds one.

The view is the URL's: `dataset` names the one that is shown, `add` opens the form.
"""

from pathlib import Path

import streamlit as st

from core.common.errors import DataError, NotFoundError
from core.data import library
from core.data.library import known
from core.data.library.known import Known
from core.data.library.profile import Profile, Sample
from pages.parts.datasets import head
from pages.parts.datasets.add import draw_add
from pages.parts.datasets.built_in import built_in_profile
from pages.parts.datasets.gallery import draw_gallery
from pages.parts.datasets.profile import draw_duplicates, draw_profile
from pages.parts.datasets.table import table
from pages.shared import state
from pages.shared.data import known_datasets, workspace
from pages.shared.format import literal
from pages.shared.leaks import draw_leaks
from pages.shared.nav import DATASETS


def main() -> None:
    asked = st.query_params.get("dataset", "")
    if asked:
        try:
            show(known.find(workspace().settings, asked))
        except NotFoundError as error:
            st.query_params.clear()
            listed()
            st.error(literal(str(error)))
        return
    if "add" in st.query_params:
        draw_add(workspace().settings)
        return
    listed()


def listed() -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(DATASETS.title, anchor=False, width="content")
        if st.button("Add a data set", type="primary", icon=":material/add:", key="datasets_add"):
            st.query_params.from_dict({"add": st.session_state.get(state.DATASETS_KIND) or "table"})
            st.rerun()
    head.notice()
    found = known_datasets()
    if not any(each.manifest for each in found):
        st.info(
            "None of your own yet: add a table, pictures, texts or arrays, and train on them as on the built-in ones.",
            icon=":material/database:",
        )
    table(found)
    st.caption("Click a name to see what is in it, *Train on it* to configure a run with it.")


def show(found: Known) -> None:
    head.head(found)
    head.notice()
    head.notes(found)
    profile = _profile(found)
    head.tiles(found, profile)
    if profile is None:
        return
    draw_leaks(found.leaks)
    if profile.duplicates is not None:
        draw_duplicates(profile.duplicates, leaks_known=bool(found.leaks))
    draw_gallery(profile.samples, lambda sample: _picture(found, sample), found.info.target or "Label")
    draw_profile(found.info, profile)


def _profile(found: Known) -> Profile | None:
    """The profile; of a built-in set made when somebody asks for it. None where there is none, which is told."""
    settings = workspace().settings
    try:
        if found.manifest is not None:
            return library.profile(settings, found.name)
        return built_in_profile(found, settings)
    except DataError as error:
        st.error(literal(str(error)), icon=":material/error:")
    return None


def _picture(found: Known, sample: Sample) -> Path:
    settings = workspace().settings
    make = library.sample_file if found.manifest is not None else known.picture
    return make(settings, found.name, sample)


main()
