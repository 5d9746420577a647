"""The switch that does without the insides of Streamlit and Plotly: TRAINDECK_PLAIN."""

import os
from functools import cache

from core.common.settings import Settings


def is_plain() -> bool:
    return _is_plain(os.environ.get("TRAINDECK_PLAIN", ""))


@cache
def _is_plain(_said: str) -> bool:
    """Asked several times by every page, and to read the settings takes a millisecond."""
    return Settings().plain
