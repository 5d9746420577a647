"""What a launch can start from, as cards: presets, the runs launched last, the user's own data sets."""

import time
from collections.abc import Mapping

import streamlit as st

from core import runs
from core.architectures.architecture import KIND_NAMES
from core.common.context import Context
from core.config.presets import PRESETS, Preset
from core.config.presets.measured import PARAMETERS, SECONDS
from core.data.base import DataInfo, Kind
from core.data.library.known import Known
from core.runs.data_names import data_set
from core.runs.highlights import monitored_metric
from core.runs.records import Compare, RunQuery, RunRecord, Summary
from core.runs.search_error import SearchError
from pages.parts.launch import draft
from pages.parts.launch.cards import Card, draw_cards
from pages.shared import state
from pages.shared.data import known_datasets
from pages.shared.format import ago, duration, literal, number, roughly
from pages.shared.widgets import state_badge

ICONS: dict[Kind, str] = {
    "image": ":material/image:",
    "rows": ":material/scatter_plot:",
    "table": ":material/table_chart:",
    "text": ":material/article:",
    "corpus": ":material/history_edu:",
    "series": ":material/timeline:",
}
_RECENT = 60  # runs that are looked at
_SHOWN = 18  # of them that get a card
_PICTURES = {  # by source; others have the source's name
    "digit_segments": "digits",
    "reuters": "topics",
    "imdb": "opinions",
    "text": "opinions",
}
_VIEWS = ("Presets", "Your runs", "Other people's runs", "Data sets")


def draw_choice(context: Context, title: str) -> None:
    """The button that opens the cards, and the cards as long as they are open."""
    st.button(
        f"Start from **{literal(title, 40)}**",
        key="launch_start",
        icon=":material/grid_view:",
        help="Choose a preset, a run or a data set to start from.",
        on_click=_open,
    )
    if st.session_state.get(state.LAUNCH_CHOOSING):
        _choose(context)


def _open() -> None:
    st.session_state[state.LAUNCH_CHOOSING] = True


def _close() -> None:
    st.session_state[state.LAUNCH_CHOOSING] = False


@st.dialog("Start from", width="large", icon=":material/rocket_launch:", on_dismiss=_close)
def _choose(context: Context) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        view = st.segmented_control(
            "Of which kind", _VIEWS, default=_VIEWS[0], required=True, label_visibility="collapsed", key="launch_view"
        )
        words = st.text_input(
            "Find", key="launch_find", placeholder="Find", icon=":material/search:", label_visibility="collapsed"
        )
    if view == "Presets":
        draw_cards([_of_preset(each) for each in PRESETS.values()], words, "", _close)
    elif view == "Data sets":
        there = [each for each in known_datasets() if each.place != "missing"]
        draw_cards(
            [_of_dataset(context, each) for each in there], words, "Add a data set on the Datasets page.", _close
        )
    else:
        _runs(context, words, mine=view == "Your runs")


def _of_preset(preset: Preset) -> Card:
    data = type(preset.config.data)
    size, seconds = PARAMETERS.get(preset.name), SECONDS.get(preset.name)
    known: DataInfo | None = getattr(data, "facts", None)  # none of what is the user's own
    facts = (
        KIND_NAMES[known.kind] if known else data.title,
        f"{known.train_examples + known.test_examples:,} examples" if known else "your own data",
        f"{size:,} parameters" if size else "",
        f"≈ {roughly(seconds)} on 2 cores" if seconds else "",
    )
    icon = ICONS[known.kind] if known else ":material/folder_open:"
    return Card(
        preset.name,
        icon,
        preset.name,
        preset.summary,
        facts,
        lambda: draft.from_preset(preset.name),
        _picture(preset.config.data.source),
    )


def _picture(source: str) -> str:
    return _PICTURES.get(source, source)


def _of_dataset(context: Context, each: Known) -> Card:
    examples = each.info.train_examples + each.info.validation_examples + each.info.test_examples
    facts = (KIND_NAMES[each.info.kind], f"{examples:,} examples" if examples else "")
    return Card(
        each.name,
        ICONS[each.info.kind],
        each.title,
        each.summary,
        facts,
        lambda: draft.from_dataset(context, each.name),
        _picture(each.name),
    )


def _runs(context: Context, words: str, *, mine: bool) -> None:
    of = Compare("user", "=" if mine else "!=", context.actor.name)
    try:
        found = runs.listing(context, RunQuery(filter=of, limit=_RECENT), words).runs
    except SearchError as error:
        st.caption(literal(str(error)))
        return
    shown = [run for run in found if run.kind == runs.NETWORK.name][:_SHOWN]
    known = runs.summaries(context, [run.id for run in shown])
    now = time.time()
    empty = "You have launched no run yet." if mine else "Nobody else has launched a run here."
    cards = [_of_run(context, run, known.get(run.id, {}), now) for run in shown]
    draw_cards(cards, "", "No run matches." if words else empty, _close)


def _of_run(context: Context, run: RunRecord, known: Mapping[str, Summary], now: float) -> Card:
    best = known.get(monitored_metric(run))
    told = [run.experiment, data_set(run), f"by {run.created_by}", ago(run.created_at, now)]
    facts = (
        f"{best.metric} {number(best.best)}" if best and best.has_best else "",
        duration(run.trained_seconds) if run.trained_seconds else "",
    )
    icon, number_ = state_badge(run.state), str(run.id)
    return Card(
        number_,
        icon,
        run.name,
        " · ".join(filter(None, told)),
        facts,
        lambda: draft.from_run(context, number_),
        _picture(data_set(run)),
    )
