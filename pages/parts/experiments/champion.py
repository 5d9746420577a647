"""The champion of an experiment: the config that the others are measured by, chosen by somebody or the best so far."""

from collections.abc import Sequence

import streamlit as st

from core.common.errors import TraindeckError
from core.comparison import Group
from core.comparison.champions import Champion, standing_in
from core.comparison.whole_experiment import Ranked
from core.runs import experiment_board
from core.runs.experiment_board import BoardRecord
from pages.shared.data import context
from pages.shared.format import literal, minute
from pages.shared.widgets import reader_zone

_KEY = "experiment_champion"
_BEST = 0  # what is chosen where nobody is


def choose_champion(
    found: Ranked, experiment: str, board: BoardRecord, champion: Champion, offered: Sequence[Group]
) -> None:
    if champion.is_lost:
        told = f"run {board.champion}, which was chosen, has no value or is gone: the best so far stands in"
    elif champion.chosen is not None:
        told = f"chosen by {literal(board.chosen_by)}, {minute(board.chosen_at, reader_zone())}"
    else:
        told = standing_in(found, champion)
    with st.container(horizontal=True, vertical_alignment="center", key="experiment_champion_line"):
        name = literal(found.names[champion.group.id], 120)
        st.markdown(f":material/trophy: Champion: **{name}** :gray[{told}]", width="content")
        with st.popover("Choose", type="tertiary", key=_KEY, on_change="rerun") as opened:
            if opened.open:
                _choose(found, experiment, champion, offered)
    if message := st.session_state.pop(f"{_KEY}_failed", ""):
        st.error(literal(message, 600))


def _choose(found: Ranked, experiment: str, champion: Champion, offered: Sequence[Group]) -> None:
    groups = {group.id: group for group in [*offered, champion.group]}
    now = _BEST if champion.chosen is None else champion.group.id
    st.selectbox(
        "The others are measured by", [_BEST, *groups], index=[_BEST, *groups].index(now), key=f"{_KEY}_which",
        format_func=lambda key: found.names[key] if key else "the best so far", width=420,
    )  # fmt: skip
    st.button("Save", type="primary", key=f"{_KEY}_save", on_click=_save, args=(experiment, groups))


def _save(experiment: str, groups: dict[int, Group]) -> None:
    chosen = groups.get(st.session_state[f"{_KEY}_which"])
    try:
        experiment_board.choose_champion(context(), experiment, chosen.runs[0].id if chosen else None)
    except TraindeckError as error:
        st.session_state[f"{_KEY}_failed"] = str(error)
    else:
        st.session_state[_KEY] = False
