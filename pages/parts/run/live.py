"""The parts of the Run page that change while it runs: fragments that read a little, curves that grow by themselves."""

import time
from collections.abc import Collection, Sequence

import streamlit as st

from core import charts, comparison, runs
from core.runs.highlights import loss_note, monitored_metric
from core.runs.records import RunRecord, RunState, Summary
from core.tracking import families
from pages.frontend.chart import chart
from pages.shared.curves import live_curves, version
from pages.shared.data import context, run_curves, workspace
from pages.shared.format import duration, literal, number
from pages.shared.nav import OVERVIEW
from pages.shared.source import source
from pages.shared.widgets import best_text, progress_bar

_TILES = 5
_LOG_LINES = 60
_FAILED_LINES = 15  # of the log, beside the reason
_MUCH_WAITING = 20  # % of the time


def status(drawn: RunRecord, metrics: Collection[str]) -> None:
    """Where the run is, and its main figures; `drawn` and `metrics` are as the rest of the page was drawn with them."""
    run, known = look(drawn.id)
    if (run.state, run.stop_requested) != (drawn.state, drawn.stop_requested) or set(known) != set(metrics):
        st.rerun()
    now = time.time()
    if run.state is RunState.QUEUED:
        _queued(run, now)
    elif run.state.has_process:
        if run.reason:  # what people should know while it trains
            st.warning(literal(run.reason), icon=":material/warning:")
        progress_bar(run, now)
    elif run.state in (RunState.FAILED, RunState.LOST):
        _failure(run)
    elif run.reason:
        st.info(literal(run.reason), icon=":material/info:")
    _tiles(run, known)


def _queued(run: RunRecord, now: float) -> None:
    place = runs.queue_places(runs.active(context())).get(run.id, 0)
    waits = f"Waits in the queue for {duration(now - run.queued_at)}, "
    waits += "next to start" if place == 1 else f"place {place}"
    if run.reason:
        st.warning(literal(run.reason), icon=":material/hourglass_empty:")
    st.progress(0.0, text=waits)
    st.page_link(OVERVIEW.path, label="What the slots are doing", icon=OVERVIEW.icon, help="")


def _failure(run: RunRecord) -> None:
    st.error(literal(run.reason) or "It ended without giving a reason.", icon=":material/error:")
    here = runs.is_here(workspace().settings, run)
    tail = runs.log_tail(context(), run.id, _FAILED_LINES) if here else ""  # the Log tab says where it is
    if tail:
        st.caption("The end of its log")
        source(tail, key="run_failure", label="The end of its log")


def _tiles(run: RunRecord, known: dict[str, Summary]) -> None:
    """Last and best of the main metrics, and the test's where there was one."""
    judged = next((name for name in ("perplexity", "mae", "f1") if name in known), "accuracy")
    judged_test = "test_f1_micro" if judged == "f1" else f"test_{judged}"
    wanted = (judged_test, "test_loss", monitored_metric(run), f"val_{judged}", "val_loss", judged, "loss")
    shown = [known[name] for name in dict.fromkeys(wanted) if name in known][:_TILES]
    if not shown:
        return
    with st.grid("auto", min_column_width=190):
        for summary in shown:
            _tile(run, summary)


def _tile(run: RunRecord, summary: Summary) -> None:
    is_test = summary.metric.startswith("test_")
    told = "On the test set, once, at the end." if is_test else "The last value; below it the best one, and when."
    if summary.metric.endswith("loss") and (note := loss_note(run.facts)):
        told = f"{told} {literal(note)}"
    st.metric(
        literal(summary.metric),
        number(summary.last),
        "best checkpoint" if is_test else best_text(run, summary),
        delta_color="blue" if is_test else "off",
        delta_arrow="off",
        border=True,
        height="stretch",
        help=told,
    )


def curve_controls() -> tuple[comparison.Axis, bool]:
    """What the curves run over, and their scale; both in the URL."""
    with st.container(horizontal=True, vertical_alignment="center"):
        axis = st.segmented_control(
            "X-axis",
            comparison.AXES,
            default="epoch",
            required=True,
            format_func=comparison.axis_title,
            label_visibility="collapsed",
            key="run_x",
            bind="query-params",
        )
        log_scale = st.toggle("Log scale", key="run_log", bind="query-params")
    return axis or "epoch", log_scale


def curves(run_id: int, axis: comparison.Axis, log_scale: bool) -> None:
    """A chart per metric, training and validation together."""
    run, known = look(run_id)
    if axis == "epoch" and not run.steps_per_epoch:
        axis = "step"
    groups = families.families(known)
    if not groups:
        st.caption("Curves appear with the first epoch." if not run.state.is_finished else "It recorded no metrics.")
        return
    with st.grid(2, min_column_width=380):
        for base, metrics in groups.items():
            with st.container(border=True, key=f"run_curve_{base}"):
                note = loss_note(run.facts) if base == "loss" else ""
                st.markdown(f"**{literal(base)}**", help=literal(note) or None)
                _chart(run, [known[name] for name in metrics], axis, log_scale)


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
                _chart(run, [known[name] for name in metrics], "time", log_scale=False, colour_by="metric")


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
    axis: comparison.Axis,
    log_scale: bool,
    colour_by: str = "run",
) -> None:
    metrics = tuple(summary.metric for summary in known)
    frame = run_curves(run.id, metrics, axis, 0.0, version(run, known))
    live = live_curves(
        [run], {run.id: {summary.metric: summary for summary in known}}, frame, axis, comparison.unit(frame, axis)
    )
    frame, x_title = comparison.in_unit(frame, axis)
    frame = frame.assign(metric=frame["metric"].str.removeprefix(families.SYSTEM))
    whole = axis == "epoch" and not live
    figure = charts.curves(frame, x_title=x_title, log_y=log_scale, colour_by=colour_by, whole_x=whole)
    chart(figure, key=f"run_chart_{run.id}_{metrics[0]}", alt=f"{', '.join(metrics)} over {x_title}", live=live)
    if log_scale and (unshown := charts.unshown_on_log(frame)):
        st.caption(literal(unshown))


def look(run_id: int) -> tuple[RunRecord, dict[str, Summary]]:
    """The run as it is now, and what it has recorded by metric."""
    return runs.get(context(), run_id), runs.summaries(context(), [run_id]).get(run_id, {})


def log(run_id: int) -> None:
    """The last lines of the log, and the whole of it to download."""
    if away := runs.elsewhere(workspace().settings, runs.get(context(), run_id), "log"):
        st.info(literal(away), icon=":material/dns:")
        return
    tail = runs.log_tail(context(), run_id, _LOG_LINES)
    if not tail:
        st.caption("The log begins when the run starts.")
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"The last {_LOG_LINES} lines at most", width="content")
        st.link_button("Download the whole log", f"api/runs/{run_id}/log", icon=":material/download:")
    source(tail, key="run_log", label="The last lines of its log")
