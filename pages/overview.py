"""The Overview page: what runs now, what sits on the slots, what came out last, and what is best."""

import time
from collections.abc import Sequence
from typing import Literal, NamedTuple

import streamlit as st

from core import runs
from core.runs.demo import ended_demo, launch_demo
from core.runs.highlights import WITH_RESULT
from core.runs.records import RunRecord
from pages.parts import overview as parts
from pages.parts.demo_answer import demo_answer
from pages.shared.clicks import begin_button
from pages.shared.data import best_runs, context, newest_results
from pages.shared.nav import COMPARE, LAUNCH, OVERVIEW, RUNS

POLL_SECONDS, REST_SECONDS = 1.5, 5.0


def main() -> None:
    active = runs.active(context())
    results = newest_results()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(OVERVIEW.title, anchor=False, width="content")
        # On an empty store the demo is the one thing to press; a run of one's own is a link beside it.
        kind: Literal["primary", "tertiary"] = "primary" if active or results else "tertiary"
        if st.button("Launch a run", type=kind, icon=LAUNCH.icon, key="overview_launch"):
            st.switch_page(LAUNCH.path)
    # At rest it looks now and then whether somebody, or the command line, has launched something.
    every = POLL_SECONDS if active else REST_SECONDS
    seen = Seen.of(active, results)
    if not active and not results:
        welcome()
        st.fragment(run_every=every)(live)(seen)
        return
    if not active and (demo := ended_demo(results)):
        demo_answer(demo)
    st.fragment(run_every=every)(live)(seen)
    parts.drift_alarms()
    st.subheader("Best runs", anchor=False)
    st.caption("Of each experiment on each of its data sets: metrics of different data are not ranked together.")
    parts.best_table(best_runs())
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Newest results", anchor=False, width="content")
        with st.container(horizontal=True, width="content"):
            parts.compare_link("Compare these", [run for run in results if run.state in WITH_RESULT])
            st.page_link(RUNS.path, label="All runs", icon=RUNS.icon, help="")
    parts.results_table(results)


class Seen(NamedTuple):
    """The runs by which one can tell that the page has to be drawn anew: those that are active, and the last result."""

    active: tuple[int, ...]
    result: tuple[int, float | None] | None

    @classmethod
    def of(cls, active: Sequence[RunRecord], results: Sequence[RunRecord]) -> "Seen":
        newest = (results[0].id, results[0].finished_at) if results else None
        return cls(tuple(run.id for run in active), newest)


def live(drawn: Seen) -> None:
    """What changes while runs are active; `drawn` is what the rest of the page was drawn with."""
    active = runs.active(context())
    if Seen.of(active, newest_results()) != drawn:
        newest_results.clear()
        best_runs.clear()
        st.rerun()
    now = time.time()
    parts.running_cards([run for run in active if run.state.has_process], now)
    parts.queue_list(active, now)
    parts.slot_cards(now)


def welcome() -> None:
    """An empty store says what to do next."""
    with st.container(border=True):
        st.subheader("Nothing has been trained here yet", anchor=False)
        st.markdown(
            "Launch the demo: three small networks learn to read 1,797 handwritten digits, one after the other, "
            "in under a minute. Watch them learn, then see which is best and why. Nothing is downloaded."
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            begin_button("Launch the demo", "overview_demo", _demo, type="primary", icon=":material/rocket_launch:")
            st.page_link(LAUNCH.path, label="Configure a run of your own", icon=LAUNCH.icon, help="")
        # Without their numbers: a store that was emptied does not begin at 1 again.
        st.page_link(COMPARE.path, label="Where they will be compared", icon=COMPARE.icon, help="")


def _demo() -> None:
    launch_demo(context())
    st.rerun()


main()
