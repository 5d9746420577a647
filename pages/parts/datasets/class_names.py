"""Names of classes: given with a new data set, or edited in place of one that is there."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.common.errors import DataError, TraindeckError
from core.data.library import DatasetKind, parse_names
from core.data.library.known import Known
from core.runs import data_sets
from pages.shared import state
from pages.shared.data import context, known_datasets

_EXAMPLE = "0\tnegative\n1\tpositive"


def names_for(kind: DatasetKind, key: str) -> tuple[Mapping[str, str] | tuple[str, ...], str]:
    """Names for the classes of a new data set, none where none are given; and what is wrong with them."""
    if kind in ("corpus", "series"):
        return (), ""
    with st.expander("Names of the classes"):
        text = st.text_area(
            "Where the data hold numbers or short forms",
            key=f"datasets_class_names_{key}",
            placeholder=_EXAMPLE,
            persist_state="session",
            help="One name a line, in the order of the numbers; or label, tab and name; or JSON. They can be changed "
            "later, too.",
        )
    if not text.strip():
        return (), ""
    try:
        names = parse_names(text, "The names of the classes")
    except DataError as error:
        return (), str(error)
    return names if isinstance(names, Mapping) else tuple(names), ""


def draw_rename(found: Known) -> None:
    """A popover in which the classes are named anew."""
    with st.popover("Name classes", icon=":material/edit:", key="datasets_rename"):
        frame = pd.DataFrame({"Class": found.info.class_names, "Name": found.info.class_names})
        edited = st.data_editor(
            frame,
            hide_index=True,
            disabled=["Class"],
            key=f"datasets_rename_{found.name}",
            alt="Classes and their names",
            column_config={"Name": st.column_config.TextColumn(required=True, max_chars=200)},
        )
        st.caption("Runs of before keep the names in their results.")
        names = dict(zip(found.info.class_names, edited["Name"].tolist(), strict=True))
        st.button(
            "Rename",
            type="primary",
            key="datasets_rename_apply",
            disabled=all(old == new for old, new in names.items()),
            on_click=_renamed,
            args=(found.name, names),
        )


def _renamed(name: str, names: Mapping[str, str]) -> None:
    try:
        data_sets.rename_classes(context(), name, names)
    except TraindeckError as error:
        st.session_state[state.DATASETS_NOTICE] = ("error", str(error))
        return
    known_datasets.clear()
    st.session_state[state.DATASETS_NOTICE] = ("success", "Renamed the classes.")
