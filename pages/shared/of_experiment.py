"""Choices that belong to an experiment: what somebody chose for one stays with it, and another begins with its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from pages.shared import address

_KEPT = "of_experiment_kept"


@dataclass
class _Kept:
    begun: str  # what the choice began with when it was drawn last
    is_other: bool = False  # another experiment was chosen since
    by_hand: dict[str, str] = field(default_factory=dict)  # what was chosen, by experiment


def for_other() -> None:
    """In a callback: another experiment was chosen, so that what somebody chose for the one before is of that."""
    for kept in st.session_state.get(_KEPT, {}).values():
        kept.is_other = True


def choice(label: str, options: Sequence[str], key: str, of: str, width: int) -> str:
    """Draw the box and read it; the first option is chosen where nobody chose another.

    Args:
        key: of the box, and in the address.
        of: the experiment; "" where there is no choice of several.
    """
    begin = options[0]
    kept = st.session_state.setdefault(_KEPT, {}).setdefault(key, _Kept(begin))
    is_anew = kept.begun != begin and key not in st.query_params
    if kept.is_other or is_anew:
        # Set, and not forgotten: a browser keeps what a widget showed until it is told another value.
        wanted = kept.by_hand.get(of, begin) if kept.is_other else begin
        st.session_state[key] = wanted if wanted in options else begin
    kept.begun, kept.is_other = begin, False
    chosen = st.selectbox(label, options, index=0, key=key, bind=address.among(key, options), width=width)
    if chosen == begin:
        kept.by_hand.pop(of, None)
    else:
        kept.by_hand[of] = chosen
    return chosen
