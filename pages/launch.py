"""The Launch page."""

import streamlit as st

st.title("Launch")
