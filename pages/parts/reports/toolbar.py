"""The head of a report: its title, who wrote it, and what can be done with it."""

from collections.abc import Callable

import streamlit as st

from core.common.errors import TraindeckError
from core.reports import authoring
from core.reports.authoring import ReportRecord, VersionRecord
from pages.parts.reports import exporting
from pages.parts.reports.reading import MEASURE
from pages.shared import state
from pages.shared.data import context
from pages.shared.format import literal, minute, plural
from pages.shared.nav import REPORTS
from pages.shared.widgets import reader_zone

_LISTED = 30  # versions


def head(report: ReportRecord, shown: VersionRecord) -> None:
    st.button(
        "All reports", type="tertiary", icon=":material/arrow_back:", key="reports_back", on_click=st.query_params.clear
    )
    with (
        st.container(horizontal_alignment="center", key="reports_head"),
        st.container(width=MEASURE, gap="small", key="reports_head_column"),
    ):
        notice()
        st.title(literal(shown.title), anchor=False)
        is_newest = shown.number == report.version
        st.caption(
            f"{literal(shown.created_by)} · {minute(shown.created_at, reader_zone())} · version {shown.number}"
            + ("" if is_newest else f" of {report.version}")
        )
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="reports_actions"):
            if is_newest:
                st.button("Edit", icon=":material/edit:", key="reports_edit", on_click=_edit, args=(report.id,))
            else:
                st.button(
                    "Restore this version", icon=":material/restore:", key="reports_restore", type="primary",
                    on_click=_restore, args=(report.id, shown.number),
                )  # fmt: skip
                st.button("See the newest", key="reports_newest", on_click=_open, args=(report.id,))
            _versions(report, shown)
            is_wanted = exporting.buttons(shown)
            _delete(report)
        if is_wanted:
            exporting.draw_panels(shown)


def _versions(report: ReportRecord, shown: VersionRecord) -> None:
    if report.version == 1:
        return
    with st.popover("Versions", icon=":material/history:", key="reports_versions"):
        found = authoring.versions(context(), report.id)
        for each in found[:_LISTED]:
            here = " · shown" if each.number == shown.number else ""
            note = f" · {literal(each.note, 60)}" if each.note else ""
            st.page_link(
                REPORTS.path, icon="", help="",
                label=f"**{each.number}** · {literal(each.created_by, 40)}, "
                f"{minute(each.created_at, reader_zone())}{note}{here}",
                query_params={"report": str(report.id), "version": str(each.number)},
            )  # fmt: skip
        if len(found) > _LISTED:
            st.caption(f"The newest {_LISTED} of {plural(len(found), 'version')}.")


def _delete(report: ReportRecord) -> None:
    with st.popover("Delete", icon=":material/delete:", key="reports_delete"):
        st.markdown(
            f"Delete **{literal(report.title, 80)}** with {plural(report.version, 'version')} for good? Its runs stay."
        )
        st.button("Delete for good", type="primary", key="reports_delete_apply", on_click=_deleted, args=(report,))


def _edit(report_id: int) -> None:
    st.query_params.from_dict({"report": str(report_id), "edit": "1"})


def _open(report_id: int) -> None:
    st.query_params.from_dict({"report": str(report_id)})


def _restore(report_id: int, number: int) -> None:
    act(lambda: authoring.restore(context(), report_id, number), f"Version {number} is the newest once more.",
        lambda: _open(report_id))  # fmt: skip


def _deleted(report: ReportRecord) -> None:
    act(lambda: authoring.delete(context(), report.id), f"Deleted {report.title}.", st.query_params.clear)


def act(action: Callable[[], object], done: str, then: Callable[[], object] = lambda: None) -> None:
    """Do it within a callback, and have the page say what came of it; `then` comes after what was done."""
    try:
        action()
        then()
    except TraindeckError as error:
        st.session_state[state.REPORTS_NOTICE] = ("error", str(error))
    else:
        st.session_state[state.REPORTS_NOTICE] = ("success", done)


def notice() -> None:
    """What the last action did, once."""
    kind, text = st.session_state.pop(state.REPORTS_NOTICE, ("", ""))
    if kind == "error":
        st.error(literal(text), icon=":material/error:")
    elif kind:
        st.success(literal(text), icon=":material/check:")
