"""Streamlit's browser code and Plotly's, handed out from memory, in the order in which a first visit needs it.

A first visit asks for about a hundred small files. Streamlit opens each in a thread; and the browser learns of those
that a page needs only when its script has run. Here the page names them in its head.
"""

import json
import mimetypes
import zlib
from functools import cache
from html import escape
from pathlib import Path

from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from core.runs.kept_drafts import new_name
from pages.frontend.browser import BROWSER
from pages.shared.nav import (
    COMPARE,
    DATASETS,
    EXPERIMENTS,
    IMPORT,
    LAUNCH,
    MODELS,
    OVERVIEW,
    PAGES,
    REPORTS,
    RUN,
    RUNS,
    SCRIPT,
    SWEEPS,
    SYSTEM,
)

_FOLDER = Path(get_static_dir())


def _address(path: Path) -> str:
    """Relative to a page's; another one for other content, since browsers keep a file for ever."""
    return f"{path.stem}.{zlib.crc32(path.read_bytes()):08x}{path.suffix}"


_FILES = ("vendor/plotly.min.js", "mlflow_links.js", "keys.js", "page.css")
_OWN = {_address(path): path for path in map(Path(__file__).parent.joinpath, _FILES)}
PLOTLY, _LINKS, _KEYS, _STYLE = _OWN
_KEPT = {"Cache-Control": "public, immutable, max-age=31536000"}  # their names change with their content
# Streamlit looks for its server along the page's path, and waits between its attempts, unless it is told where it is.
_BASE = """<script>
window.__streamlit = {
  BACKEND_BASE_URL: new URL(".", location.href).href,
  HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false },
}
</script>"""
_TABLE, _CHART = "_DataFrame.", "BidiComponent.tsx"  # what a page draws, by the name of Streamlit's source
_FIRST = ("PageLink.tsx", "Button.tsx", "Selectbox.tsx", "Checkbox.tsx")
_CURVES = (_CHART, PLOTLY)  # on pages that are about their curves
_FORM = ("NumberInput.tsx", "TextInput.tsx")
_DRAWN = {
    OVERVIEW: (_TABLE, "Progress.tsx", "Metric.tsx"),
    LAUNCH: (_CHART, *_FORM, "Multiselect.tsx", "TextArea.tsx", "ButtonGroup.tsx", "Metric.tsx", "Html.tsx"),
    SCRIPT: (*_FORM, "Multiselect.tsx", "TextArea.tsx", "ButtonGroup.tsx"),
    RUNS: (_TABLE, _CHART, "TextInput.tsx", "Multiselect.tsx", "ButtonGroup.tsx"),
    RUN: (*_CURVES, "Progress.tsx", "Metric.tsx", "ButtonGroup.tsx"),
    COMPARE: (*_CURVES, "TextInput.tsx", "Multiselect.tsx", "ButtonGroup.tsx", "Slider.tsx", "Html.tsx"),
    EXPERIMENTS: (_TABLE, _CHART, PLOTLY),
    SWEEPS: (_TABLE, *_CURVES, "Metric.tsx", "ButtonGroup.tsx"),
    REPORTS: (_TABLE, _CHART, "TextInput.tsx", "TextArea.tsx", "Html.tsx"),
    MODELS: (_TABLE, "Metric.tsx", "ButtonGroup.tsx"),
    DATASETS: (_TABLE,),
    IMPORT: ("TextInput.tsx", "ButtonGroup.tsx"),
    SYSTEM: (_TABLE, "Table.tsx", "Progress.tsx", "Metric.tsx"),
}


class Frontend:
    """Middleware: answers for pages and for files under /static, and leaves the rest to the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in _addresses()
        if known and scope["path"] in _pages() and BROWSER not in cookie_parser(_cookies(scope)):
            send = _naming(send)
        await (_response(scope["path"]) if known else self._app)(scope, receive, send)


def _cookies(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie"), "")


def _naming(send: Send) -> Send:
    """Gives a browser that has none the name by which its drafts are found again."""
    cookie = f"{BROWSER}={new_name()}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"

    async def named(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"set-cookie", cookie.encode("ascii"))]}
        await send(message)

    return named


@cache
def _pages() -> frozenset[str]:
    return frozenset(f"/{page.url_path}" for page in PAGES)


@cache
def _addresses() -> frozenset[str]:
    """Nothing else is ever looked for on the disk."""
    files = (path for path in (_FOLDER / "static").rglob("*") if path.is_file())
    return frozenset(
        [*(f"/{path.relative_to(_FOLDER).as_posix()}" for path in files), *_pages(), *(f"/{name}" for name in _OWN)]
    )


@cache
def _response(address: str) -> Response:
    for page in PAGES:
        if address == f"/{page.url_path}":
            return Response(_document(_DRAWN[page]), media_type="text/html", headers={"Cache-Control": "no-cache"})
    name = address.removeprefix("/")
    kind = mimetypes.guess_type(address)[0] or "application/octet-stream"
    return Response(_OWN.get(name, _FOLDER / name).read_bytes(), media_type=kind, headers=_KEPT)


def inline_documents() -> list[str]:
    """Every document that a browser may get, with the scripts that are written into it."""
    return [(_FOLDER / "index.html").read_text(encoding="utf-8"), _BASE]


def _document(drawn: tuple[str, ...]) -> str:
    """Streamlit's one document, with what the page will draw named in its head."""
    text = (_FOLDER / "index.html").read_text(encoding="utf-8")
    files = [file for file in _chunks((*_FIRST, *drawn)) if file not in text]
    tags = [f'<link rel="modulepreload" crossorigin href="./{file}">' for file in files]
    pages = escape(json.dumps([(page.title, page.url_path) for page in PAGES]))
    tags.append(f'<link rel="stylesheet" href="./{_STYLE}">')
    tags.append(f'<script defer src="./{_LINKS}"></script>')
    tags.append(f'<script defer src="./{_KEYS}" data-pages="{pages}"></script>')
    if PLOTLY in drawn:
        tags.append(f'<link rel="preload" as="script" href="./{PLOTLY}">')
    return text.replace("<script", f"{_BASE}<script", 1).replace("</head>", "".join(tags) + "</head>", 1)


def _chunks(names: tuple[str, ...]) -> list[str]:
    """The files of these parts of Streamlit and all that they import; none where a version names them otherwise."""
    manifest = json.loads((_FOLDER / "manifest.json").read_text(encoding="utf-8"))
    wanted = [key for key in manifest if key.rpartition("/")[2].startswith(names) or key.startswith(names)]
    found: dict[str, None] = {}
    while wanted:
        entry = manifest[wanted.pop()]
        if entry["file"] not in found and entry["file"].endswith(".js"):
            found[entry["file"]] = None
            wanted += entry.get("imports", [])
    return list(found)
