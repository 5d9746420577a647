"""The curves of the Run page, which grow by themselves, its telemetry, and how they are drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from core import charts, comparison, runs
from core.charts.layout import HEIGHT
from core.reports.panel_specs import MOST_METRICS, Curves
from core.runs import NETWORK
from core.runs.highlights import loss_note, monitored_metric
from core.runs.records import RunRecord, Summary
from core.tracking import families
from pages.frontend.chart import chart
from pages.parts.run.live import look
from pages.shared import address
from pages.shared.add_to_report import add_to_report
from pages.shared.curves import live_curves, version
from pages.shared.data import context, run_curves
from pages.shared.format import literal
from pages.shared.state import RUN_ENLARGED
from pages.shared.widgets import epoch_text

_FEW = 2  # charts that go into a report, where none is enlarged
_MOST_CHARTS = 24  # at a time: a script may log thousands of metrics, and a browser stands still at hundreds of charts
_LARGE = 560  # pixels of an enlarged chart
_MOST_SMOOTHING = 0.99
_MUCH_WAITING = 20  # % of the time


@dataclass(frozen=True)
class View:
    """How the curves are drawn."""

    axis: comparison.Axis = "epoch"
    log_scale: bool = False
    smoothing: float = 0.0


def curve_controls(*, has_epochs: bool) -> View:
    """What the curves run over, their scale and how smooth they are; all in the URL."""
    axes = [axis for axis in comparison.AXES if has_epochs or axis != "epoch"]
    if not has_epochs and st.session_state.get("run_x") == "epoch":
        del st.session_state["run_x"]  # of another run
    with st.container(horizontal=True, vertical_alignment="center"):
        axis = st.segmented_control(
            "X-axis",
            axes,
            default=axes[1] if has_epochs else axes[0],
            required=True,
            format_func=comparison.axis_title,
            label_visibility="collapsed",
            key="run_x",
            bind=address.among("run_x", list(map(comparison.axis_title, axes))),
        )
        log_scale = st.toggle("Log scale", key="run_log", bind=address.switch("run_log"))
        smoothing = st.slider(
            "Smoothing", 0.0, _MOST_SMOOTHING, 0.0, 0.01, key="run_smooth",
            bind=address.within("run_smooth", 0.0, _MOST_SMOOTHING), width=160,
            help="Weight of what came before in the moving average. The recorded values stay visible, faintly.",
        )  # fmt: skip
    return View(axis or axes[0], log_scale, min(max(smoothing, 0.0), _MOST_SMOOTHING))


def curves(run_id: int, view: View) -> None:
    """A chart per metric, training and validation together; one of them large where somebody wants that."""
    run, known = look(run_id)
    if view.axis == "epoch" and not run.steps_per_epoch:
        view = replace(view, axis="step")
    groups = families.families(known)
    if not groups:
        begin = "epoch" if run.kind == NETWORK.name else "values"
        st.caption("It recorded no metrics." if run.state.is_finished else f"Curves appear with the first {begin}.")
        return
    large = st.session_state.get(RUN_ENLARGED)
    drawn = _some(groups) if len(groups) > _MOST_CHARTS else groups
    if large in groups:
        _curve(run, large, [known[name] for name in groups[large]], view, known, large=True)
    with st.grid(2, min_column_width=380):
        for base, metrics in drawn.items():
            if base != large:
                _curve(run, base, [known[name] for name in metrics], view, known, large=False)
    first = [name for base in list(drawn)[:_FEW] for name in drawn[base]]
    panel = Curves(
        runs=(run.id,),
        metrics=tuple(groups.get(large or "", first))[:MOST_METRICS],
        axis=view.axis,
        smoothing=view.smoothing,
        log=view.log_scale,
    )
    if panel.metrics:
        add_to_report(panel, "curves")


def _some(groups: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """A page of them, of those with the words that are looked for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "Find a metric", key="run_curve_words", placeholder="Words", icon=":material/search:", width=280
        )
        found = [base for base in groups if all(word in base.lower() for word in words.lower().split())]
        pages = max(1, math.ceil(len(found) / _MOST_CHARTS))
        if st.session_state.get("run_curve_page", 1) > pages:
            st.session_state["run_curve_page"] = pages
        page = int(st.number_input("Page", 1, pages, key="run_curve_page", width=140)) if pages > 1 else 1
    begin = _MOST_CHARTS * (page - 1)
    shown = found[begin : begin + _MOST_CHARTS]
    total = f"{len(groups):,} metrics" if len(found) == len(groups) else f"{len(found):,} metrics with these words"
    st.caption(f"{begin + 1:,} to {begin + len(shown):,} of {total}" if shown else "No metric has these words.")
    return {base: groups[base] for base in shown}


def _curve(
    run: RunRecord, base: str, shown: Sequence[Summary], view: View, known: dict[str, Summary], *, large: bool
) -> None:
    with st.container(border=True, key=f"run_curve_{base}"):
        note = loss_note(run.facts) if base == "loss" else ""
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{literal(base)}**", help=literal(note) or None, width="content")
            st.button(
                "Reduce" if large else "Enlarge",
                key=f"run_enlarge_{base}",
                type="tertiary",
                icon=":material/close_fullscreen:" if large else ":material/open_in_full:",
                on_click=_enlarge,
                args=(None if large else base,),
            )
        best = known.get(monitored_metric(run)) if run.state.is_finished else None  # it moves while the run learns
        _chart(run, shown, view, best=best, height=_LARGE if large else HEIGHT)


def _enlarge(base: str | None) -> None:
    st.session_state[RUN_ENLARGED] = base


def telemetry(run_id: int) -> None:
    """What the process, its host and its cards did while it trained."""
    run, known = look(run_id)
    groups = families.telemetry(known)
    if not groups:
        st.caption("Telemetry appears about two seconds after training begins.")
        return
    if families.INPUT_WAIT in known:
        _input_notice(run_id)
    with st.grid(2, min_column_width=380):
        for title, metrics in groups.items():
            with st.container(border=True, key=f"run_telemetry_{title}"):
                st.markdown(f"**{literal(title)}**")
                _chart(run, [known[name] for name in metrics], View("time"), colour_by="metric")


def _input_notice(run_id: int) -> None:
    waited = runs.history(context(), run_id, families.INPUT_WAIT).value.mean()
    if waited >= _MUCH_WAITING:
        st.warning(
            f"The input is the bottleneck: steps waited {waited:.0f} % of the time for their batches. Fewer changes of "
            "the images, more CPU cores, or data that fit into the device's memory make this run faster.",
            icon=":material/hourglass_top:",
        )


def _chart(
    run: RunRecord,
    known: Sequence[Summary],
    view: View,
    colour_by: str = "run",
    best: Summary | None = None,
    height: int = HEIGHT,
) -> None:
    metrics, axis = tuple(summary.metric for summary in known), view.axis
    frame = run_curves(run.id, metrics, axis, view.smoothing, version(run, known))
    recorded = {run.id: {summary.metric: summary for summary in known}}
    live = [] if view.smoothing else live_curves([run], recorded, frame, axis, comparison.unit(frame, axis))
    frame, x_title = comparison.in_unit(frame, axis)
    frame = frame.assign(metric=frame["metric"].str.removeprefix(families.SYSTEM))
    whole = axis == "epoch" and not live
    figure = charts.curves(
        frame, x_title=x_title, log_y=view.log_scale, colour_by=colour_by, whole_x=whole, height=height
    )
    # A script may count the steps of one metric in epochs and of another in batches.
    alike = run.kind == runs.NETWORK.name or all(each.last_step == best.last_step for each in known if best)
    if best is not None and best.has_best and alike and axis != "time" and not frame.empty:
        # Of another metric than those of the chart it says which: the best accuracy may be of another epoch.
        what = "best" if best.metric in metrics else f"best {best.metric}"
        _mark(figure, run, frame, best, axis, what)
    chart(figure, key=f"run_chart_{run.id}_{metrics[0]}", alt=f"{', '.join(metrics)} over {x_title}", live=live)
    if view.log_scale and (unshown := charts.unshown_on_log(frame)):
        st.caption(literal(unshown))


def _mark(
    figure: go.Figure, run: RunRecord, frame: pd.DataFrame, best: Summary, axis: comparison.Axis, what: str
) -> None:
    worse = charts.overfits_from(frame.assign(value=frame["raw"]))
    if worse is not None:
        charts.mark_overfitting(figure, worse, float(frame["x"].max()))
    config = runs.spec(run)
    cut = config.pruning.ramp_steps(run.total_steps) if config and config.pruning and run.total_steps else 0
    step = max(best.best_step, cut)  # what was better before the last cut of a pruning is not kept
    x = step / run.steps_per_epoch if axis == "epoch" else step
    span = float(frame["x"].min()), float(frame["x"].max())
    charts.mark_best(
        figure, x, f"{'last cut' if cut and step == cut else charts.plain(what, 40)}, {epoch_text(run, step)}", span
    )
