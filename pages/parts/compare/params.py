"""How the results depend on the params: a scatter of one, parallel coordinates of those that differ."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core import charts
from core.charts.parallel import Colouring
from core.comparison import (
    Group,
    How,
    Kind,
    Params,
    Summaries,
    left_out,
    of_one_value,
    parallel_frame,
    result_title,
    scatter_frame,
    seed_groups,
    settings_that_differ,
    singles,
    without_place_told,
)
from core.comparison.ranking import metrics_to_judge_by
from core.runs.data_names import is_repeat
from core.runs.records import RunRecord
from core.sweeps.sweep_goals import newest_goal
from pages.frontend.chart import chart
from pages.frontend.switch import is_plain
from pages.parts.compare.choice import drill_down, keep_only
from pages.parts.compare.controls import PARALLEL, choice, several, value_kind
from pages.shared import address
from pages.shared.data import context
from pages.shared.format import literal, plural
from pages.shared.nav import RUN

PARAM, METRIC, VALUE, COLOUR = "param", "metric", "value", "colour"
_GROUPED_BY = "compare_grouped_by"  # params, when this was drawn last
KEPT = "compare_kept"  # numbers of the runs or groups that the brushes keep; None without a brush
_HEIGHT = 380
_AXES_FIRST, _AXES_MOST = 8, 20  # parallel axes to begin with, and at most
_TOLD = 8  # params


def draw_params(
    runs: Sequence[RunRecord],
    groups: Sequence[Group] | None,
    params: Params,
    summaries: Summaries,
    metrics: Sequence[str],
    how: How,
    keys: Sequence[str],
) -> None:
    """Of each run, or of each group where these are grouped, by whole configs or by the params `keys`."""
    st.subheader("Params against results", anchor=False)
    run_ids = [run.id for run in runs]
    differ = [key for key in settings_that_differ(run_ids, params) if not (groups and is_repeat(key))]
    if not metrics or not any(params.get(run_id) for run_id in run_ids):
        st.caption("Nothing has been recorded by these runs yet.")
        return
    if not differ:
        st.caption("Needs two runs whose params differ.")
        return
    subjects = list(groups) if groups else singles(runs)
    offered, without = _offered(subjects, params, differ, keys)
    _begin_anew(keys, offered)
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_params"):
        param = choice("Param", offered, PARAM, [key for key in offered if not is_repeat(key)])
        metric = choice("Metric", metrics, METRIC, _judged_by(runs, params, summaries, metrics))
        kind = value_kind(VALUE)
    left, right = st.columns([2, 3])
    with left, st.container(border=True):
        _scatter(subjects, params, summaries, param, metric, kind, how)
    with right, st.container(border=True):
        _parallel(subjects, params, summaries, offered, metric, kind, how)
    if groups and (told := left_out(groups, summaries, [metric], [kind])):
        st.caption(literal(told, 600))
    if without:
        several = f" and {len(without) - _TOLD} more" if len(without) > _TOLD else ""
        st.caption(f"Not offered, as each group has several values: {literal(', '.join(without[:_TOLD]))}{several}.")


def _offered(
    subjects: Sequence[Group], params: Params, differ: Sequence[str], keys: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The params along which there is something to draw, first those that are grouped by, then those of which every
    group has one value; and those of which none has.
    """
    placed = {key: len(of_one_value(subjects, params, [key])) for key in differ}
    first = [key for key in differ if key in keys]
    offered = sorted((key for key in differ if placed[key]), key=lambda key: (key not in first, -placed[key]))
    return offered, [key for key in differ if not placed[key]]


def _begin_anew(keys: Sequence[str], offered: Sequence[str]) -> None:
    """What nobody chose is as for those who open this address: grouped by others, other params stand first."""
    if st.session_state.get(_GROUPED_BY, list(keys)) != list(keys):
        if PARALLEL not in st.query_params:
            st.session_state.pop(PARALLEL, None)
        if PARAM not in st.query_params or st.session_state.get(PARAM) not in offered:
            st.session_state[PARAM] = offered[0]
    st.session_state[_GROUPED_BY] = list(keys)


def _judged_by(runs: Sequence[RunRecord], params: Params, summaries: Summaries, metrics: Sequence[str]) -> list[str]:
    goal = newest_goal(context(), [run.id for run in runs])
    return metrics_to_judge_by(seed_groups(runs, params), summaries, metrics, goal)


def _scatter(
    subjects: Sequence[Group], params: Params, summaries: Summaries, param: str, metric: str, kind: Kind, how: How
) -> None:
    st.markdown(f"**{literal(metric)}** :gray[{kind}, against] **{literal(param)}**")
    points = scatter_frame(subjects, params, summaries, param, metric, kind, how)
    if told := without_place_told(subjects, params, [param]):
        st.caption(literal(told, 600))
    if points.empty:
        st.caption("None of these runs has recorded it.")
        return
    title = result_title(metric, kind)
    figure = charts.scatter(
        points, x_title=param, y_title=title, height=_HEIGHT, kept=_kept(subjects), colours=_colours(subjects)
    )
    members = {group.id: [run.id for run in group.runs] for group in subjects}
    chart(figure, key="compare_scatter", alt=f"{metric} against {param}", on_click=partial(_open, members))
    if (points["n"] > 1).any():
        st.caption(
            f"A point is the {how.centre} of a group, its line the band ({how.band}), as of the curves. "
            "A click on it shows its runs, each by itself."
        )


def _open(members: Mapping[int, Sequence[int]], point: dict[str, Any]) -> None:
    """What the name in the legend leads to: a run's page, or the runs of a group."""
    run_ids = members.get(int(point["customdata"][-1]), ())
    if len(run_ids) == 1:
        st.switch_page(RUN.path, query_params={"id": str(run_ids[0])})
    elif run_ids:
        drill_down(run_ids)


def _parallel(
    subjects: Sequence[Group],
    params: Params,
    summaries: Summaries,
    offered: list[str],
    metric: str,
    kind: Kind,
    how: How,
) -> None:
    title = result_title(metric, kind)
    st.markdown(f"**Params that differ** :gray[and] **{literal(title)}**")
    if len(subjects) < 2:
        st.caption("Needs two runs whose params differ.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_parallel_controls"):
        first = sum(len(of_one_value(subjects, params, [key])) == len(subjects) for key in offered)
        axes = several("Axes, in this order", offered, PARALLEL, min(first, _AXES_FIRST), most=_AXES_MOST)
        colouring: Colouring = st.segmented_control(
            "Colour", ("result", "run"), default="result", required=True, key=COLOUR,
            bind=address.among(COLOUR, ("result", "run")),
            help="What the colour of a line means: the result, as on its axis, or the run, as everywhere on this page.",
        )  # fmt: skip
    lines = parallel_frame(subjects, params, summaries, axes, metric, kind, how)
    if told := without_place_told(subjects, params, axes):
        st.caption(literal(told, 600))
    drawn = of_one_value(subjects, params, axes)
    if not axes or lines[title].isna().all():
        st.caption("Choose at least one axis." if not axes else f"None of these runs has a value of {literal(metric)}.")
        return
    names = {group.id: group.name for group in subjects}
    figure = charts.parallel(lines, names=names, colouring=colouring, height=_HEIGHT, colours=_colours(subjects))
    alt, kept = "Params that differ, and results", _kept(drawn)
    chart(figure, key="compare_parallel", alt=alt, kept=kept, on_kept=_keep, on_reordered=_reorder)
    _tell_kept(drawn)


def _colours(subjects: Sequence[Group]) -> dict[int, str]:
    return charts.colours_apart(group.id for group in subjects)


def _keep(ids: list[int] | None) -> None:
    st.session_state[KEPT] = ids


def _reorder(keys: list[str]) -> None:
    st.session_state[PARALLEL] = keys


def _kept(subjects: Sequence[Group]) -> list[int] | None:
    """The numbers that the brushes keep, of those there are; None without a brush."""
    kept: list[int] | None = st.session_state.get(KEPT)
    return None if kept is None else [group.id for group in subjects if group.id in kept]


def _tell_kept(subjects: Sequence[Group]) -> None:
    kept = _kept(subjects)
    if is_plain():
        return
    if kept is None:
        st.caption(
            "Drag along an axis to keep a range of it, over several axes; click the axis to let go. "
            "Drag a title to move its axis."
        )
        return
    run_ids = [run.id for group in subjects if group.id in kept for run in group.runs]
    with st.container(horizontal=True, vertical_alignment="center", key="compare_kept_row"):
        st.caption(f"{len(kept)} of {plural(len(subjects), 'line')} kept.", width="content")
        st.button(
            f"Compare only {'this run' if len(run_ids) == 1 else f'these {len(run_ids)} runs'}", key="compare_keep",
            icon=":material/filter_alt:", disabled=not run_ids, on_click=partial(keep_only, run_ids),
        )  # fmt: skip
