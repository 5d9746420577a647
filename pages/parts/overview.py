"""The parts of the Overview page."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.runs import queue_places, stop, summaries
from core.runs.data_names import data_set
from core.runs.highlights import ERROR_NOTE, Best, main_result, monitored_metric
from core.runs.kinds import LISTENS, LOGGED
from core.runs.records import RunRecord, Summary
from core.serving.drift import drifting
from core.system import hosts
from pages.shared.data import context, cpu, workspace
from pages.shared.format import DASH, ago, duration, literal, number, percent, plural, size
from pages.shared.nav import COMPARE, MODELS, RUNS, SYSTEM
from pages.shared.run_table import run_table, small_curve
from pages.shared.widgets import best_text, epoch_text, meter, progress_bar, reader_zone, run_link, state_badge

_MOST_RUNNING, _MOST_QUEUED = 12, 10  # shown; the rest is counted
_RESULTS = (
    *("test_accuracy", "test_f1_micro", "test_mae", "val_accuracy", "val_f1", "val_mae"),
    *("accuracy", "f1", "mae"),
)


def running_cards(running: Sequence[RunRecord], now: float) -> None:
    """A card for every run that has a process."""
    if not running:
        return
    shown = running[:_MOST_RUNNING]
    known = summaries(context(), [run.id for run in shown])
    st.subheader("Running", anchor=False)
    with st.grid(2, min_column_width=360):
        for run in shown:
            with st.container(border=True, height="stretch", key=f"overview_run_{run.id}"):
                _running_card(run, known.get(run.id, {}), now)
    if more := len(running) - len(shown):
        st.page_link(
            RUNS.path, label=f"and {more:,} more", icon=RUNS.icon, query_params={"search": "state = active"}, help=""
        )


def _running_card(run: RunRecord, known: dict[str, Summary], now: float) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        run_link(run)
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.markdown(state_badge(run.state), width="content")
            help_text = "Finishes the step, saves a checkpoint and keeps everything"
            if run.kind == LOGGED.name and not run.facts.get(LISTENS):
                help_text = "It is shown as stopped here. Its client runs elsewhere and is not told"
            _stop(run, "Stop", ":material/stop:", help_text, asked=bool(run.stop_requested))
    since = f"began {ago(run.training_at or run.starting_at, now)}"
    told = (run.experiment, data_set(run))
    st.caption(" · ".join([*(literal(text, 40) for text in told if text), *run.slots, since]))
    if run.total_steps or run.kind != LOGGED.name:
        progress_bar(run, now)
    wanted = (monitored_metric(run), *("val_accuracy", "val_f1", "val_mae", "accuracy", "f1", "mae"))
    first = [name for name in known if not name.startswith("system/")] if run.kind == LOGGED.name else []
    shown = [known[name] for name in dict.fromkeys((*wanted, *first)) if name in known][:2]
    if shown:
        with st.grid(2, min_column_width=150):
            for metric in shown:
                st.metric(
                    literal(metric.metric),
                    number(metric.last),
                    best_text(run, metric),
                    delta_color="primary",
                    delta_arrow="off",
                    chart_data=_line(metric),
                )


def _stop(run: RunRecord, label: str, icon: str, help_text: str, *, asked: bool = False) -> None:
    st.button(label, type="tertiary", icon=icon, key=f"overview_stop_{run.id}", help=help_text, disabled=asked,
              on_click=lambda: _asked_to_stop(run.id))  # fmt: skip


def _asked_to_stop(run_id: int) -> None:
    stop(context(), [run_id])


def _line(summary: Summary) -> list[float] | None:
    """The small curve, as soon as there are two points to draw a line through."""
    points = small_curve(summary)
    return points if len(points) > 1 else None


def drift_alarms() -> None:
    """Of models in use whose questions or answers are no longer as in training; nothing where there are none."""
    for name, alarms in drifting(context()).items():
        with st.container(horizontal=True, vertical_alignment="center", key=f"overview_drift_{name}"):
            st.markdown(f":orange-badge[:material/trending_up: {plural(alarms, 'drift alarm')}]", width="content")
            st.page_link(MODELS.path, label=literal(name), icon=MODELS.icon, query_params={"model": name}, help="")


def compare_link(label: str, found: Sequence[RunRecord]) -> None:
    """To the Compare page with these runs, when there is more than one."""
    if len(found) > 1:
        ids = ",".join(str(run.id) for run in found)
        st.page_link(COMPARE.path, label=label, icon=COMPARE.icon, query_params={"runs": ids}, help="")


def queue_list(active: Sequence[RunRecord], now: float) -> None:
    """The runs that wait, each with its place."""
    places = queue_places(active)
    queued = [run for run in active if run.id in places]
    if len(queued) < len(active):
        compare_link("Compare these runs, live", active[:_MOST_QUEUED])
    if not queued:
        return
    st.subheader("Queue", anchor=False)
    with st.container(border=True, gap="xsmall"):
        for run in queued[:_MOST_QUEUED]:
            with st.container(horizontal=True, vertical_alignment="center", key=f"overview_queued_{run.id}"):
                st.markdown(f":gray-badge[{places[run.id]}]", width="content")
                run_link(run)
                st.caption(_waiting(run, places[run.id], now), width="content")
                _stop(run, "Cancel", ":material/close:", "Takes it off the queue")
        if len(queued) > _MOST_QUEUED:
            st.caption(f"and {len(queued) - _MOST_QUEUED:,} more")


def _waiting(run: RunRecord, place: int, now: float) -> str:
    since = f"queued {ago(run.queued_at, now)}"
    if run.reason:  # why no slot of the host will ever do
        return f":orange[{literal(run.reason)}] · {since}"
    told = [literal(text, 40) for text in (run.experiment, data_set(run)) if text]
    return " · ".join(["next" if place == 1 else f"place {place}", *told, since])


def slot_cards(now: float) -> None:
    """Every slot of every host, what sits on it, and how busy the device is."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Slots", anchor=False, width="content")
        st.page_link(SYSTEM.path, label="System", icon=SYSTEM.icon, help="")
    found = hosts.hosts(workspace(), now)
    for host in found:
        if len(found) > 1:
            st.caption(literal(host.name))
        if host.trouble:
            st.warning(literal(host.trouble), icon=":material/link_off:")
        if not host.slots:
            st.caption("No slot: set TRAINDECK_CPU_SLOTS to train on the CPU.")
        with st.grid("auto", min_column_width=240):
            for slot in host.slots:
                with st.container(border=True, height="stretch", gap="xsmall"):
                    _slot(host, slot)


def _slot(host: hosts.Host, slot: hosts.Slot) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f":material/memory: **{literal(slot.name)}**", width="content")
        if slot.run is None:
            st.markdown(":green-badge[free]" if host.is_alive else ":gray-badge[not served]", width="content")
    if slot.run is not None:
        run_link(slot.run)
    if slot.card is not None:
        card = slot.card
        st.caption(literal(card.name))
        meter("Utilisation", card.utilisation, percent(card.utilisation))
        share = 100 * card.memory_used / card.memory_total
        meter("Memory", share, f"{size(card.memory_used)} of {size(card.memory_total)}")
    elif host.is_here:
        load = cpu()
        meter("CPU", load.utilisation, percent(load.utilisation))
        share = 100 * load.memory_used / load.memory_total
        meter("Memory", share, f"{size(load.memory_used)} of {size(load.memory_total)}")


def best_table(found: Sequence[Best]) -> None:
    """The best run of each experiment on each of its data sets, and by which metric."""
    if not found:
        st.caption("No run has come to a result yet.")
        return
    run_table(
        [best.run for best in found],
        {
            "Experiment": [best.experiment for best in found],
            "Data set": [best.data_set or DASH for best in found],
            "Runs": [best.runs for best in found],
            "Best": [f"{_told(best.summary)}, {epoch_text(best.run, best.summary.best_step)}" for best in found],
            "Curve": [small_curve(best.summary) for best in found],
        },
        key="overview_best",
        alt="The best run of each experiment and data set",
    )


def results_table(found: Sequence[RunRecord]) -> None:
    """The runs that ended last, with their main metrics."""
    if not found:
        st.caption("No run has ended yet.")
        return
    known = summaries(context(), [run.id for run in found])
    monitored = [known.get(run.id, {}).get(monitored_metric(run)) for run in found]
    results = [main_result(known.get(run.id, {}), _RESULTS) for run in found]
    run_table(
        found,
        {
            "Experiment": [run.experiment for run in found],
            "Data set": [data_set(run) or DASH for run in found],
            "Result": [_told(summary) for summary in results],
            "Monitored": [_told(summary) for summary in monitored],
            "Curve": [small_curve(summary) for summary in monitored],
            "Trained for": [duration(run.trained_seconds or None) for run in found],
            "Ended": [_local(run.finished_at) for run in found],
        },
        key="overview_results",
        alt="The runs that ended last",
    )
    if any(summary is not None and summary.metric.endswith("mae") for summary in results):
        st.caption(ERROR_NOTE)


def _told(summary: Summary | None) -> str:
    return DASH if summary is None or not summary.has_best else f"{number(summary.best)} {summary.metric}"


def _local(seconds: float | None) -> pd.Timestamp | None:
    return None if seconds is None else pd.Timestamp(seconds, unit="s", tz="UTC").tz_convert(reader_zone())
