"""How the results depend on the params: a scatter of one, parallel coordinates of all that differ."""

from collections.abc import Sequence

import streamlit as st

from core import charts
from core.comparison import REPEATED, Params, Summaries, differing, label, parallel_frame, scatter_frame
from core.runs.records import RunRecord
from pages.frontend.chart import chart
from pages.parts.compare.controls import choice, value_kind
from pages.shared.format import literal

PARAM, METRIC, VALUE = "param", "metric", "value"
_HEIGHT = 360
_AXES_MOST = 8  # parallel axes; more cannot be read


def draw_params(runs: Sequence[RunRecord], params: Params, summaries: Summaries, metrics: Sequence[str]) -> None:
    st.subheader("Params against results", anchor=False)
    run_ids = [run.id for run in runs]
    differ = differing(run_ids, params)
    keys = list(dict.fromkeys([*differ, *(key for run_id in run_ids for key in params.get(run_id, {}))]))
    if not metrics or not keys:
        st.caption("Nothing has been recorded by these runs yet.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_params"):
        param = choice("Param", keys, PARAM, [key for key in differ if key not in REPEATED])
        metric = choice("Metric", metrics, METRIC, ("val_accuracy", "val_loss"))
        kind = value_kind(VALUE)
    left, right = st.columns([2, 3])
    with left, st.container(border=True):
        st.markdown(f"**{literal(metric)}** :gray[{kind}, against] **{literal(param)}**")
        points = scatter_frame(runs, params, summaries, param, metric, kind)
        if points.empty:
            st.caption("No run has both.")
        else:
            figure = charts.scatter(points, x_title=param, y_title=f"{metric} {kind}", height=_HEIGHT)
            chart(figure, key="compare_scatter", alt=f"{metric} against {param}")
    with right, st.container(border=True):
        st.markdown(f"**Params that differ** :gray[coloured by {literal(metric)}, {kind}]")
        lines = parallel_frame(runs, params, summaries, metric, kind)
        if len(lines) < 2 or len(lines.columns) < 2:
            st.caption("Needs two runs with this metric whose params differ.")
            return
        axes = len(lines.columns) - 1
        if axes > _AXES_MOST:
            st.caption(f"The first {_AXES_MOST} of {axes} params that differ.")
            lines = lines.iloc[:, [*range(_AXES_MOST), -1]]
        figure = charts.parallel(lines, names={run.id: label(run) for run in runs}, height=_HEIGHT)
        chart(figure, key="compare_parallel", alt="Params that differ, and results")
