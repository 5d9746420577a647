"""A report leaves as a file: at once, or of many panels as soon as all of them are drawn, which is told as it goes."""

import re
from collections.abc import Callable

import streamlit as st

from core.reports import report_html, report_pdf
from core.reports.authoring import VersionRecord
from core.reports.report_text import PanelPart, parts
from pages.shared import state
from pages.shared.data import context
from pages.shared.format import literal

_MANY = 20  # panels, which take a few seconds


def buttons(shown: VersionRecord) -> bool:
    """Draw what can be clicked; whether its panels are to be drawn now."""
    count, acting = _panels(shown), context()
    if count <= _MANY:
        _downloads(shown.title, lambda: report_html.as_file(acting, shown.report_id, shown.number))
        return False
    *drawn, html = st.session_state.get(state.REPORTS_EXPORT, ("",))
    is_there = drawn == [shown.report_id, shown.number]
    if is_there:
        _downloads(shown.title, lambda: html)
    return st.button(
        "Draw anew" if is_there else "Export", icon=":material/file_save:", key="reports_export",
        help=f"Draws its {count} panels, and then offers HTML and PDF",
    )  # fmt: skip


def draw_panels(shown: VersionRecord) -> None:
    """All of them, and say how far it is."""
    count, found, done = _panels(shown), [], 0
    with st.status(f"Drawing {count} panels") as told:
        for part in report_html.drawn_parts(context(), shown.source):
            found.append(part)
            if part.panel is not None:
                done += 1
                told.update(label=f"Drew {done} of {count} panels")
    st.session_state[state.REPORTS_EXPORT] = (shown.report_id, shown.number, report_html.document(shown, found))
    st.rerun()


def _panels(shown: VersionRecord) -> int:
    return sum(isinstance(part, PanelPart) for part in parts(shown.source))


def _downloads(title: str, html: Callable[[], str]) -> None:
    name = re.sub(r"[^\w-]+", "-", title).strip("-")[:80] or "report"
    st.download_button(
        "HTML", html, f"{name}.html", "text/html", on_click="ignore", icon=":material/download:", key="reports_html",
        help="One file that works without a network",
    )  # fmt: skip
    has_browser = report_pdf.browser() is not None
    st.download_button(
        "PDF", lambda: report_pdf.as_pdf(html()), f"{name}.pdf", "application/pdf", on_click="ignore",
        icon=":material/picture_as_pdf:", key="reports_pdf", disabled=not has_browser,
        help="As the HTML file prints" if has_browser else literal(report_pdf.MISSING),
    )  # fmt: skip
