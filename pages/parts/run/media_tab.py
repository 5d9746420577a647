"""The Run page's media: everything by name at one step, with a slider over steps."""

import streamlit as st

from core.reports.panel_specs import MediaPanel
from core.runs import media
from core.runs.media import MediaSeries
from pages.shared.add_to_report import add_to_report
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.media_view import ORDER, draw_series, step_slider

_MOST = 24  # names that are drawn at a time
_MANY = 8
_LOOKS = ("Over steps", "At the step")


def media_tab(run_id: int) -> None:
    series = sorted(media.media_series(context(), [run_id]), key=lambda each: (ORDER.index(each.kind), each.name))
    if not series:
        st.caption("Nothing to look at yet.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        found = _found(series)
        together = _together(found)
    if not found:
        st.caption("No name has these words.")
        return
    kinds = sorted({each.kind for each in found})
    step = step_slider(media.media_steps(context(), [run_id], kinds), f"run_media_step_{run_id}")
    with st.grid("auto", min_column_width=300, gap="medium"):
        for each in found[:_MOST]:
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{literal(each.name, 80)}**")
                draw_series(each, step, f"run_media_{each.kind}_{each.name}", together=together)
                if each.kind != "audio":
                    panel = MediaPanel(run=run_id, media=each.kind, name=each.name, step=step)
                    add_to_report(panel, f"media_{each.kind}_{each.name}")
    if len(found) > _MOST:
        st.caption(f"{_MOST} of {len(found):,} are shown. Find others by their names.")


def _found(series: list[MediaSeries]) -> list[MediaSeries]:
    """Those whose names have the words that are looked for, where there are many."""
    if len(series) <= _MANY:
        return series
    words = st.text_input(
        "Find by name", key="run_media_words", placeholder="Find by name or kind", icon=":material/search:",
        label_visibility="collapsed", width=260,
    )  # fmt: skip
    return [
        each for each in series if all(word in f"{each.kind} {each.name}".lower() for word in words.lower().split())
    ]


def _together(series: list[MediaSeries]) -> bool:
    """Whether histograms are drawn over all steps."""
    if not any(each.kind == "histogram" and each.first_step < each.last_step for each in series):
        return False
    look = st.segmented_control(
        "Histograms", _LOOKS, default=_LOOKS[0], required=True, label_visibility="collapsed", key="run_media_look"
    )
    return look == _LOOKS[0]
