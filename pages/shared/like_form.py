"""How a network of somebody's own is asked: as whose inputs, in which range; for whoever registers such a file."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core import models
from core.comparison import label
from core.models import making
from core.runs.records import RunRecord
from core.runs.reported_networks import DATA, data_sets
from pages.shared.data import context


@dataclass(frozen=True)
class Like:
    reference: str  # of a run, a version or a data set: 12, digits@3, data:iris; "" for numbers as they are
    pixels: str
    logits: bool

    def how(self) -> dict[str, Any]:
        """As making takes it. Raises ModelError."""
        return {"pixels": making.pixel_range(self.pixels), "logits": self.logits} if self.reference else {}


def like(key: str, offered: dict[int, RunRecord], first: str = "", *, required: bool = False) -> Like:
    """The widgets, whose keys begin with `key`; `first` is what is chosen at first.

    `required`: "" is no choice, only what stands there until one is made.
    """
    versions = [each.title for known in models.listing(context()) for each in known.versions if each.config]
    sets = [f"{DATA}{name}" for name in data_sets(context().workspace.settings)]
    choices = list(dict.fromkeys(["", first, *versions, *map(str, offered), *sets]))
    reference = st.selectbox(
        "Its inputs are prepared like those of", choices, choices.index(first), key=f"{key}_like",
        format_func=lambda each: "Choose a run, a version or a data set" if required and not each else _named(
            each, offered
        ),
        help="Then it is measured on that test set, and asked with pictures, texts or rows",
    )  # fmt: skip
    if not reference:
        return Like("", "0..255", logits=False)
    pixels = st.selectbox(
        "Range of the pixels that it learned from", ["0..255", "0..1", "-1..1"], key=f"{key}_pixels",
        accept_new_options=True, help="Of pictures: it is asked in this range; another one can be typed, as 0..16. "
        "Rows are asked as the data set has them, texts by the ids of the vocabulary",
    )  # fmt: skip
    logits = st.checkbox(
        "It gives logits", key=f"{key}_logits", help="A softmax, or sigmoid, is put behind the network"
    )
    return Like(reference, pixels or "0..255", logits)


def _named(reference: str, offered: dict[int, RunRecord]) -> str:
    if not reference:
        return "nothing: numbers as they are, not measured"
    if reference.startswith(DATA):
        return f"data set {reference.removeprefix(DATA)}, as it is"
    known = offered.get(int(reference)) if reference.isdecimal() else None
    return f"run {label(known)}" if known else f"run {reference}" if reference.isdecimal() else reference
