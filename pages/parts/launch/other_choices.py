"""Fields that a section of the form has with another choice only: momentum where adam is chosen, and sgd tried, too."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from pydantic.fields import FieldInfo

from core.config.complete import nested_model
from core.config.edit import model_of, variants_of
from pages.parts.launch.fields import Kind, Leaf, leaf
from pages.parts.launch.places import default_of

Tried = Mapping[str, Sequence[str]]  # by the path of a choice: what a sweep tries of it


def others(path: str, info: FieldInfo, value: Any, tried: Tried) -> dict[str, FieldInfo]:
    """By their names those that the section does not have as it is, and has with another choice that is tried."""
    variants, now = variants_of(info), nested_model(info, value)
    have = now.model_fields if now is not None else {}
    found: dict[str, FieldInfo] = {}
    for choice in tried.get(f"{path}.{info.discriminator}", ()) if variants else ():
        for name, item in variants[choice].model_fields.items() if choice in variants else ():
            if name not in have and not (variants_of(item) or model_of(item)):
                found.setdefault(name, item)
    return found


def draw_others(found: Mapping[str, FieldInfo], draw: Callable[[str, Leaf, Any], None]) -> None:
    """`found`: by path. `draw`: one of them, by its path and what it is by default."""
    leaves = {path: leaf(path.rpartition(".")[2], info) for path, info in found.items()}
    leaves = {path: what for path, what in leaves.items() if what.kind is not Kind.ITEMS}
    if not leaves:
        return
    st.caption("Of the other choices that the sweep tries:")
    grid = st.grid(3, min_column_width=150, gap=("small", "medium"))
    for path, what in leaves.items():
        with grid.cell(), st.container(gap="xsmall"):
            draw(path, what, default_of(found[path]))
