"""Whether what a served model is asked, and what it answers, is still as in training."""

from collections.abc import Collection

import streamlit as st

from core.charts.drift_chart import drift_chart
from core.common.text import percentage
from core.models import ModelRecord
from core.serving.drift import Alarm, Drift, acknowledge, counts, drift
from core.serving.traffic_windows import profile_of
from pages.frontend.chart import chart
from pages.parts.models import head
from pages.shared.data import context
from pages.shared.format import literal, minute, plural
from pages.shared.widgets import reader_zone

_MOST = 6  # charts


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
    for each in going:
        state = f", known by {literal(each.known_by)}" if each.known_by else ""
        look = (
            ":gray-badge[:material/trending_up: drift]" if each.known_by else ":orange-badge[:material/warning: drift]"
        )
        st.markdown(f"{look} {_told(each)}{state}")
    if found.unknown:
        st.button(
            "Acknowledge", icon=":material/check:", key=f"models_drift_known_{found.version.id}",
            on_click=_acknowledged, args=(model.name,),
            help="You know of it: it is told as an alarm no more, as long as it goes on",
        )  # fmt: skip
    if going:
        _charts(found, going)
    st.caption(" ".join([*([] if going else [_calm(found)]), _coming(found)]))


def _told(alarm: Alarm) -> str:
    return (
        f"**{literal(alarm.column)}** is not as in training since {minute(alarm.since, reader_zone())}: "
        f"{percentage(alarm.moved)} of its values lie elsewhere, in {plural(alarm.windows, 'window')}"
    )


def _calm(found: Drift) -> str:
    number = f"version {found.version.number}"
    if found.newest is None:
        return f"Drift of {number} is not known yet."
    examples = f"{plural(found.newest.examples, 'example')} until {minute(found.newest.ended_at, reader_zone())}"
    return f"No drift of {number} in {examples}."


def _coming(found: Drift) -> str:
    windows = f"{1 / found.options.false_alarms:,.0f}"
    rate = f"of independent requests, at most one window in {windows} is a false alarm"
    if found.needed:
        return f"{plural(found.needed, 'more example')} needed for the next comparison with training; {rate}."
    minutes = f"{found.options.drift_minutes:g}"
    return f"The next comparison with training comes when its window is {minutes} minutes old; {rate}."


def _charts(found: Drift, alarms: list[Alarm]) -> None:
    profile = profile_of(context(), found.version)
    if profile is None or found.newest is None or found.newest.profile != profile.id:
        st.caption("The training profile by which this was counted is not on this host: there is no chart.")
        return
    now = {
        column.title: (column, each)
        for column, each in zip(profile.columns, counts(context(), found.newest), strict=False)
    }
    with st.grid(2, min_column_width=320):
        for alarm in alarms[:_MOST]:
            if alarm.column in now:
                column, each = now[alarm.column]
                with st.container():
                    st.caption(f"**{literal(alarm.column)}**, share of values")
                    figure = drift_chart(alarm.column, column.labels(), column.counts, each)
                    told = f"{alarm.column} in training and now"
                    chart(figure, key=f"models_drift_{found.version.id}_{alarm.column}", alt=told)
    if len(alarms) > _MOST:
        st.caption(f"and {len(alarms) - _MOST:,} more")


def _acknowledged(name: str) -> None:
    head.act(lambda: acknowledge(context(), name))  # the badge says it
