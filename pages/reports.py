"""The Reports page: what people found out, in words, with panels of their runs; and the views that they saved.

The view is the URL's: `report` names the one that is read, `version` an older one, `edit` says that it is written.
"""

import streamlit as st

from core.common.errors import NotFoundError
from core.reports import authoring, saved_views
from pages.parts.reports import listed, reading, toolbar, written
from pages.shared import address
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import COMPARE, EXPERIMENTS, REPORTS


def main() -> None:
    asked = st.query_params.get("report", "")
    if not asked:
        overview()
        return
    try:
        report = authoring.find(context(), asked)
        number = st.query_params.get("version", "")
        shown = authoring.version(context(), report.id, int(number) if number.isdecimal() and len(number) < 9 else None)
    except NotFoundError as error:
        st.query_params.clear()
        overview()
        st.error(literal(str(error)))
        return
    address.within("version", 1, report.version)
    address.among("edit", ("1",))
    if st.query_params.get("edit") == "1" and shown.number == report.version:
        written.write(report, shown)
    else:
        toolbar.head(report, shown)
        reading.read(shown)


def overview() -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(REPORTS.title, anchor=False, width="content")
        listed.new_report()
    toolbar.notice()
    found = authoring.listing(context())
    if found:
        listed.table(found)
    else:
        with st.container(border=True, key="reports_nothing"):
            st.markdown(
                "**No reports yet.** A report says in words what was found out, with curves, tables and verdicts that "
                "are live or frozen. Begin one here, or with *Add to report* beside what it is about."
            )
            with st.container(horizontal=True):
                st.page_link(COMPARE.path, label="Compare runs", help="")
                st.page_link(EXPERIMENTS.path, label="See experiments", help="")
    listed.views(saved_views.listing(context()))


main()
