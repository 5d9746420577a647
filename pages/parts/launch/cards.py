"""Cards that a launch can start from: how one looks, and which have the words that are looked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from core.common.errors import TraindeckError
from pages.parts.launch import draft, kept
from pages.shared.format import literal

_PICTURES = Path(__file__).with_name("pictures")
_WIDTH = 250  # pixels that a card needs


@dataclass(frozen=True)
class Card:
    key: str
    icon: str
    title: str
    told: str
    facts: tuple[str, ...]
    origin: Callable[[], draft.Origin]
    picture: str = ""  # name of one

    def has(self, words: Sequence[str]) -> bool:
        """Whether it says all of these, in small letters."""
        said = " ".join((self.title, self.told, *self.facts)).lower()
        return all(word in said for word in words)


def draw_cards(cards: Sequence[Card], words: str, empty: str, close: Callable[[], None]) -> None:
    """`empty`: said where there are none; `close`: once one is chosen."""
    wanted = words.lower().split()
    shown = [card for card in cards if card.has(wanted)]
    if not shown:
        st.caption("None has these words." if wanted else empty)
        return
    with st.grid("auto", min_column_width=_WIDTH):
        for card in shown:
            with st.container(border=True, height="stretch", gap="xsmall", key=f"launch_card_{card.key}"):
                _draw(card, close)


def _draw(card: Card, close: Callable[[], None]) -> None:
    if card.picture in _pictures():
        st.image(_pictures()[card.picture], alt=f"Examples of {card.picture}")
    st.markdown(f"{card.icon} **{literal(card.title, 60)}**")
    st.caption(literal(card.told, 200))
    st.markdown(" ".join(f":gray-badge[{literal(fact, 40)}]" for fact in card.facts if fact))
    st.space("stretch")
    if st.button("Start", key=f"launch_from_{card.key}", width="stretch"):
        try:
            origin = card.origin()
        except TraindeckError as error:
            st.error(literal(str(error)))
            return
        kept.leave()
        draft.start(origin)
        close()
        st.rerun()


@cache
def _pictures() -> dict[str, str]:
    """As SVG, by the data that they show: drawn for this page, but digits and iris, which are scikit-learn's own."""
    return {path.stem: path.read_text(encoding="utf-8") for path in _PICTURES.glob("*.svg")}
