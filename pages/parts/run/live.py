"""Parts of the Run page that change while it runs, as fragments that read a little: its state, its figures, its log."""

import time
from collections.abc import Collection

import streamlit as st

from core import runs
from core.runs import NETWORK
from core.runs.highlights import loss_note, monitored_metric
from core.runs.media import has_media
from core.runs.records import RunRecord, RunState, Summary
from core.runs.reported_networks import kept_network
from core.tracking.run_log import with_local_times
from pages.shared.data import context, workspace
from pages.shared.format import duration, literal, number
from pages.shared.nav import OVERVIEW
from pages.shared.source import source
from pages.shared.widgets import best_text, progress_bar, reader_zone

_TILES = 5
_LOG_LINES = 200
_LOOKED_THROUGH = 20_000  # lines, for words
_FAILED_LINES = 15  # of the log, beside the reason


def has_network(run: RunRecord) -> bool:
    """Whether it trains one, or has kept one."""
    return run.kind == NETWORK.name or kept_network(context(), run) is not None


def status(drawn: RunRecord, metrics: Collection[str], shows: bool, networked: bool) -> None:
    """Where the run is, and its main figures; `drawn`, `metrics`, whether it `shows` media, and whether it has a
    network, are as the rest of the page was drawn with them."""
    run, known = look(drawn.id)
    if (not shows and has_media(context(), run.id)) or (not networked and has_network(run)):
        st.rerun()
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
        shown = with_local_times(tail, reader_zone())
        source(shown, key="run_failure", label="The end of its log", language="log")


def _tiles(run: RunRecord, known: dict[str, Summary]) -> None:
    """Last and best of the main metrics, and the test's where there was one."""
    judged = next((name for name in ("perplexity", "mae", "f1") if name in known), "accuracy")
    # The loss of a regression has no unit: its errors, which have that of the target, come before it.
    errors = ("test_mae", "test_rmse", "test_mase", "test_r2")
    tests = {"mae": errors, "f1": ("test_f1_micro", "test_loss")}.get(judged, (f"test_{judged}", "test_loss"))
    wanted = (*tests, monitored_metric(run), f"val_{judged}", "val_loss", judged, "loss")
    shown = [known[name] for name in dict.fromkeys(wanted) if name in known][:_TILES]
    if not shown:
        return
    with st.grid("auto", min_column_width=190):
        for summary in shown:
            _tile(run, summary)


def _tile(run: RunRecord, summary: Summary) -> None:
    is_test = summary.metric.startswith("test_")
    told = "On the test set, once, at the end." if is_test else "The last value; below it the best one, and when."
    if summary.metric.endswith(("mae", "rmse")) and (target := run.facts.get("target")):
        told = f"{told} In the unit of {literal(str(target), 40)}."
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


def look(run_id: int) -> tuple[RunRecord, dict[str, Summary]]:
    """The run as it is now, and what it has recorded by metric."""
    return runs.get(context(), run_id), runs.summaries(context(), [run_id]).get(run_id, {})


def log(run_id: int) -> None:
    """The last lines of the log, those with the words that are looked for, and the whole of it to download."""
    run = runs.get(context(), run_id)
    if away := runs.elsewhere(workspace().settings, run, "log"):
        st.info(literal(away), icon=":material/dns:")
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        words = st.text_input(
            "Find in the log", key="run_log_words", placeholder="Find lines", icon=":material/search:",
            label_visibility="collapsed", width=280,
        )  # fmt: skip
        st.link_button("Download the whole log", f"api/runs/{run_id}/log", icon=":material/download:")
    wanted = words.lower().split()
    tail = with_local_times(runs.log_tail(context(), run_id, _LOOKED_THROUGH if wanted else _LOG_LINES), reader_zone())
    if not tail:
        st.caption("The log begins when the run starts.")
        return
    if wanted:
        found = [line for line in tail.splitlines() if all(word in line.lower() for word in wanted)]
        has = "has" if len(found) == 1 else "have"
        st.caption(f"{len(found):,} of the last {len(tail.splitlines()):,} lines {has} these words")
        tail = "\n".join(found[-_LOG_LINES:])
    else:
        st.caption(f"The last {_LOG_LINES} lines at most" + ("" if run.state.is_finished else ", followed"))
    source(tail, key="run_log", label="The last lines of its log", language="log", follow=True)
