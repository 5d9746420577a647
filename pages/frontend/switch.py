"""The switch that does without the insides of Streamlit and Plotly: TRAINDECK_PLAIN."""

from core.common.settings import Settings


def is_plain() -> bool:
    return Settings().plain
