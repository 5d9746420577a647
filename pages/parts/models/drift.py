"""Whether what a served model is asked, and what it answers, is still as in training."""

from collections.abc import Collection, Sequence

import plotly.graph_objects as go
import streamlit as st

from core.charts.drift_chart import drift_chart
from core.common.text import percentage
from core.models import ModelRecord
from core.serving.drift import QUIET, Alarm, Drift, acknowledge, counts, drift
from core.serving.traffic_windows import profile_of
from pages.frontend.chart import chart
from pages.parts.models import head
from pages.shared.data import context
from pages.shared.format import literal, minute, plural
from pages.shared.widgets import reader_zone

_MOST, _MOST_NAMED = 6, 8  # charts, and columns in a sentence


def draw_drift(model: ModelRecord, numbers: Collection[int]) -> None:
    """Of the versions with these numbers, which are those in use."""
    known = {each.version.number: each for each in drift(context(), model.name)}
    for version in [each for each in model.versions if each.number in numbers]:
        if found := known.get(version.number):
            _version(model, found)
        elif profile_of(context(), version) is None:
            st.caption(
                f"Version {version.number} has no training profile to tell drift by. Export it again on this page, "
                "where its data set is."
            )
        else:
            st.caption(f"Drift of version {version.number}: nobody has asked it yet.")


def _version(model: ModelRecord, found: Drift) -> None:
    going = [each for each in found.alarms if not each.is_over]
    for group in _alike(found, going):
        known_by = group[0].known_by
        look = ":gray-badge[:material/trending_up: drift]" if known_by else ":orange-badge[:material/warning: drift]"
        st.markdown(f"{look} {_told(found, group)}{f', known by {literal(known_by)}' if known_by else ''}")
    if found.unknown:
        st.button(
            "Acknowledge", icon=":material/check:", key=f"models_drift_known_{found.version.id}",
            on_click=_acknowledged, args=(model.name,),
            help="You know of it: it is told as an alarm no more, as long as it goes on",
        )  # fmt: skip
    if going:
        with st.expander(
            f"{plural(len(going), 'column')} of version {found.version.number} beside training",
            icon=":material/bar_chart:",
        ):
            _charts(found, going)
    st.caption(" ".join([*([] if going else [_calm(found)]), _coming(found)]))


def _alike(found: Drift, alarms: Sequence[Alarm]) -> list[list[Alarm]]:
    """Those of which the same is told, together; what nobody has acknowledged comes first."""
    groups: dict[object, list[Alarm]] = {}
    for each in sorted(alarms, key=lambda each: bool(each.known_by)):
        told = each.known_by, found.is_back(each), each.since, each.first, each.last, each.windows
        groups.setdefault(told, []).append(each)
    return list(groups.values())


def _told(found: Drift, group: Sequence[Alarm]) -> str:
    """A window may have begun long before what was asked became otherwise: it is told from when to when it was."""
    alarm, zone = group[0], reader_zone()
    since, first, last = (minute(at, zone) for at in (alarm.since, alarm.first, alarm.last))
    windows = f"in the window of {_span(since, first)}"
    if alarm.windows > 1:
        windows = f"in {plural(alarm.windows, 'window')}, the first of {_span(since, first)}, the last until {last}"
    is_one, version = len(group) == 1, f"of version {found.version.number}"
    named = [
        f"**{literal(each.column)}**{'' if is_one else f' ({percentage(each.moved)})'}" for each in group[:_MOST_NAMED]
    ]
    others = f" and {len(group) - _MOST_NAMED} more" if len(group) > _MOST_NAMED else ""
    column = f"{', '.join(named)}{others} {version} {'is' if is_one else 'are'}"
    moved = f"{percentage(alarm.moved)} of its values" if is_one else "so many of their values"
    if not found.is_back(alarm):
        return f"{column} not as in training: {moved} lie elsewhere, {windows}"
    return (
        f"{column} as in training again since {last}: before, {moved} lay elsewhere, {windows}. The "
        f"alarm is over after {QUIET} such windows"
    )


def _span(start: str, end: str) -> str:
    """The day once, where it is the same one."""
    day, _, clock = end.rpartition(" ")
    return f"{start} to {clock if start.startswith(f'{day} ') else end}"


def _calm(found: Drift) -> str:
    number = f"version {found.version.number}"
    if found.newest is None:
        return f"Drift of {number} is not known yet."
    examples = f"{plural(found.newest.examples, 'example')} until {minute(found.newest.ended_at, reader_zone())}"
    return f"No drift of {number} in {examples}."


def _coming(found: Drift) -> str:
    windows = f"{1 / found.options.false_alarms:,.0f}"
    rate = f"of independent requests, at most one window in {windows} is a false alarm"
    return f"The next comparison with training comes {found.awaited()}; {rate}."


def _charts(found: Drift, alarms: Sequence[Alarm]) -> None:
    profile = profile_of(context(), found.version)
    shown = [alarm for alarm in alarms[:_MOST] if profile is not None and found.window_of(alarm).profile == profile.id]
    if profile is None or not shown:
        st.caption("The training profile by which this was counted is not on this host: there is no chart.")
        return
    with st.grid(2, min_column_width=320):
        for alarm in shown:
            window = found.window_of(alarm)  # whose counts the alarm is about, whatever came after it
            when = f"until {minute(window.ended_at, reader_zone())}" if found.is_back(alarm) else "now"
            for column, each in zip(profile.columns, counts(context(), window), strict=False):
                if column.title == alarm.column:
                    _chart(found, alarm, drift_chart(alarm.column, column.labels(), column.counts, each, when), when)
    if len(alarms) > _MOST:
        st.caption(f"and {len(alarms) - _MOST:,} more")


def _chart(found: Drift, alarm: Alarm, figure: go.Figure, when: str) -> None:
    version = f"version {found.version.number}"
    with st.container():
        st.caption(f"**{literal(alarm.column)}** of {version}, share of values")
        told = f"{alarm.column} of {version} in training and {when}"
        chart(figure, key=f"models_drift_{found.version.id}_{alarm.column}", alt=told)


def _acknowledged(name: str) -> None:
    head.act(lambda: acknowledge(context(), name))  # the badge says it
