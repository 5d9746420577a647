"""A report as it is written: its source at the left, what it looks like at the right."""

import difflib
from dataclasses import dataclass, replace

import streamlit as st

from core.common.errors import TraindeckError
from core.reports import authoring
from core.reports.authoring import ReportRecord, VersionRecord
from core.reports.panel_specs import KINDS, OfRuns, Panel
from core.reports.report_html import drawn_parts
from core.reports.report_text import MAX_SOURCE
from core.runs.labels import MAX_NAME
from core.runs.organising import ChangedError
from pages.parts.reports.reading import column
from pages.shared import state
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.source import source

_TITLE, _SOURCE = "reports_title", "reports_source"
_TALL = 620  # pixels
_SHOWS = {
    "curves": "a chart for each metric",
    "table": "params that differ, and results",
    "verdict": "which config is better, and how sure that is",
    "leaderboard": "the best configs, each against the champion",
    "effects": "what each param did",
    "ranks": "how configs rank over what all of them went through",
    "sweep": "a picture of a sweep: `confirmation`, `best so far`, `parallel`, `slices`, …",
    "evaluation": "scores and the picture of a run's task, such as its confusion matrix",
    "flips": "what only one of two runs gets right: `only one`, `only other`, `neither`",
    "folds": "a cross-validation, by any of its folds",
    "media": "what a run logged, such as an image",
    "note": "a remark",
}
_HELP = """
Write in Markdown. A panel is a block of its own:

````
```panel curves
runs: [12, 13]
metrics: [val_accuracy]
```
````

TABLE

Runs are named by `runs: [12, 13]`, `search: val_accuracy.best > 0.9`, `experiment: digits` or `sweep: 3`; any panel can
have a `title`. With `frozen: true` it keeps for ever what it shows when you save.
"""


def _help() -> str:
    rows = ["| Panel | Shows | Settings |", "| --- | --- | --- |"]
    for name, kind in KINDS.items():
        below = OfRuns if issubclass(kind, OfRuns) else Panel  # what is told below the table
        own = [each for each in kind.model_fields if each not in below.model_fields]
        rows.append(f"| `{name}` | {_SHOWS[name]} | {', '.join(f'`{each}`' for each in own)} |")
    return _HELP.replace("TABLE", "\n".join(rows))


@dataclass(frozen=True)
class _Draft:
    """What is written and not saved: of which version, and what became of the last try to save it."""

    report: int
    read: int
    title: str
    source: str
    error: str = ""
    is_behind: bool = False  # somebody saved another version meanwhile


def write(report: ReportRecord, newest: VersionRecord) -> None:
    draft = _draft(report, newest)
    st.title(literal(newest.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.text_input("Title", draft.title, key=_TITLE, max_chars=MAX_NAME, width=480, on_change=_kept)
        with st.container(horizontal=True, width="content", key="reports_writing"):
            st.button("Cancel", key="reports_cancel", on_click=_left, args=(report.id,))
            st.button("Save", key="reports_save", type="primary", icon=":material/check:", on_click=_saved)
    if draft.error:
        st.error(literal(draft.error, 1500), icon=":material/error:")
    if draft.is_behind:
        _behind(draft, newest)
    left, right = st.columns(2, gap="medium")
    with left:
        st.text_area(
            "Source", draft.source, key=_SOURCE, height=_TALL, max_chars=MAX_SOURCE, on_change=_kept,
            placeholder="What was the question, what was tried, what came out?",
            help="Leave the field or press Ctrl+Enter to see what it looks like.",
        )  # fmt: skip
        with st.expander("How panels are written", icon=":material/help:"):
            st.markdown(_help())
    with right, st.container(height=_TALL + 30, border=True, key="reports_preview"):
        if draft.source.strip():
            column("report_preview", drawn_parts(context(), draft.source))
        else:
            st.caption("What you write is shown here.")


def _draft(report: ReportRecord, newest: VersionRecord) -> _Draft:
    """What this session wrote of it before, also when it was on other pages in between."""
    kept = st.session_state.get(state.REPORTS_DRAFT)
    if not isinstance(kept, _Draft) or kept.report != report.id:
        kept = _Draft(report.id, newest.number, newest.title, newest.source)
        st.session_state[state.REPORTS_DRAFT] = kept
        for key in (_TITLE, _SOURCE):
            st.session_state.pop(key, None)
    return kept


def _kept() -> None:
    """What stands in the fields is the draft."""
    draft: _Draft = st.session_state[state.REPORTS_DRAFT]
    st.session_state[state.REPORTS_DRAFT] = replace(
        draft, title=st.session_state.get(_TITLE, draft.title), source=st.session_state.get(_SOURCE, draft.source) or ""
    )


def _saved() -> None:
    _kept()
    draft: _Draft = st.session_state[state.REPORTS_DRAFT]
    try:
        authoring.save(context(), draft.report, draft.title, draft.source, draft.read)
    except ChangedError as error:
        st.session_state[state.REPORTS_DRAFT] = replace(draft, error=str(error), is_behind=True)
    except TraindeckError as error:
        st.session_state[state.REPORTS_DRAFT] = replace(draft, error=str(error), is_behind=False)
    else:
        _left(draft.report)


def _left(report_id: int) -> None:
    st.session_state.pop(state.REPORTS_DRAFT, None)
    st.query_params.from_dict({"report": str(report_id)})


def _behind(draft: _Draft, newest: VersionRecord) -> None:
    """What the other one changed, and a way to go on."""
    old = authoring.version(context(), draft.report, draft.read).source
    with st.expander(f"What {literal(newest.created_by, 40)} changed in version {newest.number}"):
        lines = difflib.unified_diff(old.splitlines(), newest.source.splitlines(), lineterm="", n=2)
        text = "\n".join(list(lines)[2:])
        source(text or "Nothing but the title.", key="reports_diff", label="What changed", language="diff")
    st.button(
        f"Go on from version {newest.number}, with my text",
        key="reports_over",
        on_click=_over,
        args=(newest.number,),
        help="Your next save becomes the newest version; the other one stays among the versions.",
    )


def _over(number: int) -> None:
    _kept()
    draft: _Draft = st.session_state[state.REPORTS_DRAFT]
    st.session_state[state.REPORTS_DRAFT] = replace(draft, read=number, error="", is_behind=False)
