"""Real examples of a data set: pictures, texts or rows."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from core.data.library.profile import Sample
from pages.shared.format import literal

_SMALLEST = 96  # pixels that a picture is shown with at least
_SHOWN = 700  # characters of a text


def draw_gallery(samples: Sequence[Sample], file_of: Callable[[Sample], Path], label: str) -> None:
    """`label`: what stands over the labels of rows."""
    if not samples:
        return
    st.subheader("Examples", anchor=False)
    if samples[0].picture:
        _pictures(samples, file_of)
    elif samples[0].row:
        _rows(samples, label)
    else:
        _texts(samples)


def _pictures(samples: Sequence[Sample], file_of: Callable[[Sample], Path]) -> None:
    there = [sample for sample in samples if file_of(sample).is_file()]
    with st.container(horizontal=True, gap="small", key="datasets_pictures"):
        for sample in there:
            st.image(
                _enlarged(str(file_of(sample))),
                caption=literal(sample.label, 24),
                alt=f"{sample.label}, a picture of the {sample.part} part",
                width=_SMALLEST,
            )


@st.cache_data(max_entries=500, show_spinner=False)
def _enlarged(file: str) -> bytes:
    """Small pictures with their pixels as squares, so that they are seen as they are."""
    from io import BytesIO

    from PIL import Image

    with Image.open(file) as picture:
        times = max(1, -(-2 * _SMALLEST // max(picture.size)))
        large = picture.resize((picture.width * times, picture.height * times), Image.Resampling.NEAREST)
        out = BytesIO()
        large.save(out, "PNG")
    return out.getvalue()


def _texts(samples: Sequence[Sample]) -> None:
    with st.grid(2, min_column_width=360):
        for number, sample in enumerate(samples):
            with st.container(border=True, height="stretch", gap="xsmall", key=f"datasets_text_{number}"):
                badges = f":gray-badge[{sample.part}]"
                st.markdown(f":blue-badge[{literal(sample.label, 60)}] {badges}" if sample.label else badges)
                st.markdown(_lines(sample.text))


def _lines(text: str) -> str:
    """As Markdown that keeps the lines: verses and plays are little without them."""
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return "  \n".join(literal(line) for line in shown.splitlines())


def _rows(samples: Sequence[Sample], label: str) -> None:
    frame = pd.DataFrame([dict(sample.row) for sample in samples])
    frame.insert(0, f"→ {label}", [sample.label for sample in samples])
    st.dataframe(frame, hide_index=True, key="datasets_rows", alt="Rows of the data set")
