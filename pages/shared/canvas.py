"""A square to draw a picture on by hand, for networks that take one."""

from pathlib import Path

import streamlit as st

SIDE = 280  # pixels of the longer side
_HERE = Path(__file__)

_CANVAS = st.components.v2.component(
    "traindeck_canvas",
    html="""<div class="canvas">
      <canvas role="img"></canvas>
      <div class="tools">
        <button type="button">Undo</button><button type="button">Clear</button>
        <label>Pen <input type="range" min="8" max="48" value="24"></label>
      </div>
    </div>""",
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


def canvas(*, key: str, label: str, height: int, width: int) -> str:
    """What was drawn, white on black in these proportions, as base64 of a PNG; "" while nothing is."""
    scale = SIDE / max(height, width)
    known = st.session_state.get(key) or {}
    data = {
        "drawing": known.get("drawing") or "",
        "label": label,
        "height": round(height * scale),
        "width": round(width * scale),
    }
    result = _CANVAS(key=key, data=data, default={"drawing": ""}, on_drawing_change=lambda: None)
    return str(result.drawing or "").rpartition(",")[2]
