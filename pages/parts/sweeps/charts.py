"""The pictures of a sweep, one at a time."""

import time
from collections.abc import Callable

import pandas as pd
import streamlit as st

from core.charts import parallel, rung_chart, sweep_charts
from core.charts.slot_chart import slots_over_time
from core.comparison.sweep_frames import (
    MOST_CURVES,
    curve_frame,
    early_told,
    hand_told,
    line_frame,
    log_fields,
    marked_frame,
    marked_told,
    of_epochs,
    pruned_told,
    rung_frame,
    rungs_told,
    slot_frame,
)
from core.reports.panel_specs import SweepPanel, SweepPicture
from core.sweeps.importance_told import FEWEST, QUESTIONS, counted, told, with_result
from core.sweeps.spending import pareto_front
from core.sweeps.trials import SweepView
from pages.frontend.chart import chart
from pages.shared import address
from pages.shared.add_to_report import add_to_report
from pages.shared.data import context
from pages.shared.format import literal, plural
from pages.shared.kept import trials_of
from pages.shared.nav import RUN

_KEPT = "sweeps_kept"  # trials that the brushes of the parallel coordinates keep; None without a brush
_OF_ANY_GOAL = ("Parallel", "Slices", "Landscape")  # the others are about the first, or about all
_WITHOUT_RUNGS = {"none": "without pruning no trial is judged before its end", "wilcoxon": "repeats are judged whole"}
_MOST_LINES = 120  # of the parallel coordinates: the best


def draw(view: SweepView) -> None:
    frame = trials_of(view)
    goals = [goal.metric for goal in view.definition.goals]
    if frame[goals[0]].notna().sum() == 0:
        st.caption("Pictures appear with the first trial that has a value.")
        return
    views: dict[str, Callable[[SweepView, pd.DataFrame, str], bool]] = {
        "Best so far": _best,
        **({} if view.definition.pruning.name in _WITHOUT_RUNGS else {"Rungs": _rungs}),
        "Parallel": _parallel,
        "Slices": _slices,
        **({"Landscape": _landscape} if len(view.definition.fields) > 1 else {}),
        "Importance": _importance,
        **({"Pareto front": _pareto} if len(goals) > 1 else {}),
        "Slots": _slots,
    }
    with st.container(horizontal=True, vertical_alignment="bottom", key="sweeps_picture"):
        chosen = st.segmented_control(
            "Picture",
            list(views),
            default="Best so far",
            required=True,
            key="picture",
            bind=address.among("picture", views),
        )
        goal = goals[0]
        if len(goals) > 1 and chosen in _OF_ANY_GOAL:
            goal = st.selectbox("Goal", goals, key="sweeps_goal")
    if why := _WITHOUT_RUNGS.get(view.definition.pruning.name):
        st.caption(f"No *Rungs*: {why}.")
    with st.container(border=True):
        # What says only why there is no picture is nothing for a report.
        is_drawn = views.get(chosen or "", _best)(view, frame, goal)
        if is_drawn and (panel := _panel(view, chosen or "", goal)):
            add_to_report(panel, "sweep")


def _panel(view: SweepView, chosen: str, goal: str) -> SweepPanel | None:
    """None where no picture is chosen."""
    fields: tuple[str | None, ...] = ()
    if chosen == "Slices":
        fields = (st.session_state.get("sweeps_slice"),)
    elif chosen == "Landscape":
        fields = (st.session_state.get("sweeps_across"), st.session_state.get("sweeps_up"))
    elif chosen == "Pareto front":
        fields = (st.session_state.get("sweeps_pareto_x"), st.session_state.get("sweeps_pareto_y"))
    show = _SHOWN.get(chosen)
    named = tuple(field for field in fields if field)
    return SweepPanel(sweep=view.sweep.id, show=show, goal=goal, fields=named) if show else None


_SHOWN: dict[str, SweepPicture] = {
    "Best so far": "best so far",
    "Parallel": "parallel",
    "Slices": "slices",
    "Landscape": "landscape",
    "Importance": "importance",
    "Pareto front": "pareto front",
    "Rungs": "rungs",
    "Slots": "slots",
}


def _best(view: SweepView, frame: pd.DataFrame, _goal: str) -> bool:
    first = view.definition.goals[0].metric
    marked = marked_frame(view, frame, first)
    figure = sweep_charts.best_so_far(frame, first, marked=marked)
    chart(figure, key="sweeps_best_chart", alt=f"Best {first} so far, by trial", on_click=_open)
    if told := marked_told(marked) + early_told(frame) + hand_told(frame):
        st.caption(told.strip())
    return True


def _rungs(view: SweepView, _frame: pd.DataFrame, _goal: str) -> bool:
    curves, first = curve_frame(context(), view), view.definition.goals[0].metric
    if curves.empty:
        st.caption(f"No trial has recorded {literal(first)} over its epochs.")
        return False
    judged = rung_frame(view, curves)
    figure = rung_chart.rungs(curves, judged, first, epochs=of_epochs(view))
    chart(figure, key="sweeps_rungs", alt=f"{first} of each trial, and the rungs")
    more = f" Of the newest {MOST_CURVES} trials." if len(view.trials) > MOST_CURVES else ""
    st.caption(f"{rungs_told(judged)}Rings are where trials were pruned.{early_told(curves)}{more}")
    return True


def _open(point: dict[str, object]) -> None:
    if point.get("customdata"):
        st.switch_page(RUN.path, query_params={"id": str(point["customdata"])})


def _parallel(view: SweepView, frame: pd.DataFrame, goal: str) -> bool:
    lines = line_frame(view, frame, goal, _MOST_LINES)
    figure = parallel(lines, names={int(number): f"trial {number}" for number in lines.index}, logs=log_fields(view))
    kept = st.session_state.get(_KEPT)
    chart(figure, key="sweeps_parallel", alt="Fields and result of each trial", kept=kept, on_kept=_keep)
    more = f" The best {_MOST_LINES} of {plural(len(frame), 'trial')}." if len(frame) > _MOST_LINES else ""
    st.caption(f"Drag along an axis to keep a range of it; click the axis to let go.{more}{pruned_told(view)}")
    return True


def _keep(numbers: list[int] | None) -> None:
    st.session_state[_KEPT] = numbers


def _slices(view: SweepView, frame: pd.DataFrame, goal: str) -> bool:
    marked = marked_frame(view, frame, goal)
    field = st.selectbox("Field", [varied.field for varied in view.definition.fields], key="sweeps_slice")
    figure = sweep_charts.sliced(frame, field, goal, log_fields(view), marked=marked)
    chart(figure, key="sweeps_slices", alt=f"{goal} against {field}")
    told = "The later a trial, the stronger its colour; those that did not train to their end are rings."
    st.caption(f"{told}{marked_told(marked)}{early_told(frame)}{hand_told(frame)}")
    return True


def _landscape(view: SweepView, frame: pd.DataFrame, goal: str) -> bool:
    fields = [varied.field for varied in view.definition.fields]
    left, right = st.columns(2)
    x = left.selectbox("Across", fields, key="sweeps_across")
    y = right.selectbox("Up", [field for field in fields if field != x], key="sweeps_up")
    marked = marked_frame(view, frame, goal)
    figure = sweep_charts.landscape(frame, (x, y), goal, log_fields(view), marked=marked)
    if figure is None:
        st.caption("Needs three trials.")
        return False
    chart(figure, key="sweeps_landscape", alt=f"{goal} over {x} and {y}")
    rings = "Rings are trials" if marked is None else f"Rings are {plural(len(marked), 'trial')}, best and newest"
    st.caption(
        f"{rings}; between them the colour is the mean of those nearby, and blank where nothing was tried."
        f"{pruned_told(view)}{hand_told(frame)}"
    )
    return True


def _importance(view: SweepView, _frame: pd.DataFrame, _goal: str) -> bool:
    found = told(view)
    if found is None:
        st.caption(
            f"Importance is told once {FEWEST} trials have a result; {with_result(view)} have one. With fewer, its "
            "measures disagree with themselves."
        )
        return False
    titles = {name: title for name, (title, _) in QUESTIONS.items()}
    chart(sweep_charts.field_importance(found.shares, titles), key="sweeps_importance", alt="Importance of the fields")
    for title, question in QUESTIONS.values():
        st.caption(f"**{title}**: {question}")
    st.caption(f"Of {counted(found)}; lines are from the 5th to the 95th percentile of resamples.")
    return True


def _pareto(view: SweepView, frame: pd.DataFrame, _goal: str) -> bool:
    goals = [goal.metric for goal in view.definition.goals]
    across, up = goals[0], goals[1]
    if len(goals) > 2:
        left, right = st.columns(2)
        across = left.selectbox("Across", goals, key="sweeps_pareto_x")
        up = right.selectbox("Up", [goal for goal in goals if goal != across], key="sweeps_pareto_y")
    front = [trial.number for trial in pareto_front(view)]
    if not front:
        st.caption("No trial was trained to its end with a value of each goal yet.")
        return False
    marked = marked_frame(view, frame, across)
    figure = sweep_charts.pareto(frame, (across, up), front, marked=marked)
    chart(figure, key="sweeps_pareto", alt=f"{across} against {up}")
    shaded = " Shading is how many of the others lie there." if marked is not None else ""
    st.caption(f"{plural(len(front), 'trial')} that no other beats in all goals.{shaded}{hand_told(frame)}")
    return True


def _slots(view: SweepView, _frame: pd.DataFrame, _goal: str) -> bool:
    frame = slot_frame(view, time.time())
    if frame.empty:
        st.caption("No run has begun yet.")
        return False
    figure = slots_over_time(frame, view.sweep.created_at)
    chart(figure, key="sweeps_slots", alt=f"Slots of {literal(view.sweep.name)} over time")
    return True
