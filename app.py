"""The server on one screen: the user interface's script, /api and the supervisor's start."""

import streamlit as st

app = st.App("pages/main.py")
