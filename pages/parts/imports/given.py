"""Where the runs come from: a tool, and a folder or file of this host or an upload."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.common.context import Context
from core.common.errors import DataError
from core.data import library
from core.imports.from_mlflow_server import address_of
from core.imports.sources import SOURCES
from pages.parts.datasets.uploader import uploader
from pages.shared.format import literal

_HOST, _UPLOAD = "From this host", "Upload"
# What can be sent as one file; a folder is given by its path.
_ENDINGS = {"csv": ("csv",), "traindeck": ("zip",), "mlflow": ("db",), "wandb": ("wandb",)}


@dataclass(frozen=True)
class Given:
    source: str
    path: Path


def choose(context: Context) -> Given | None:
    """None while nothing is given."""
    source = st.segmented_control(
        "Tool",
        list(SOURCES),
        default="tensorboard",
        required=True,
        format_func=lambda name: SOURCES[name].title,
        key="import_source",
        bind="query-params",
    )
    way = _HOST
    if source in _ENDINGS:
        way = st.segmented_control("Where it is", [_HOST, _UPLOAD], default=_HOST, required=True, key="import_way")
    try:
        path = _uploaded(context, source) if way == _UPLOAD else _on_host(context, source)
    except DataError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None
    return Given(source, path) if path else None


def _uploaded(context: Context, source: str) -> Path | None:
    """Raises DataError."""
    sent = uploader(context.workspace.settings, _ENDINGS[source], "import")
    return sent[1] if sent else None


def _on_host(context: Context, source: str) -> Path | None:
    """Raises DataError."""
    settings = context.workspace.settings
    text = st.text_input(
        "Path, or address of a server" if source == "mlflow" else "Path",
        key="import_path",
        bind="query-params",
        placeholder=f"In {library.shown_roots(settings)}",
        help=f"{SOURCES[source].title}: {SOURCES[source].accepts}",
    )
    if not text.strip():
        roots = literal(library.shown_roots(settings))
        st.info(
            f"Give {literal(SOURCES[source].accepts)}. Pages read what lies in {roots}; whoever runs the dashboard "
            f"allows other folders by `TRAINDECK_DATA_ROOTS`. `python -m core import {source} …` reads anything.",
            icon=":material/folder_open:",
        )
        return None
    if source == "mlflow" and address_of(text.strip()):
        return Path(text.strip())
    return library.on_host(settings, text.strip())
