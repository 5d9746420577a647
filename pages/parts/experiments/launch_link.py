"""A link that opens the Launch form with a config's values and what is to be changed of them."""

from collections.abc import Mapping

import streamlit as st

from core import runs
from core.comparison import Group
from pages.parts.launch.draft import CHANGED, CLONE
from pages.shared.nav import LAUNCH


def launch_link(group: Group, changes: Mapping[str, str], label: str = "Open in Launch") -> None:
    """Nothing for scripts, whose form is another. `changes`: texts by param."""
    run = group.runs[0]
    if run.kind != runs.NETWORK.name:
        return
    told = ";".join(f"{param}={value}" for param, value in changes.items())
    st.page_link(LAUNCH.path, label=label, icon=LAUNCH.icon, help="", query_params={CLONE: str(run.id), CHANGED: told})
