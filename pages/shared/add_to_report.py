"""Add to report: what is seen of a page goes into a report, live or frozen."""

from collections.abc import Sequence

import streamlit as st

from core.common.errors import ConfigError, Problem, TraindeckError
from core.reports import authoring
from core.reports.authoring import ReportRecord
from core.reports.panel_specs import Panel
from pages.shared import state
from pages.shared.clicks import once
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import REPORTS

_LIVE, _FROZEN = "live", "frozen"
_OFFERED = 50  # reports, those that were changed last


def add_to_report(panel: Panel, key: str) -> None:
    """A button that asks which report takes it in; what it takes is asked for when it is open only."""
    name = f"report_{key}"
    with st.popover(
        "Add to report", icon=REPORTS.icon, type="tertiary", key=name, on_change="rerun",
        help="Into a report, live or frozen",
    ) as opened:  # fmt: skip
        if opened.open:
            _ask(panel, name)
    if done := st.session_state.pop(f"{name}_done", None):
        number, title = done
        st.toast(
            f"Added to [{literal(title, 80)}]({REPORTS.url_path}?report={number})", icon=REPORTS.icon, duration="long"
        )


def _ask(panel: Panel, name: str) -> None:
    known = authoring.listing(context())[:_OFFERED]
    last = st.session_state.get(state.REPORTS_ADDED)
    first = next((place for place, report in enumerate(known) if report.id == last), 0 if known else None)
    titles = {report.id: report.title for report in known}
    st.selectbox(
        "Report", list(titles), index=first, key=f"{name}_which", width=320, accept_new_options=True,
        placeholder="Title of a new report, Enter",
        help="Choose one, or type the title of a new one and press Enter.",
        format_func=lambda chosen: titles.get(chosen, str(chosen)),
    )  # fmt: skip
    st.segmented_control(
        "It shows", (_LIVE, _FROZEN), default=_LIVE, required=True, key=f"{name}_how",
        help="Live panels are computed anew whenever somebody reads the report; frozen ones stay as they are.",
    )  # fmt: skip
    st.button("Add", type="primary", key=f"{name}_add", **once(f"{name}_add", _add, panel, name, known))
    if message := st.session_state.pop(f"{name}_failed", ""):
        st.error(literal(message, 600))


def _add(panel: Panel, name: str, known: Sequence[ReportRecord]) -> None:
    """A callback. The popover is closed once it is there."""
    chosen, is_frozen = st.session_state[f"{name}_which"], st.session_state.get(f"{name}_how") == _FROZEN
    try:
        report = next((report for report in known if report.id == chosen), None)
        if report is None and not chosen:
            raise ConfigError([Problem("report", "choose one, or type the title of a new one and press Enter")])
        if report is None:  # in one step, so that what is added first is version 1 and not a change of nothing
            report = authoring.begin_with(context(), str(chosen), panel, as_it_is=is_frozen)
        else:
            report = authoring.add_panel(context(), report.id, panel, as_it_is=is_frozen)
    except ConfigError as error:
        st.session_state[f"{name}_failed"] = "; ".join(str(each) for each in error.problems)
    except TraindeckError as error:
        st.session_state[f"{name}_failed"] = str(error)
    else:
        st.session_state[state.REPORTS_ADDED] = report.id
        st.session_state[f"{name}_done"] = report.id, report.title
        st.session_state[name] = False
