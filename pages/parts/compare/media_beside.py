"""What the compared runs show under one name, beside each other at one step."""

from collections.abc import Sequence

import streamlit as st

from core.runs import media
from core.runs.media import MediaSeries
from core.runs.records import RunRecord
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.media_view import ORDER, draw_series, step_slider

_MOST = 12  # runs beside each other


def draw_media(runs: Sequence[RunRecord]) -> None:
    """Nothing where no run has anything to look at."""
    names = {run.id: run.name for run in runs}
    by_name: dict[tuple[str, str], dict[int, MediaSeries]] = {}
    for each in media.media_series(context(), list(names)):
        by_name.setdefault((each.kind, each.name), {})[each.run_id] = each
    if not by_name:
        return
    st.subheader("Media", anchor=False)
    keys = sorted(by_name, key=lambda key: (-len(by_name[key]), ORDER.index(key[0]), key[1]))
    titles = {f"{name} ({kind})": (kind, name) for kind, name in keys}
    chosen = st.selectbox("Name", list(titles), key="compare_media_name", width=320)
    kind, name = titles.get(chosen) or keys[0]
    having = by_name[kind, name]
    shown = [run_id for run_id in names if run_id in having]
    step = step_slider(media.media_steps(context(), shown, [kind], name), f"compare_media_step_{kind}_{name}")
    with st.grid("auto", min_column_width=260, gap="medium"):
        for run_id in shown[:_MOST]:
            with st.container(border=True, height="stretch"):
                st.markdown(f"**{literal(names[run_id], 60)}** · {run_id}")
                draw_series(having[run_id], step, f"compare_media_{run_id}_{kind}_{name}", together=True)
    if len(shown) > _MOST:
        st.caption(f"The first {_MOST} of {len(shown)} runs that have it.")
    if missing := [str(run_id) for run_id in names if run_id not in having]:
        st.caption(f"Without it: {'run' if len(missing) == 1 else 'runs'} {', '.join(missing)}.")
