"""The page's address: what to start from, and which draft. It leads back here after a reload."""

import streamlit as st

from core.common.context import Context
from core.common.errors import TraindeckError
from core.common.text import quoted
from core.config.presets import PRESETS
from pages.frontend.browser import by_history
from pages.parts.launch import draft, kept, seeding
from pages.shared import state

Address = dict[str, str]


def follow(context: Context) -> None:
    """Start from what the address names, unless the session is at it already."""
    asked = _asked()
    if state.LAUNCH_ORIGIN not in st.session_state or (asked and not _is_known(asked)):
        _go(context, asked)


def _asked() -> Address:
    """Changes and ranges that are given several times all count."""
    found = {key: st.query_params.get_all(key) for key in (*draft.ORIGINS, kept.DRAFT)}
    several = (draft.CHANGED, draft.VARIED)
    return {key: ";".join(each) if key in several else each[-1] for key, each in found.items() if each}


def tell(context: Context) -> None:
    """Keep the draft, and have the address name what the session is at."""
    kept.keep(context)
    here = draft.origin().address | ({kept.DRAFT: kept.name()} if kept.name() else {})
    told: Address = st.session_state.get(state.LAUNCH_TOLD, {})
    if told != here:
        _left().append(told)
        st.session_state[state.LAUNCH_TOLD] = here
    if _asked() != here:
        st.query_params.from_dict(here)


def _is_known(asked: Address) -> bool:
    """Whether it is the session's own address, or one before: the browser may not yet have heard of the new one."""
    if asked == st.session_state.get(state.LAUNCH_TOLD):
        _left().clear()
        return True
    if not seeding.is_drawn("launch_name"):  # another page was open: it is a link
        _left().clear()
    return asked in _left() and not by_history()


def _unused(asked: Address, new: draft.Origin) -> str:
    names = [f"{key}={asked[key]}" for key in asked if key not in new.address]
    there = "&".join(f"{key}={value}" for key, value in new.address.items())
    told = f"Not used of this page's address: {', '.join(names)}. The form begins with {there}."
    if draft.CHANGED in asked.keys() - new.address.keys():
        told += f" {draft.CHANGED} changes a run that is cloned: {draft.CLONE}=RUN&{draft.CHANGED}=PARAM=VALUE."
    return told if names else ""


def _left() -> list[Address]:
    found: list[Address] = st.session_state.setdefault(state.LAUNCH_LEFT, [])
    return found


def _go(context: Context, asked: Address) -> None:
    wanted = asked.pop(kept.DRAFT, "")
    if (wanted or not asked) and kept.take(context, wanted):
        return
    gone = f"This browser keeps no draft {quoted(wanted, 80)}: it is gone, or another browser's." if wanted else ""
    wrong = ""
    try:
        if asked:
            new = draft.asked_origin(context, asked)
            kept.leave()
            draft.start(new)
            wrong = _unused(asked, new)
    except TraindeckError as error:
        wrong = str(error)
    if state.LAUNCH_ORIGIN not in st.session_state:
        draft.start(draft.from_preset(next(iter(PRESETS))))
    st.session_state[state.LAUNCH_WRONG] = wrong or ("" if by_history() else gone)
