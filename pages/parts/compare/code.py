"""How the code of two runs of scripts differs."""

from collections.abc import Sequence

import streamlit as st

from core import runs as use_cases
from core.common.errors import NotFoundError
from core.runs.records import RunRecord
from core.scripts import code_store
from core.scripts.code_changes import Changed, changes
from pages.shared.data import context
from pages.shared.format import literal, plural
from pages.shared.source import source

_MOST_SHOWN = 20  # files whose lines are shown
_OPEN = 3  # of them at first


def draw_code(runs: Sequence[RunRecord]) -> None:
    """Nothing where fewer than two of them are of scripts."""
    snapshots = {run.id: spec.project.snapshot for run in runs if (spec := use_cases.script_spec(run)) is not None}
    if len(snapshots) < 2:
        return
    st.subheader("Code", anchor=False)
    if len(set(snapshots.values())) == 1:
        st.caption(f"{'Both' if len(snapshots) == 2 else f'All {len(snapshots)}'} ran the same code.")
        return
    first, second = _chosen(runs, snapshots)
    settings = context().workspace.settings
    try:
        one, other = (code_store.snapshot(settings, snapshots[number]) for number in (first, second))
        found = changes(settings, one, other)
    except NotFoundError as error:
        st.info(literal(str(error)), icon=":material/code_off:")
        return
    if not found:
        st.caption("These two ran the same code.")
        return
    lines = sum(each.added for each in found), sum(each.removed for each in found)
    same = len(set(one.files) | set(other.files)) - len(found)
    rest = f"; {plural(same, 'file')} the same" if same else ""
    st.caption(f"{plural(len(found), 'file')} changed, +{lines[0]:,} −{lines[1]:,} lines{rest}.")
    for place, each in enumerate(found[:_MOST_SHOWN]):
        _file(each, place)
    if len(found) > _MOST_SHOWN:
        st.caption(f"And {plural(len(found) - _MOST_SHOWN, 'file')} more.")


def _chosen(runs: Sequence[RunRecord], snapshots: dict[int, str]) -> tuple[int, int]:
    """Numbers of two runs: at first the first, and the next that ran other code."""
    numbers = list(snapshots)
    named = {run.id: f"{run.id} · {run.name}" for run in runs if run.id in snapshots}
    other = next(number for number in numbers if snapshots[number] != snapshots[numbers[0]])
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_code"):
        first, second = (
            st.selectbox(title, numbers, index=numbers.index(begin), format_func=named.__getitem__,
                         key=f"compare_code_{title.lower()}", width=240)
            for title, begin in (("From", numbers[0]), ("To", other))
        )  # fmt: skip
    return first, second


def _file(changed: Changed, place: int) -> None:
    if not changed.diff:
        st.caption(f"{literal(changed.path)}: {literal(changed.told)}")
        return
    with st.expander(f"{literal(changed.path)} :gray[{literal(changed.told)}]", expanded=place < _OPEN):
        source(changed.diff, key=f"compare_code_{place}", label=f"The difference of {changed.path}", language="diff")
