"""Runs that belong together, to be chosen at once: the newest, all that are found, of an experiment, sweep or tag."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from core import runs
from core.runs.records import RunQuery, RunRecord
from core.sweeps import managing
from core.sweeps.trial_names import of_sweep
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.widgets import reader_zone

_NEWEST = (5, 10, 20)
_EACH = 6  # experiments, sweeps and tags that are offered, those of the chosen runs first
_OPEN = "compare_sets"


@dataclass(frozen=True)
class RunSet:
    """The newest `count` of the runs that `query` and `search` find; `label` is Markdown."""

    label: str
    query: RunQuery
    search: str
    count: int


def draw_sets(chosen: Sequence[int], search: str, most: int, choose: Callable[[Sequence[int]], None]) -> None:
    """A popover with a button for each set, which is looked up once it is open.

    Args:
        chosen: what is compared now.
        search: what the reader looks for, which can be read.
        most: runs that are chosen at a time.
        choose: compares these and no others.
    """
    with st.popover("Choose many", icon=":material/checklist:", key=_OPEN, on_change="rerun") as opened:
        if not opened.open:
            return
        st.caption("In place of what is compared now:")
        with st.container(gap=None):
            for place, each in enumerate(_sets(runs.get_many(context(), chosen), search, most)):
                st.button(
                    each.label, key=f"compare_set_{place}", type="tertiary",
                    on_click=_choose, args=(each, choose),
                )  # fmt: skip


def _choose(wanted: RunSet, choose: Callable[[Sequence[int]], None]) -> None:
    found = runs.listing(context(), replace(wanted.query, limit=wanted.count), wanted.search, reader_zone())
    choose([run.id for run in found.runs])
    st.session_state[_OPEN] = False


def _sets(chosen: Sequence[RunRecord], search: str, most: int) -> Iterator[RunSet]:
    """Without those that no run is in."""
    for title, query, words in _asked(chosen, search):
        total = runs.listing(context(), replace(query, limit=1), words, reader_zone()).total
        told = f"{total:,}" if total <= most else f"the newest {most:,} of {total:,}"
        if total:
            yield RunSet(f"{literal(title, 60)} :gray[· {told}]", query, words, min(total, most))
    everything = runs.listing(context(), RunQuery(limit=1)).total
    for count in _NEWEST:
        if count < everything:
            yield RunSet(f"The newest {count} runs", RunQuery(), "", count)


def _asked(chosen: Sequence[RunRecord], search: str) -> Iterator[tuple[str, RunQuery, str]]:
    if search.strip():
        yield f"All that “{search.strip()}” finds", RunQuery(), search
    own = dict.fromkeys(run.experiment for run in chosen)
    for name in [*own, *(each for each in runs.experiments(context()) if each not in own)][:_EACH]:
        yield f"All of experiment {name}", RunQuery(experiments=(name,)), ""
    tags = dict.fromkeys(tag for run in chosen for tag in run.tags)
    sweeps = {of_sweep(sweep.id): sweep.name for sweep in managing.listing(context())}
    for tag in [*(tag for tag in tags if tag in sweeps), *(tag for tag in sweeps if tag not in tags)][:_EACH]:
        yield f"All of sweep {sweeps[tag]}", RunQuery(tags=(tag,)), ""
    others = [tag for tag in dict.fromkeys([*tags, *runs.all_tags(context())]) if tag not in sweeps]
    for tag in others[:_EACH]:
        yield f"All tagged {tag}", RunQuery(tags=(tag,)), ""
