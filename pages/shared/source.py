"""Text to read and to copy: a config, the end of a log.

st.code brings the highlighting of three hundred languages, a megabyte and a half that is run before anything is seen of
the text (Streamlit 1.67).
"""

from pathlib import Path
from typing import Literal

import streamlit as st

_HERE = Path(__file__)

_SOURCE = st.components.v2.component(
    "traindeck_source",
    html='<div class="source"><pre tabindex="0"></pre><button type="button">Copy</button></div>',
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


Language = Literal["", "yaml", "python", "diff", "log"]


def source(text: str, *, key: str, label: str, language: Language = "", follow: bool = False) -> None:
    """Long lines are wrapped; `label` is for who cannot see it.

    Args:
        follow: of a bounded height, at its end, where it stays as it grows unless the reader has scrolled up.
    """
    _SOURCE(key=key, data={"text": text.rstrip(), "label": label, "language": language, "follow": follow})
