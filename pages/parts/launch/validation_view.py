"""What a run will validate on, said below the form's data section."""

from collections.abc import Collection

import streamlit as st
from pydantic import TypeAdapter, ValidationError

from core.common.errors import DataError
from core.common.settings import Settings
from core.config.edit import Raw
from core.config.run import AnySource
from core.data.base import DataInfo, Source
from core.data.validation_told import validation_told
from pages.shared.format import literal


def draw(settings: Settings, raw: Raw) -> None:
    found = _data(settings, raw)
    if found is not None and (found[1].validation_examples or found[1].split_by != "random"):
        st.caption(f":material/rule: {literal(validation_told(*found))}")


def hidden(settings: Settings, raw: Raw) -> Collection[str]:
    """Fields that change nothing: an author's validation part where there is none."""
    found = _data(settings, raw)
    return () if found is None or found[1].validation_examples else ("data.author_validation",)


def _data(settings: Settings, raw: Raw) -> tuple[Source, DataInfo] | None:
    """None where the data section is wrong, or the data set not there."""
    try:
        source = TypeAdapter(AnySource).validate_python(raw.get("data"))
        return source, source.info(settings)
    except (ValidationError, DataError):
        return None
