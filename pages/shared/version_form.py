"""Under which model a new version stands, with what note: asked wherever a version is made."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core import models
from core.common.errors import TraindeckError
from core.jobs.new_version import Request
from core.models import CHAMPION, VersionRecord, making
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import MODELS


@dataclass(frozen=True)
class Labels:
    name: str
    note: str
    aliases: tuple[str, ...]


def labels(
    key: str, proposed: str, *, champion_first: bool = False, better: Callable[[VersionRecord], str] = lambda _: ""
) -> Labels:
    """The widgets; `key` is what those of no other place begin with.

    Args:
        champion_first: it is to be the champion where there is none, or a worse one, unless somebody says otherwise.
        better: in a sentence, that it is surely better than the version that is the champion; "" where that is not so.
    """
    known = models.descriptions(context())
    names = sorted({*known, proposed})
    chosen = st.selectbox(
        "Model", names, index=names.index(proposed), accept_new_options=True, key=f"{key}_model",
        help="Choose one, or type a new name",
    )  # fmt: skip
    name = (chosen or proposed).strip()
    model = models.get(context(), name) if name in known else None
    champion = model.aliases.get(CHAMPION) if model else None
    st.caption(f"It becomes version {model.newest + 1 if model else 1} of {literal(name)}.")
    note = st.text_input("Note", key=f"{key}_note", placeholder="What is particular about it")
    why = better(champion) if champion else ""
    if why:
        st.caption(literal(why))
    first = st.checkbox(
        f"Make it the champion{f', in place of version {champion.number}' if champion else ''}",
        value=champion_first and (champion is None or bool(why)),
        key=f"{key}_champion_{champion.number if champion else 0}",
    )
    return Labels(name, note.strip(), (CHAMPION,) if first else ())


def ask(request: Callable[[], Request]) -> None:
    """Have it made, and go to where its progress is shown; or say here why not."""
    try:
        wanted = request()
        making.ask(context(), wanted)
    except TraindeckError as error:
        st.error(literal(str(error)))
    else:
        there = wanted.model in models.descriptions(context())
        st.switch_page(MODELS.path, query_params={"model": wanted.model} if there else {})
