"""A file chosen or dropped in the browser, sent to the disk of this host while a bar moves.

st.file_uploader would hold it in the server's memory, as long as the session lasts (Streamlit 1.67).
"""

from pathlib import Path

import streamlit as st

from core.common.settings import Settings
from core.data.library import Inbox, Upload

_HERE = Path(__file__)

_UPLOADER = st.components.v2.component(
    "traindeck_uploader",
    html="""<div class="upload">
      <div class="zone"><button type="button" class="browse">Browse files</button><span class="hint"></span></div>
      <div class="file" hidden>
        <span class="name"></span><span class="size"></span><button type="button" class="remove">✕</button>
      </div>
      <div class="sending" hidden>
        <progress max="1" aria-label="Upload"></progress>
        <span class="far"></span><button type="button" class="cancel">Cancel</button>
      </div>
      <p role="alert" hidden></p>
      <input type="file" hidden>
    </div>""",
    css=_HERE.with_suffix(".css").read_text(encoding="utf-8"),
    js=_HERE.with_suffix(".js").read_text(encoding="utf-8"),
)


def uploader(settings: Settings, endings: tuple[str, ...], page: str = "datasets") -> tuple[Upload, Path] | None:
    """What this session has sent and where it lies, None while there is nothing. Raises DataError.

    Args:
        page: with whose name its keys in the session begin; see pages.shared.state.
    """
    inbox: Inbox | None = st.session_state.get(f"{page}_inbox")
    if inbox is None:
        inbox = st.session_state[f"{page}_inbox"] = Inbox(settings)
    sent: Upload | None = st.session_state.get(f"{page}_upload")
    path = inbox.file(sent) if sent else None
    data = {
        "url": f"api/uploads/{inbox.key}",  # relative to the page's address
        "accept": ",".join(f".{ending}" for ending in endings),
        "mb": settings.max_upload_mb,
        "file": {"id": sent.id, "name": sent.name, "size": sent.size} if sent and path else None,
    }
    _UPLOADER(key=f"{page}_file", data=data, on_sent_change=lambda: _take(page), on_removed_change=lambda: forget(page))
    return (sent, path) if sent and path else None


def _take(page: str) -> None:
    told = st.session_state[f"{page}_file"].sent
    if told:
        st.session_state[f"{page}_upload"] = Upload(str(told["id"]), str(told["name"]), int(told["size"]))


def forget(page: str = "datasets") -> None:
    """Remove what was sent."""
    st.session_state.pop(f"{page}_upload", None)
    if f"{page}_inbox" in st.session_state:
        st.session_state[f"{page}_inbox"].empty()
