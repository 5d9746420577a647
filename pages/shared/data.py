"""The only caches of the pages. Everything the pages show comes from core through here or straight from core."""

import streamlit as st

from core.settings import Settings
from core.workspace import Workspace


@st.cache_resource
def workspace() -> Workspace:
    """The open workspace, one per server process. Raises StoreError."""
    return Workspace.open(Settings())
