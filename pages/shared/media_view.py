"""One picture, text, table, histogram, figure or sound, and the slider over steps."""

import struct
from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from core.charts.media_charts import histogram, histograms, own_figure
from core.common.errors import DataError, NotFoundError
from core.comparison.media_frames import HistogramsOverSteps, histogram_of, over_steps, read_json, table_of
from core.runs import media
from core.runs.media import MediaRecord, MediaSeries
from pages.frontend.chart import chart
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.source import source

ORDER = ("image", "figure", "table", "audio", "text", "histogram")
_SMALL, _SHOWN = 64, 256  # pixels of a picture that is made larger, and to which width about
_MOST_STEPS = 1000  # that the slider stops at
_MOST_TEXT = 20_000  # characters


def step_slider(steps: Sequence[int], key: str) -> int:
    """The step that is chosen; the newest as long as nobody moves it. `steps` are rising, and at least one."""
    if len(steps) > _MOST_STEPS:
        places = np.unique(np.linspace(0, len(steps) - 1, _MOST_STEPS).round().astype(int))
        steps = [steps[each] for each in places]
    newest, before = f"{key}_newest", st.session_state.get(key)
    if before is None or before == st.session_state.get(newest):
        st.session_state[key] = steps[-1]
    elif before not in steps:
        st.session_state[key] = max((step for step in steps if step <= before), default=steps[0])
    st.session_state[newest] = steps[-1]
    if len(steps) == 1:
        st.caption(f"Step {steps[0]:,}")
        return steps[0]
    return int(st.select_slider("Step", steps, format_func=lambda step: f"{step:,}", key=key))


def draw_series(series: MediaSeries, step: int, key: str, *, together: bool = False) -> None:
    """What a run had under this name by a step; of histograms, all steps where `together`."""
    items = media.media_at(context(), series.run_id, series.kind, series.name, step)
    if not items:
        st.caption(f"Nothing up to step {step:,}; the first is of step {series.first_step:,}.")
        return
    try:
        if together and series.kind == "histogram" and series.count > 1:
            chart(
                histograms(_over_steps(series), series.run_id, items[0].step),
                key=f"{key}_over_steps",
                alt=f"Histograms of {series.name} over steps",
            )
            return
        for item in items:
            _draw(item, f"{key}_{item.number}")
    except (NotFoundError, DataError) as error:
        st.caption(literal(str(error)))
    if items[0].step != step:
        st.caption(f"of step {items[0].step:,}")


@st.cache_data(max_entries=200, show_spinner=False)
def _over_steps(series: MediaSeries) -> HistogramsOverSteps:
    """Read anew once the run has logged more. Raises NotFoundError, DataError."""
    items = media.media_over_steps(context(), series)
    return over_steps([(item.step, histogram_of(read_json(media.media_file(context(), item)))) for item in items])


def _draw(item: MediaRecord, key: str) -> None:
    """Raises NotFoundError, DataError."""
    path = media.media_file(context(), item)
    told = f"{item.kind} {item.name}, step {item.step:,}"
    if item.kind == "histogram":
        chart(histogram(histogram_of(read_json(path)), item.run_id), key=key, alt=f"The {told}")
    elif item.kind == "table":
        st.dataframe(table_of(read_json(path)), hide_index=True, key=key, alt=f"The {told}")
    elif item.kind == "audio":
        st.audio(str(path), format=_AUDIO.get(path.suffix, "audio/wav"), alt=f"The {told}")
    elif item.kind == "text":
        _draw_text(path, key, told)
    elif path.suffix == ".json":
        chart(own_figure(path.read_bytes(), key), key=key, alt=f"The {told}")
    else:
        _draw_picture(item, path, told)
    if item.caption:
        st.caption(literal(item.caption))


_AUDIO = {".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".flac": "audio/flac", ".m4a": "audio/mp4"}


def _draw_text(path: Path, key: str, told: str) -> None:
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(_MOST_TEXT)
        more = bool(file.read(1))
    if path.suffix == ".md":
        with st.container(key=f"{key}_text"):
            st.markdown(text)
    else:
        source(text, key=f"{key}_text", label=f"The {told}")
    if more:
        st.caption(f"The first {_MOST_TEXT:,} characters.")


def _draw_picture(item: MediaRecord, path: Path, told: str) -> None:
    """As it is, or several times as large. The browser asks for it itself: nothing is decoded here, whatever it is."""
    query = {"kind": item.kind, "name": item.name, "step": item.step, "number": item.number, "at": item.at}
    width = _width(path)
    larger = f"image-rendering: pixelated; width: {width * max(1, _SHOWN // width)}px; " if 0 < width <= _SMALL else ""
    st.html(
        f'<img src="api/runs/{item.run_id}/media?{escape(urlencode(query))}" alt="The {escape(told)}" '
        f'style="{larger}max-width: 100%; border-radius: 0.5rem; display: block">'
    )


def _width(path: Path) -> int:
    """Of a PNG, in pixels; 0 of others."""
    with path.open("rb") as file:
        head = file.read(24)
    return int(struct.unpack(">I", head[16:20])[0]) if head[:8] == b"\x89PNG\r\n\x1a\n" and len(head) == 24 else 0
