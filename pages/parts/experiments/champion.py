"""The champion of an experiment: the config that the others are measured by, chosen by somebody or the best so far."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.common.errors import TraindeckError
from core.comparison import Group
from core.comparison.whole_experiment import Ranked
from core.runs import experiment_board
from core.runs.experiment_board import BoardRecord
from core.verdicts.champion import best_so_far
from pages.shared.data import context
from pages.shared.format import literal, minute
from pages.shared.widgets import reader_zone

_KEY = "experiment_champion"
_BEST = 0  # what is chosen where nobody is


@dataclass(frozen=True)
class Champion:
    group: Group
    board: BoardRecord
    is_lost: bool = False  # the one that was chosen is not there any more, or has no value


def chosen_champion(found: Ranked, experiment: str) -> Champion:
    """Of at least one config that has a value."""
    board = experiment_board.board(context(), experiment)
    group = None
    if board.champion is not None:
        wanted = board.champion
        group = next((group for group in found.groups if any(run.id == wanted for run in group.runs)), None)
    if group is not None:
        return Champion(group, board)
    best = best_so_far(found.groups, found.repeats)
    return Champion(next(each for each in found.groups if each.id == best), board, board.champion is not None)


def choose_champion(found: Ranked, experiment: str, champion: Champion, offered: Sequence[Group]) -> None:
    board = champion.board
    if champion.is_lost:
        told = f"run {board.champion}, which was chosen, has no value or is gone: the best so far stands in"
    elif board.champion is not None:
        told = f"chosen by {literal(board.chosen_by)}, {minute(board.chosen_at, reader_zone())}"
    else:
        several = len(found.repeats[champion.group.id].values) > 1 and champion.group is not found.groups[0]
        told = "the best of those with several seeds" if several else "the best so far"
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
    now = champion.group.id if champion.board.champion is not None and not champion.is_lost else _BEST
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
