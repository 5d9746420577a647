"""Buttons that launch what would settle a verdict, or show the runs that are there already."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import streamlit as st

from core import runs as use_cases
from core.common.errors import TraindeckError
from core.runs.folds import with_folds
from core.runs.repeating import can_repeat, more_of_each, usual_seconds
from core.runs.same_config import may_join
from core.verdicts import Side, Verdict
from core.verdicts.settling import Lacking, lacking, of_whom
from pages.shared.clicks import once
from pages.shared.data import context
from pages.shared.format import literal, plural, roughly, run_numbers

Then = Callable[[Sequence[int]], None]  # what becomes of the numbers of runs that were launched, or are to be shown
Launch = Callable[[Lacking], Iterable[Sequence[int]]]  # raises TraindeckError

_FIRST = 20  # further seeds of a config that are offered to begin with


def offer(
    verdict: Verdict,
    among: Sequence[Side],
    names: Mapping[int, str],
    prefix: str,
    helps: Mapping[bool, str],
    then: Then,
    most: int | None = None,
    launch: Launch | None = None,
) -> None:
    """What is missing, of the best and the first that is not told apart from it.

    Args:
        prefix: of the keys of what is drawn.
        helps: what the button does, by whether it launches folds.
        most: runs that the page has room for; None where it has for all there are.
        launch: queues them; without it they are runs like those of each config.
    """
    groups = {group.id: group for group in among}
    every = lacking(verdict)
    if every is None:
        return
    room = None if most is None else most - sum(len(group.runs) for group in among)
    if room is not None and not every.folds and _show(groups, every, room, prefix, then):
        return  # they may settle it, and were perhaps launched from here a moment ago
    found = every.beside(verdict.repeats)
    if found is None:
        st.caption("As many are queued or at work.")
        return
    if not all(can_repeat(groups[key].runs) for key in found.sides):
        if found.tells:
            st.caption("They are to be run where the others were: what a client reported, nobody launches from here.")
        return
    short = {key: literal(name, 60) for key, name in names.items()}
    fit = _FIRST if room is None or not found.folds else min(_FIRST, room // len(found.sides))
    begun, make = found.first(fit), launch or partial(_like_others, groups)
    is_all = begun == found
    with st.container(horizontal=True, vertical_alignment="center", key=f"{prefix}_settling"):
        st.button(
            f"Launch {of_whom(verdict, begun, short)}{'' if is_all else ' first'}", key=f"{prefix}_more_seeds",
            icon=":material/casino:", help=helps[bool(found.folds)], wrap=True,
            **once(f"{prefix}_more_seeds", _launch, make, begun, prefix, then),
        )  # fmt: skip
        if not is_all:
            st.button(
                f"Launch all {found.runs:,} runs", key=f"{prefix}_all_seeds", type="tertiary",
                **once(f"{prefix}_all_seeds", _launch, make, found, prefix, then),
            )  # fmt: skip
        st.caption(_told(groups, begun.sides, found.sides, most), width="content")
    if message := st.session_state.pop(f"{prefix}_verdict_failed", ""):
        st.error(literal(message, 600))


def _show(groups: Mapping[int, Side], wanted: Lacking, room: int, prefix: str, then: Then) -> bool:
    """Runs of these configs that are there, and not shown; whether there are any, and room for them."""
    there = [run.id for key, count in wanted.sides.items() if count for run in may_join(context(), groups[key].runs)]
    if not there or room < 1:
        return False
    with st.container(horizontal=True, vertical_alignment="center", key=f"{prefix}_there"):
        st.markdown(
            f"{plural(len(there), 'further run')} of {'it' if len(wanted.sides) == 1 else 'them'} "
            f"{'is' if len(there) == 1 else 'are'} there and not compared: {run_numbers(there)}.", width="content",
        )  # fmt: skip
        st.button(
            "Compare with it" if len(there) == 1 else "Compare with them", key=f"{prefix}_show_there",
            icon=":material/add:", help="", on_click=then, args=(there[:room],),
        )  # fmt: skip
    return True


def _told(groups: Mapping[int, Side], begun: Mapping[int, int], wanted: Mapping[int, int], most: int | None) -> str:
    """What the buttons take, and where more runs than this page has room for are judged; "" where it is not known."""
    told = [_takes(groups, begun)]
    if begun != wanted:
        told.append(f"all {_takes(groups, wanted)}" if told[0] else "")
    if most is not None and sum(wanted.values()) + sum(len(group.runs) for group in groups.values()) > most:
        told.append(f"here is room for {most} runs, Experiments judges any number")
    return "; ".join(filter(None, told))


def _takes(groups: Mapping[int, Side], sides: Mapping[int, int]) -> str:
    """How long so many runs train, one after another; "" where it is not known."""
    each = {key: usual_seconds(groups[key].runs) for key, count in sides.items() if count}
    if None in each.values():
        return ""
    return f"about {roughly(sum(count * (each.get(key) or 0.0) for key, count in sides.items()))} of training"


def _launch(make: Launch, wanted: Lacking, prefix: str, then: Then) -> None:
    """A callback."""
    made: list[int] = []
    try:
        for run_ids in make(wanted):
            made += run_ids
    except TraindeckError as error:
        st.session_state[f"{prefix}_verdict_failed"] = str(error)
    then(made)


def _like_others(groups: Mapping[int, Side], wanted: Lacking) -> Iterator[Sequence[int]]:
    """Of a whole experiment runs are listed without their configs, which are read here."""
    whole = {key: use_cases.get_many(context(), [run.id for run in groups[key].runs]) for key in wanted.sides}
    if wanted.folds:
        for key in wanted.sides:
            yield with_folds(context(), whole[key], [(int(seed), int(fold)) for seed, fold in wanted.places[key]])
    else:
        yield more_of_each(context(), [(whole[key], count) for key, count in wanted.sides.items() if count])
