"""Two networks on the same examples: what only one gets right, which classes they confuse, and where one is better."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.common.text import percentage, plural
from core.evaluation import flips
from pages.parts.evaluation.examples import examples
from pages.parts.evaluation.tiles import Tile, tiles
from pages.shared import address
from pages.shared.format import literal


@dataclass(frozen=True)
class Answers:
    name: str
    frame: pd.DataFrame  # of core.evaluation.predictions, with what is right and wrong
    pictures: int | Path  # as `examples` takes it


def draw_pair(one: Answers, other: Answers, names: Sequence[str], key: str, shown: str = "") -> str:
    """Of the same examples; returns which of them are looked at, of `flips.PARTS`.

    Args:
        names: of the classes; none of labels.
        shown: in the address, which examples are looked at; "" for nowhere.
    """
    found = flips.flips(one.frame, other.frame)
    gain = flips.gain(found)
    told = "" if gain is None else f"{100 * gain:+.1f} points"
    with_mean = [] if found.together is None else [
        Tile("Mean of both", found.together, "Accuracy of the mean of their probabilities, and its gain", told)
    ]  # fmt: skip
    tiles(
        Tile("Same answer", found.agree, "Share of the examples that both answer alike, right or wrong", ""),
        Tile("Only one right", float(len(found.only_one)), f"Examples that only {one.name} gets right", one.name),
        Tile("Only other right", float(len(found.only_other)), f"Only {other.name} gets them right", other.name),
        Tile("Neither right", float(len(found.neither)), "Examples that both get wrong", ""),
        *with_mean,
    )
    what = st.segmented_control(
        "Examples", flips.PARTS, default=flips.PARTS[0], required=True, key=shown or f"{key}_shown",
        bind=address.among(shown, flips.PARTS) if shown else None,
    )  # fmt: skip
    frame, is_other, words = flips.part(found, what, one.name, other.name)
    of = other if is_other else one
    st.caption(literal(f"{plural(len(frame), 'example')}. {words}"))
    if not frame.empty:
        examples(of.pictures, frame, names, key=f"{key}_examples", alt=words)
    if names:
        _cells(one.frame, other.frame, names, key)
    _groups(one.frame, other.frame, names, one.name, key)
    return what


def _cells(one: pd.DataFrame, other: pd.DataFrame, names: Sequence[str], key: str) -> None:
    cells = flips.differing_cells(one, other, names)
    if cells.empty:
        return
    st.markdown("**Classes taken for others, more often by one**")
    columns: dict[str, Any] = {"true": "True", "predicted": "Predicted", "one": "By one", "other": "By other"}
    st.dataframe(cells, hide_index=True, key=f"{key}_cells", column_config=columns, height="content",
                 width="content", alt="Confusions in which the two differ")  # fmt: skip


def _groups(one: pd.DataFrame, other: pd.DataFrame, names: Sequence[str], name: str, key: str) -> None:
    found = flips.worse_groups(one, other, names)
    if found is None or not found.looked:
        return
    st.markdown(f"**Where {literal(name, 60)} alone is right**")
    if found.rows:
        table = pd.DataFrame(
            {
                "Group": [each.what for each in found.rows],
                "Examples": [each.examples for each in found.rows],
                "Share": [percentage(each.share, 1) for each in found.rows],
                "95 % interval": [f"{100 * each.low:.1f} to {100 * each.high:.1f} %" for each in found.rows],
                "Elsewhere": [percentage(each.elsewhere, 1) for each in found.rows],
            }
        )
        st.dataframe(table, hide_index=True, key=f"{key}_groups", height="content",
                     alt="Groups of examples in which the two differ most")  # fmt: skip
    st.caption(
        f"{found.looked:,} groups were looked at; shares are of examples that only this one gets right, "
        f"{percentage(found.share, 1)} of all. "
        + ("Listed is what chance does not explain (Holm)." if found.rows else "No group differs by more than chance.")
    )
