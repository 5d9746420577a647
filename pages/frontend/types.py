"""Streamlit's types that it has no public name for."""

from streamlit.delta_generator import DeltaGenerator

__all__ = ["DeltaGenerator"]
