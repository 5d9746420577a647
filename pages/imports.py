"""The Import page: runs of another tool, looked at first, then brought over."""

import streamlit as st

from core import runs
from core.common.context import Context
from core.common.errors import TraindeckError
from core.imports.bounded_import import Preview, bring, preview
from core.imports.importing import Report, told
from pages.parts.datasets.given import shown
from pages.parts.imports.given import Given, choose
from pages.shared import state
from pages.shared.clicks import begin_button
from pages.shared.data import context
from pages.shared.format import literal, minute, plural
from pages.shared.nav import IMPORT, RUNS


def main() -> None:
    acting = context()
    st.title(IMPORT.title, anchor=False)
    st.caption("What was logged elsewhere becomes runs here. Import it again later, and only what is new is added.")
    given = choose(acting)
    if given is not None:
        try:
            _look(acting, given)
        except (TraindeckError, OSError) as error:
            st.error(literal(str(error)), icon=":material/error:")
    report: Report | None = st.session_state.get(state.IMPORT_REPORT)
    if report is not None:
        _show_report(report)


def _look(acting: Context, given: Given) -> None:
    known = st.session_state.get(state.IMPORT_FOUND)
    if known is None or known[0] != given:
        st.session_state.pop(state.IMPORT_REPORT, None)
        bar = st.progress(0.0, "Looking at what is there")
        try:
            known = given, preview(acting, given.source, given.path, shown(bar), given.credentials)
        finally:
            bar.empty()
        st.session_state[state.IMPORT_FOUND] = known
    found: list[Preview] = known[1]
    st.dataframe(_rows(found), hide_index=True, key="import_found", alt="Runs that were found", height="auto")
    left, right = st.columns(2)
    own = sorted({each.experiment for each in found if each.experiment})
    with left:
        experiment = st.selectbox(
            "Experiment",
            list(dict.fromkeys([*own, *runs.experiments(acting)])),
            index=None,
            accept_new_options=True,
            placeholder=f"As there: {', '.join(own)[:60]}" if own else runs.DEFAULT_EXPERIMENT,
            key="import_experiment",
        )
    with right:
        tags = st.multiselect(
            "Tags", runs.all_tags(acting), accept_new_options=True, key="import_tags", placeholder="Choose or type"
        )
    label = f"Import {plural(len(found), 'run')}"
    begin_button(
        label, "import_start", lambda: _bring(acting, given, experiment or "", tuple(tags), len(found)),
        type="primary", icon=IMPORT.icon, disabled=not found,
    )  # fmt: skip


def _rows(found: list[Preview]) -> list[dict[str, object]]:
    return [
        {
            "Name": each.name,
            "Experiment": each.experiment,
            "State": each.state,
            "Began": minute(each.began_at),
            "Params": each.params,
            "Metrics": each.metrics,
            "Points": each.points,
            "Files": each.files,
            "Left out": "; ".join(f"{what} ({count:,})" for what, count in each.left_out.items()),
        }
        for each in found
    ]


def _bring(acting: Context, given: Given, experiment: str, tags: tuple[str, ...], count: int) -> None:
    bar = st.progress(0.0, f"Importing {plural(count, 'run')}")
    report = bring(acting, given.source, given.path, experiment, tags, shown(bar), given.credentials)
    bar.empty()
    st.session_state[state.IMPORT_REPORT] = report
    st.rerun()


def _show_report(report: Report) -> None:
    first, *rest = told(report)
    show = st.warning if report.failed else st.success
    show(literal(first), icon=":material/done_all:")
    for sentence in rest:
        st.markdown(literal(sentence))
    st.page_link(RUNS.path, label="See them on Runs", icon=RUNS.icon, help="")


main()
