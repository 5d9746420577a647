"""The only caches of the pages. Everything the pages show comes from core through here or straight from core."""

import streamlit as st

from core import highlights, system
from core.records import RunRecord
from core.settings import Settings
from core.workspace import Workspace


@st.cache_resource
def workspace() -> Workspace:
    """The open workspace, one per server process. Raises StoreError."""
    return Workspace.open(Settings())


@st.cache_data(ttl=5, max_entries=1, show_spinner=False)
def newest_results() -> list[RunRecord]:
    """Runs at rest, the one that ended last first."""
    return highlights.newest_results(workspace())


@st.cache_data(ttl=5, max_entries=1, show_spinner=False)
def best_runs() -> list[highlights.Best]:
    """The best run of each experiment."""
    return highlights.best_runs(workspace())


@st.cache_data(ttl=1, max_entries=1, show_spinner=False)
def cpu() -> system.Cpu:
    """This host's CPU and main memory; measuring takes a tenth of a second, which all readers share."""
    return system.cpu_now()
