"""The curves of the comparison: a chart per metric, training and validation of the same one together, live."""

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from core import charts
from core.comparison import Group, Params, Summaries, by_chart, in_unit, labels_apart, left_out, unit
from core.reports.panel_specs import MOST_METRICS, Curves
from core.runs.highlights import loss_note
from core.runs.records import RunRecord, Summary
from pages.frontend.chart import LiveCurve, chart
from pages.parts.compare.controls import FOLDS, Controls
from pages.shared.add_to_report import add_to_report
from pages.shared.curves import live_curves, version
from pages.shared.data import Version, group_curves, run_curves
from pages.shared.format import literal

_HEIGHT = 340


def draw_curves(
    runs: Sequence[RunRecord], params: Params, summaries: Summaries, groups: Sequence[Group], controls: Controls
) -> None:
    """Only runs that have recorded something new are read again."""
    versions = {run.id: _version(run, summaries.get(run.id, {}), controls) for run in runs}
    if controls.grouped:
        key = tuple((group.id, tuple(run.id for run in group.runs)) for group in groups)
        how = controls.axis, controls.smoothing, controls.keys, controls.how
        frame = group_curves(key, controls.metrics, *how, tuple(versions.items()))
    else:
        parts = [
            run_curves(run.id, controls.metrics, controls.axis, controls.smoothing, versions[run.id]) for run in runs
        ]
        frame = pd.concat(parts, ignore_index=True)
    if frame.empty:
        st.info(_why_empty(controls, any(summaries.get(run.id) for run in runs)))
        _tell_left_out(groups, summaries, controls)
        return
    seconds = unit(frame, controls.axis)
    frame, x_title = in_unit(frame, controls.axis)
    shown = [(group.id, group.name) for group in groups] if controls.grouped else [*labels_apart(runs, params).items()]
    colours = charts.colours_apart(number for number, _ in shown)
    legend(shown, colours, {group.id: compared(group.runs) for group in groups} if controls.grouped else {})
    with st.grid(2, min_column_width=420):
        for base, names in by_chart(controls.metrics).items():
            rows = frame[frame["metric"].isin(names)]
            made_here = controls.smoothing or controls.grouped
            live = [] if made_here else live_curves(runs, summaries, rows, controls.axis, seconds)
            _chart(base, names, rows, x_title, controls, live, _note(base, runs), colours)
    _tell_uneven(frame)
    _tell_left_out(groups, summaries, controls)
    if controls.metrics and len(controls.metrics) <= MOST_METRICS:
        add_to_report(_panel(runs, controls), "curves")


def _panel(runs: Sequence[RunRecord], controls: Controls) -> Curves:
    return Curves(
        runs=tuple(run.id for run in runs),
        metrics=controls.metrics,
        axis=controls.axis,
        smoothing=controls.smoothing,
        log=controls.log,
        grouped=controls.grouped and not controls.keys,
        by=controls.keys,
        centre=controls.how.centre,
        band=controls.how.band,
    )


def _version(run: RunRecord, known: Mapping[str, Summary], controls: Controls) -> Version:
    return version(run, (summary for name, summary in known.items() if name in controls.metrics))


def _chart(
    base: str,
    names: list[str],
    rows: pd.DataFrame,
    x_title: str,
    controls: Controls,
    live: Sequence[LiveCurve],
    note: str,
    colours: Mapping[int, str],
) -> None:
    with st.container(border=True):
        dashes = " :gray[· training solid, validation dashed]" if len(names) > 1 else ""
        st.markdown(f"**{literal(base if len(names) > 1 else names[0])}**{dashes}", help=note or None)
        if rows.empty:
            st.caption("None of these runs has recorded it.")
            return
        figure = charts.curves(rows, x_title=x_title, log_y=controls.log, height=_HEIGHT, legend=False, colours=colours)
        chart(figure, key=f"compare_chart_{base}", alt=f"{base} of the compared runs", live=live)
        if controls.log and (unshown := charts.unshown_on_log(rows)):
            st.caption(literal(unshown))


def _note(base: str, runs: Sequence[RunRecord]) -> str:
    """What the loss of regressions among the runs is."""
    notes = [loss_note(run.facts) for run in runs] if base == "loss" else []
    return literal(" ".join(dict.fromkeys(filter(None, notes))))


def compared(runs: Sequence[RunRecord]) -> str:
    """The address at which these are compared, each by itself: what a group drills down to."""
    return f"compare?runs={','.join(str(run.id) for run in runs)}&{FOLDS}=true"


def legend(
    entries: Sequence[tuple[int, str]], colours: Mapping[int, str], leads_to: Mapping[int, str] | None = None
) -> None:
    """One legend for all charts: a dot in the run's colour and its name, which leads to the run.

    Args:
        leads_to: where else a name leads, by its number.
    """
    addresses = {number: f"run?id={number}" for number, _ in entries} | dict(leads_to or {})
    dots = (
        f'<a href="{addresses[number]}" title="{escape(name)}" style="color: inherit; text-decoration: none"><span '
        f'style="color: {colours[number]}; font-size: 1.2em">●</span> {escape(charts.short(name, 44))}</a>'
        for number, name in entries
    )
    st.html(f'<div style="display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 0.9rem">{"".join(dots)}</div>')


def _why_empty(controls: Controls, has_metrics: bool) -> str:
    if not has_metrics:
        return "None of these runs has recorded a metric yet."
    if not controls.metrics:
        return "Choose at least one metric."
    names = literal(", ".join(controls.metrics), 200)
    more = (
        " Runs without a known length of an epoch have no epoch axis; take steps." if controls.axis == "epoch" else ""
    )
    if controls.grouped:
        return f"No curve of {names} stands for a group yet.{more}"
    return f"None of these runs has recorded {names} yet.{more}"


def _tell_left_out(groups: Sequence[Group], summaries: Summaries, controls: Controls) -> None:
    if controls.grouped and (told := left_out(groups, summaries, controls.metrics)):
        st.caption(literal(told, 600))


def _tell_uneven(frame: pd.DataFrame) -> None:
    """A mean over fewer runs than its group has is said, not left to be guessed."""
    if "n" not in frame:
        return
    spans = frame.groupby(["run_id", "metric"])["n"].agg(["min", "max"])
    if (spans["min"] < spans["max"]).any():
        st.caption(
            "Some means stand for fewer runs in places, where others had not begun, had ended or gave no number: "
            "n is shown at each point. Values between recorded steps are interpolated."
        )
