"""Which runs are compared: their numbers in the address, their names to pick from on screen."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from core import runs
from core.comparison import labels_apart
from core.runs.records import RunQuery, RunRecord
from core.runs.search_completion import completions
from core.runs.search_error import SearchError
from pages.frontend.completing import completing
from pages.parts.compare.controls import begin_anew, take_apart
from pages.parts.compare.sets import draw_sets
from pages.shared.data import context
from pages.shared.format import literal, minute
from pages.shared.search_help import unread
from pages.shared.widgets import reader_zone

RUNS = "runs"  # in the address: numbers with commas between
MOST = 50  # runs; more lines than this cannot be told apart, and take seconds to draw
PICKED = "compare_runs"
_SEEN, _FIND = "compare_seen", "compare_find"
_OFFERED = 200  # runs to pick from at a time
_LONG = 60  # characters of what they are called there


def chosen_runs() -> list[RunRecord]:
    """Draw the choice and read it; names what the address asks for and is not there."""
    address = st.query_params.get(RUNS, "")
    numbers, strange = _numbers(address)
    present = {run.id: run for run in runs.get_many(context(), numbers) if run.trashed_at is None}
    if address != st.session_state.get(_SEEN) or PICKED not in st.session_state:
        # A link, the back button or somebody's hand; as long as the address stays, what is picked here leads.
        st.session_state[_SEEN] = address
        st.session_state[PICKED] = list(present)[:MOST]
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_choice"):
        find = st.text_input(
            "Find runs", key=_FIND, type="search", live="300ms", placeholder="name, tag, batch_size = 64", width=260,
            icon=":material/search:", help="Narrows the runs to choose from; written as on the Runs page.",
        )  # fmt: skip
        found, wrong = _found(find or "")
        offered = present | {run.id: run for run in found}
        missing = [run_id for run_id in st.session_state[PICKED] if run_id not in offered]
        offered |= {run.id: run for run in runs.get_many(context(), missing)}
        told = _options(list(offered.values()))
        picked = st.multiselect(
            "Runs", list(offered), [run_id for run_id in st.session_state[PICKED] if run_id in offered], key=PICKED,
            format_func=told.__getitem__, max_selections=MOST,
            placeholder="Choose runs to compare", select_all=False, filter_mode="contains", on_change=_to_address,
            wrap=False,
        )  # fmt: skip
        draw_sets(picked, "" if wrong else find or "", MOST, keep_only)
    if wrong is not None:
        unread(wrong)
    if find:
        completing(_FIND, completions(context(), find))
    _tell([*strange, *(str(number) for number in numbers if number not in present)], len(present))
    return [offered[run_id] for run_id in picked]


def show_newest(count: int = 5) -> None:
    """Choose the newest runs."""
    newest = runs.listing(context(), RunQuery(limit=count))
    st.session_state[PICKED] = [run.id for run in newest.runs]
    _to_address()


def keep_only(run_ids: Sequence[int]) -> None:
    """Compare these and no others."""
    st.session_state[PICKED] = list(run_ids)
    _to_address()


def drill_down(run_ids: Sequence[int]) -> None:
    """Compare these and no others, each by itself."""
    keep_only(run_ids)
    take_apart()


def also_compare(run_ids: Sequence[int]) -> None:
    """These, too, as many as fit."""
    st.session_state[PICKED] = [*st.session_state[PICKED], *run_ids][:MOST]
    _to_address()


def _to_address() -> None:
    address = ",".join(str(run_id) for run_id in st.session_state[PICKED])
    st.session_state[_SEEN] = address
    st.query_params[RUNS] = address
    begin_anew()


def _numbers(address: str) -> tuple[list[int], list[str]]:
    """The numbers in the address without repetition, and what is no number."""
    parts = dict.fromkeys(part.strip() for part in address.split(",") if part.strip())
    numbers = [int(part) for part in parts if part.isdecimal() and len(part) < 16]
    return numbers, [part for part in parts if not (part.isdecimal() and len(part) < 16)]


def _found(search: str) -> tuple[tuple[RunRecord, ...], SearchError | None]:
    """What is found, or why nothing can be."""
    try:
        return runs.listing(context(), RunQuery(limit=_OFFERED), search, reader_zone()).runs, None
    except SearchError as error:
        return (), error


def _options(offered: Sequence[RunRecord]) -> dict[int, str]:
    """By their numbers what the runs are called: of one name with what they differ in, and else with their time."""
    names = labels_apart(offered, runs.params(context(), [run.id for run in offered]))
    bare = {run_id: name.partition(" ")[2] for run_id, name in names.items()}
    seen = Counter(bare.values())
    begun = {run.id: minute(run.created_at, reader_zone()) for run in offered if seen[bare[run.id]] > 1}
    return {run_id: _short(names[run_id], begun.get(run_id, "")) for run_id in names}


def _short(name: str, time: str) -> str:
    name = name if len(name) <= _LONG else f"{name[: _LONG - 1]}…"
    return f"{name} · {time}" if time else name


def _tell(missing: list[str], present: int) -> None:
    if missing:
        names = literal(", ".join(missing), 200)
        st.warning(f"Not shown, because they were deleted or never existed: {names}. The rest is below.")
    if present > MOST:
        st.warning(f"The address names {present} runs; the first {MOST} are shown.")
