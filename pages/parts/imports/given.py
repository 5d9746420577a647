"""Where the runs come from: a tool, and a folder or file of this host or an upload."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.common.context import Context
from core.common.errors import DataError
from core.data import library
from core.imports.from_mlflow_server import Credentials, address_of, parted
from core.imports.sources import SOURCES
from pages.parts.datasets.uploader import uploader
from pages.shared import address
from pages.shared.format import literal

_HOST, _UPLOAD = "From this host", "Upload"
# What can be sent as one file; a folder is given by its path.
_ENDINGS = {"csv": ("csv",), "traindeck": ("zip",), "mlflow": ("db",), "wandb": ("wandb",)}


_USER, _PASSWORD, _TOKEN = "import_user", "import_password", "import_token"
_SOURCE = "import_source"  # of the widget, and in the page's address
_PATH = "import_path"  # of the widget, and in the page's address


@dataclass(frozen=True)
class Given:
    source: str
    path: Path
    credentials: Credentials | None = None  # for a server


def choose(context: Context) -> Given | None:
    """None while nothing is given. An address may call a tool by its name or its title."""
    _titled()
    source = st.segmented_control(
        "Tool",
        list(SOURCES),
        default="tensorboard",
        required=True,
        format_func=lambda name: SOURCES[name].title,
        key=_SOURCE,
        bind=address.among(_SOURCE, [each.title for each in SOURCES.values()]),
    )
    way = _HOST
    if source in _ENDINGS:
        way = st.segmented_control("Where it is", [_HOST, _UPLOAD], default=_HOST, required=True, key="import_way")
    try:
        path = _uploaded(context, source) if way == _UPLOAD else _on_host(context, source)
    except DataError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return None
    if path is None:
        return None
    return Given(source, path, _credentials() if source == "mlflow" and address_of(path) else None)


def _titled() -> None:
    """Streamlit knows the choices by their titles: of an address that has a name, `mlflow`, it takes the title."""
    asked = st.query_params.get(_SOURCE, "")
    named = (name for name, each in SOURCES.items() if asked.casefold() in (name, each.title.casefold()))
    if (name := next(named, "")) and asked != SOURCES[name].title:
        del st.query_params[_SOURCE]
        st.session_state[_SOURCE] = name


def _typed() -> None:
    """What the path's widget has, and what of it the page's address gets: never what stands before a host."""
    begins = st.session_state[_PATH] if _PATH in st.session_state else st.query_params.get(_PATH, "")
    known, told = parted(begins)
    if told.user:
        st.session_state[_USER], st.session_state[_PASSWORD] = told.user, told.password
    st.session_state[_PATH] = known
    if known:
        st.query_params[_PATH] = known
    else:
        st.query_params.pop(_PATH, None)


def _credentials() -> Credentials:
    with st.container(horizontal=True):
        user = st.text_input("User", key=_USER, placeholder="where it asks for one", width=220)
        password = st.text_input("Password", type="password", key=_PASSWORD, width=220, autocomplete="off")
        token = st.text_input("Or a token", type="password", key=_TOKEN, width=220, autocomplete="off")
    return Credentials(user.strip(), password, token.strip())


def _uploaded(context: Context, source: str) -> Path | None:
    """Raises DataError."""
    sent = uploader(context.workspace.settings, _ENDINGS[source], "import")
    return sent[1] if sent else None


def _on_host(context: Context, source: str) -> Path | None:
    """Raises DataError."""
    settings = context.workspace.settings
    _typed()
    text = st.text_input(
        "Path, or address of a server" if source == "mlflow" else "Path",
        key=_PATH,
        on_change=_typed,
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
