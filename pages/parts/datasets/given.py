"""The file or folder from which a data set is made: uploaded, or on this host."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.common.errors import DataError
from core.common.settings import Settings
from core.data import library
from core.data.library import DatasetKind, Progress
from pages.parts.datasets.kinds import HELP
from pages.parts.datasets.uploader import uploader
from pages.shared import state
from pages.shared.format import literal

_LOOKS = 5  # into tables, that are kept
_EVERY = 0.1  # seconds between two moves of a progress bar
UPLOAD, HERE = "Upload a file", "Take it from this host"


@dataclass(frozen=True)
class Given:
    origin: str  # name of the file, as the user knows it
    key: str  # of this very file or folder
    path: Path


def draw_given(kind: DatasetKind, settings: Settings) -> Given | None:
    """Asks for it; None while nothing is given."""
    place = st.segmented_control(
        "Where is it?",
        [UPLOAD, HERE],
        default=UPLOAD,
        required=True,
        key=state.DATASETS_PLACE,
        persist_state="session",
        label_visibility="collapsed",
    )
    return _uploaded(kind, settings) if place == UPLOAD else _on_host(settings)


def _uploaded(kind: DatasetKind, settings: Settings) -> Given | None:
    try:
        sent = uploader(settings, HELP[kind].files)
    except DataError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None
    return Given(sent[0].name, sent[0].id, sent[1]) if sent else None


def _on_host(settings: Settings) -> Given | None:
    roots = library.shown_roots(settings)
    text = st.text_input(
        "Path of a file or folder on this host",
        key=state.DATASETS_PATH,
        persist_state="session",
        placeholder=f"{settings.allowed_roots[0]}/my-pictures",
        help="Nothing is uploaded; what is there is read once and copied into the workspace.",
    )
    st.caption(literal(f"Taken from {roots}; TRAINDECK_DATA_ROOTS names others."))
    if not text.strip():
        return None
    try:
        path = library.on_host(settings, text.strip())
        status = path.stat()
    except DataError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None
    return Given(path.name, f"{path}|{status.st_mtime_ns}|{status.st_size}", path)


def look_at_table(given: Given, settings: Settings, how: Mapping[str, Any]) -> library.TablePreview | DataError:
    """What a table holds when it is read so, or why it cannot be; each way is looked at once."""
    options = library.TableOptions(origin=given.origin, **how)
    known: dict[str, library.TablePreview | DataError] = st.session_state.setdefault(state.DATASETS_LOOKS, {})
    asked = f"{given.key}|{options}"
    if asked not in known:
        bar = st.progress(0.0, text="Reading the file")
        try:
            found: library.TablePreview | DataError = library.peek_table(settings, given.path, options, shown(bar))
        except DataError as error:
            found = error
        bar.empty()
        for old in list(known)[:-_LOOKS]:
            del known[old]
        known[asked] = found
    return known[asked]


def peek(kind: DatasetKind, given: Given, settings: Settings, how: dict[str, Any]) -> object | DataError | None:
    """What the file holds, or why it cannot be read; looked at once. None for kinds without such a look."""
    if kind == "arrays":
        return None
    if kind == "table":
        return look_at_table(given, settings, how)
    asked = (kind, given.key, tuple(how.items()))
    known = st.session_state.get(state.DATASETS_PREVIEW)
    if known is None or known[0] != asked:
        bar = st.progress(0.0, text="Reading the file")
        st.session_state[state.DATASETS_PREVIEW] = known = (asked, _look(kind, given, settings, how, shown(bar)))
        bar.empty()
    found: object | DataError = known[1]
    return found


def _look(
    kind: DatasetKind, given: Given, settings: Settings, how: dict[str, Any], progress: Progress
) -> object | DataError:
    try:
        if kind == "text":
            texts = library.TextOptions(origin=given.origin, **how)
            return library.peek_text(settings, given.path, texts, progress)
        if kind == "series":
            series = library.SeriesOptions(origin=given.origin, **how)
            return library.peek_series(settings, given.path, series, progress)
        if kind == "corpus":
            running = library.CorpusOptions(origin=given.origin, **how)
            return library.peek_corpus(settings, given.path, running, progress)
        return library.peek_images(settings, given.path, library.ImageOptions(origin=given.origin, **how), progress)
    except DataError as error:
        return error


def shown(bar: Any) -> Progress:
    """Progress that moves a bar, not more often than the eye sees."""
    last = 0.0

    def show(share: float, what: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _EVERY or share >= 1:
            last = now
            bar.progress(max(0.0, min(1.0, share)), text=literal(what))

    return show
