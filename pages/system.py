"""The System page."""

import streamlit as st

st.title("System")
