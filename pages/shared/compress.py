"""How a run's network can be made smaller by training: each leads to the Launch page, with the config filled in."""

import streamlit as st

from core.runs.compressing import METHODS
from pages.shared.nav import LAUNCH


def compress_menu(run_id: int, key: str) -> None:
    with st.popover("Compress", icon=":material/compress:", key=key, help="A smaller network of it, by training"):
        for name, method in METHODS.items():
            st.page_link(
                LAUNCH.path, label=method.title, icon=":material/rocket_launch:", help="",
                query_params={"compress": str(run_id), "method": name},
            )  # fmt: skip
            st.caption(method.summary)
