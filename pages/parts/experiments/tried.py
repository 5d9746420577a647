"""What was tried of each param, and what that leaves open."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core import runs as use_cases
from core.common.errors import TraindeckError
from core.comparison import Group
from core.comparison.whole_experiment import Ranked
from core.runs.records import RunRecord
from core.runs.repeating import can_repeat, more_seeds
from pages.parts.experiments.launch_link import launch_link
from pages.shared.clicks import once
from pages.shared.data import context
from pages.shared.format import literal, plural
from pages.shared.nav import RUN

_MORE = "experiment_more_seeds"


def draw_tried(found: Ranked) -> None:
    made = found.tried
    st.subheader("What was tried", anchor=False)
    for place, each in enumerate(found.advice):
        with st.container(horizontal=True, vertical_alignment="center", key=f"experiment_advice_{place}"):
            st.markdown(f":material/lightbulb: {literal(each.told)}", width="content")
            if each.changes:
                launch_link(found.groups[0], each.changes)
            if each.seeds:
                _offer(found.group(each.of), each.seeds)
    if message := st.session_state.pop(f"{_MORE}_failed", ""):
        st.error(literal(message, 600))
    if queued := st.session_state.pop(f"{_MORE}_done", []):
        numbers = ", ".join(f"[{run}]({RUN.url_path}?id={run})" for run in queued)
        st.toast(f"Queued: runs {numbers}", icon=":material/casino:", duration="long")
    if not made:
        st.caption("One config, so far: clone it and change something.")
        return
    frame = pd.DataFrame(
        {
            "Param": [each.param for each in made],
            "Tried (configs)": [each.told for each in made],
            "Of the best": [each.best for each in made],
        }
    )
    columns = {"Tried (configs)": st.column_config.TextColumn(width="large")}
    st.dataframe(
        frame, hide_index=True, key="experiment_tried", height="content", placeholder="", column_config=columns,
        alt="Values that were tried of each param",
    )  # fmt: skip


def tell_queued(run_ids: Sequence[int]) -> None:
    """Have the page say, once it is drawn, that these were launched."""
    st.session_state[f"{_MORE}_done"] = list(run_ids)


def _offer(group: Group, count: int) -> None:
    """Further seeds of a config, unless some are on their way."""
    runs, key = group.runs, f"{_MORE}_{group.id}"
    if ahead := sum(not run.state.is_finished for run in runs):
        st.caption(f"{plural(ahead, 'run')} of it at work or queued", width="content")
    elif can_repeat(runs):
        st.button(
            f"Launch {count} more seeds", key=key, type="tertiary", icon=":material/casino:",
            **once(key, _launch, runs, count),
        )  # fmt: skip


def _launch(runs: Sequence[RunRecord], count: int) -> None:
    """A callback. Of a whole experiment runs are listed without their configs."""
    try:
        whole = use_cases.get_many(context(), [run.id for run in runs])
        tell_queued(more_seeds(context(), whole, count))
    except TraindeckError as error:
        st.session_state[f"{_MORE}_failed"] = str(error)
