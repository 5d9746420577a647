"""The user interface's script: page settings and navigation."""

import streamlit as st

from pages.shared.frame import framed
from pages.shared.nav import FOLDER, OVERVIEW, PAGES, page_at

# The icon is a file of ours: browsers fetch those of Streamlit's set from the internet.
st.set_page_config(
    page_title="Traindeck", page_icon=FOLDER / "shared" / "icon.svg", layout="wide", initial_sidebar_state=210
)
st.logo((FOLDER / "shared" / "logo.svg").read_text(encoding="utf-8"), size="large")
navigation = st.navigation(
    [
        st.Page(
            page.path,
            title=page.title,
            icon=page.icon,
            url_path=page.url_path or None,
            help=page.blurb,
            default=page is OVERVIEW,
        )
        for page in PAGES
    ]
)
framed(page_at(navigation.url_path), navigation.run)
