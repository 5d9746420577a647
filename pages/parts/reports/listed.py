"""All reports, and all views that were saved."""

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from core.reports import authoring
from core.reports.authoring import ReportRecord
from core.reports.saved_views import ViewRecord
from pages.parts.reports.toolbar import act
from pages.shared.clicks import once
from pages.shared.data import context
from pages.shared.nav import page_at
from pages.shared.saved_views import view_links
from pages.shared.widgets import reader_zone

_KEY, _VIEWS = "reports_list", "reports_views"
_TITLE = "reports_new_title"


def new_report() -> None:
    with (
        st.popover("New report", icon=":material/add:", key="reports_new", type="primary"),
        st.form("reports_new_form", border=False),
    ):
        st.text_input("Title", key=_TITLE, placeholder="What is it about?")
        st.form_submit_button("Begin", type="primary", **once("reports_begin", _begun))


def _begun() -> None:
    def begin() -> None:
        made = authoring.create(context(), st.session_state[_TITLE])
        st.query_params.from_dict({"report": str(made.id), "edit": "1"})

    act(begin, "Begun. What you write is a version once you save it.")


def table(found: Sequence[ReportRecord]) -> None:
    """A click opens one."""
    frame = pd.DataFrame(
        {
            "Report": [report.title for report in found],
            "By": [report.created_by for report in found],
            "Changed": [_moment(report.changed_at) for report in found],
            "Last by": [report.changed_by for report in found],
            "Versions": [report.version for report in found],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        key=_KEY,
        alt="All reports",
        selection_mode="single-cell",
        on_select=_opens([{"report": str(report.id)} for report in found]),
        column_config={
            "Report": st.column_config.TextColumn(width="large"),
            "Changed": st.column_config.DatetimeColumn(format="distance"),
            "Versions": st.column_config.NumberColumn(width="small"),
        },
    )
    st.caption("Click a row to read the report.")


def views(found: Sequence[ViewRecord]) -> None:
    """Nothing where there are none: pages say how to save one."""
    if not found:
        return
    st.subheader("Saved views", anchor=False)
    with st.container(gap="small", key=_VIEWS):
        for page in dict.fromkeys(view.page for view in found):
            spec = page_at(page)
            with st.container(horizontal=True, vertical_alignment="center", key=f"{_VIEWS}_{page}"):
                st.markdown(f"{spec.icon} {spec.title}", width=130)
                view_links([view for view in found if view.page == page])


def _opens(places: Sequence[dict[str, str]]) -> Callable[[], None]:
    def selected() -> None:
        row = next((row for row, _ in st.session_state[_KEY]["selection"]["cells"]), None)
        if row is not None and 0 <= row < len(places):
            st.query_params.from_dict(places[row])

    return selected


def _moment(seconds: float) -> pd.Timestamp:
    return pd.Timestamp(seconds, unit="s", tz="UTC").tz_convert(reader_zone())
