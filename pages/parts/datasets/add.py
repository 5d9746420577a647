"""The form that adds a data set: its kind, its file, what the file holds, its name."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.common.errors import DataError, ForbiddenError
from core.common.settings import Settings
from core.data import library
from core.data.library import KINDS, DatasetKind, Options
from core.data.library.read_options import CorpusPreview, ImagesPreview, TablePreview, TextPreview
from core.runs import data_sets
from pages.parts.datasets import previews, series_form, text_previews
from pages.parts.datasets.class_names import names_for
from pages.parts.datasets.given import Given, draw_given, look_at_table, peek, shown
from pages.parts.datasets.head import back
from pages.parts.datasets.kinds import HELP
from pages.parts.datasets.on_the_page import on_the_page
from pages.parts.datasets.parts_form import TEST_SHARE, draw_parts
from pages.parts.datasets.table_form import Look, draw_table
from pages.parts.datasets.table_reading import draw_first_row, draw_reading
from pages.parts.datasets.uploader import forget
from pages.shared import address, state
from pages.shared.clicks import begin_button
from pages.shared.data import context, known_datasets
from pages.shared.format import literal

_TITLE, _DESCRIPTION = "datasets_title", "datasets_description"
_Made = Callable[..., Options]
_AUTOMATIC = "Automatic"
_ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "shift_jis", "euc-kr", "cp1252", "latin-1", "cp1251", "koi8-r")
_DELIMITERS = {"": _AUTOMATIC, ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar", " ": "Blanks"}


def draw_add(settings: Settings) -> None:
    back()
    st.title("Add a data set", anchor=False)
    kind = _kind()
    with st.container(border=True):
        given = draw_given(kind, settings)
        how = _reading(kind, given)
        if given is None:
            return
        key = "_".join((given.key, how.get("encoding", ""), how.get("delimiter", "")))
        chosen = series_form.chosen(key) if kind == "series" else text_previews.chosen(kind, key)
        found, trouble = _look(kind, given, settings, how, chosen)
        if found is None and trouble:
            return
        _offer_sheets(found, given)
    with st.container(border=True):
        made, found = _options(given, found, key, lambda **more: look_at_table(given, settings, {**how, **more}))
    if made is not None and not trouble:
        with st.container(border=True):
            _details(kind, given, settings, lambda **more: made(**how, **chosen, **more), found)


def _look(
    kind: DatasetKind, given: Given, settings: Settings, how: dict[str, Any], chosen: dict[str, Any]
) -> tuple[object, bool]:
    """What the file holds, and whether something is wrong, which is told. What was chosen wrongly can be seen still."""
    found = peek(kind, given, settings, {**how, **chosen})
    if not isinstance(found, DataError):
        return found, False
    st.error(literal(on_the_page(str(found))), icon=":material/error:")
    plain = peek(kind, given, settings, how) if any(chosen.values()) else found
    return (None if isinstance(plain, DataError) else plain), True


def _kind() -> DatasetKind:
    """The kind is the URL's `add`."""
    asked = st.query_params.get("add", "")
    if asked:
        address.among("add", KINDS)
    kinds = list(HELP)
    if st.session_state.get(state.DATASETS_KIND) is None:
        st.session_state[state.DATASETS_KIND] = asked if asked in KINDS else kinds[0]
    choice, example = st.columns([3, 2], gap="medium")
    with choice:
        kind: DatasetKind = st.radio(
            "What do you have?",
            kinds,
            index=kinds.index(st.session_state[state.DATASETS_KIND]),
            format_func=lambda each: HELP[each].title,
            captions=[HELP[each].sentence for each in kinds],
            key=state.DATASETS_KIND,
            persist_state="session",
            on_change=lambda: st.query_params.from_dict({"add": st.session_state[state.DATASETS_KIND]}),
        )
    with example:
        st.caption("For example")
        st.code(HELP[kind].example, language=None)
        st.caption(HELP[kind].rules)
    return kind


def _reading(kind: DatasetKind, given: Given | None) -> dict[str, Any]:
    """How files of text are read; automatic does for most."""
    if kind in ("images", "arrays"):
        return {}
    how: dict[str, Any] = {}
    with st.expander("How the file is read"):
        with st.container(horizontal=True):
            how |= _written(kind)
            if kind == "text" and given is not None:
                how |= draw_first_row(given.key)
        if kind in ("table", "series") and given is not None:
            how |= draw_reading(given.key)
    return how


def _offer_sheets(found: object, given: Given) -> None:
    """The sheets of a workbook are known once it was looked at; then there is something to choose."""
    table = found.table if isinstance(found, library.SeriesPreview) else found
    if isinstance(table, TablePreview) and table.sheets:
        known = given.key, table.sheets
        if st.session_state.get(state.DATASETS_SHEETS) != known:
            st.session_state[state.DATASETS_SHEETS] = known
            st.rerun()


def _written(kind: DatasetKind) -> dict[str, str]:
    how: dict[str, str] = {}
    encoding = st.selectbox(
        "Encoding",
        [_AUTOMATIC, *_ENCODINGS],
        key=f"datasets_encoding_{kind}",
        accept_new_options=True,
        width=200,
        persist_state="session",
    )
    how["encoding"] = "" if encoding == _AUTOMATIC else encoding
    if kind in ("table", "series", "text"):
        how["delimiter"] = st.selectbox(
            "Between columns",
            list(_DELIMITERS),
            format_func=lambda each: _DELIMITERS[each],
            key=f"datasets_delimiter_{kind}",
            persist_state="session",
            width=200,
        )
    return how


def _options(given: Given, found: object, key: str, look: Look) -> tuple[_Made | None, object]:
    """Shows what the file holds and asks what depends on it; None when nothing can be made of the file.

    With what it holds as its columns are said to be.
    """
    if isinstance(found, TablePreview):
        chosen = draw_table(found, given.key, look)
        if not chosen.target:
            return None, found
        most = st.number_input(
            "Most categories of a column",
            2,
            10_000,
            100,
            key=f"datasets_categories_{given.key}",
            persist_state="session",
            width=280,
            help="The most frequent ones are told apart; others count as unknown.",
        )
        made = _with(
            library.TableOptions,
            target=chosen.target,
            **chosen.aim,
            columns=chosen.columns,
            max_categories=most,
        )
        return made, chosen.found or found
    if isinstance(found, library.SeriesPreview):
        return (library.SeriesOptions if series_form.draw_series(found, key) else None), found
    if isinstance(found, TextPreview):
        return (library.TextOptions if text_previews.draw_text(found, key) else None), found
    if isinstance(found, CorpusPreview):
        text_previews.draw_corpus(found, key)
        return library.CorpusOptions, found
    if isinstance(found, ImagesPreview):
        if not previews.draw_images(found, key):
            return None, found
        return _with(library.ImageOptions, **_pictures(found, given.key)), found
    st.markdown(f"**{literal(given.origin, 80)}** is looked at when it is added.")
    return library.ArrayOptions, found


def _with(options: Callable[..., Options], **chosen: Any) -> Callable[..., Options]:
    return lambda **more: options(**chosen, **more)


def _pictures(found: ImagesPreview, key: str) -> dict[str, Any]:
    height, width = found.stored_size
    with st.container(horizontal=True, vertical_alignment="bottom"):
        height = _side("Height stored", height, f"datasets_height_{key}")
        width = _side("Width stored", width, f"datasets_width_{key}")
        skip = st.checkbox(
            "Leave out files that are no pictures",
            key=f"datasets_skip_{key}",
            persist_state="session",
            help="Otherwise one refuses all.",
        )
    return {"size": (height, width), "skip_broken": skip}


def _side(label: str, pixels: int, key: str) -> int:
    return st.number_input(label, 1, 2048, pixels, key=key, width=140, persist_state="session")


def _details(kind: DatasetKind, given: Given, settings: Settings, make: Callable[..., Options], found: object) -> None:
    if st.session_state.get(state.DATASETS_GIVEN) != given.key:
        st.session_state[state.DATASETS_GIVEN] = given.key
        st.session_state[state.DATASETS_NAME] = library.free_name(settings, given.origin)
    with st.container(horizontal=True):
        name = st.text_input(
            "Name",
            st.session_state[state.DATASETS_NAME],
            key=state.DATASETS_NAME,
            max_chars=64,
            persist_state="session",
            width=280,
            help="Configs name it so: lower-case letters, digits, - and _.",
        )
        title = st.text_input("Title", key=_TITLE, max_chars=120, placeholder=name, width=280, persist_state="session")
        description = st.text_input("Description", key=_DESCRIPTION, max_chars=500, width=420, persist_state="session")
    more: dict[str, Any] = {"title": title, "description": description, "origin": given.origin}
    if kind not in ("corpus", "series"):
        more |= draw_parts(kind, found, given.key)
    names, wrong = names_for(kind, given.key)
    more["class_names"] = names
    trouble = _name_trouble(settings, name) or wrong
    if trouble:
        st.error(literal(trouble), icon=":material/error:")
    begin_button(
        "Add", "datasets_apply", lambda: _add(kind, given, name, make(**more)), type="primary", icon=":material/add:",
        disabled=bool(trouble),
    )  # fmt: skip


def _name_trouble(settings: Settings, name: str) -> str:
    try:
        library.check_name(settings, name)
    except DataError as error:
        return str(error)
    return ""


def _add(kind: DatasetKind, given: Given, name: str, options: Options) -> None:
    bar = st.progress(0.0, text="Reading the file")
    try:
        manifest = data_sets.add(context(), kind, name, given.path, options, shown(bar))
    except (DataError, ForbiddenError) as error:
        bar.empty()
        st.error(literal(on_the_page(str(error))), icon=":material/error:", title="Nothing was added")
        return
    known_datasets.clear()
    st.session_state[state.DATASETS_NOTICE] = ("success", f"Added {manifest.title}.")
    _forget_draft()
    st.query_params.from_dict({"dataset": manifest.name})
    st.rerun()


def _forget_draft() -> None:
    """Until a data set is added, the form keeps what was given, whatever page is looked at meanwhile."""
    forget()
    for key in (state.DATASETS_GIVEN, state.DATASETS_PATH, _TITLE, _DESCRIPTION, TEST_SHARE):
        st.session_state.pop(key, None)
