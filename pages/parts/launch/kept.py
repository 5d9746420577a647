"""The draft that outlives its session: a reload, or the same browser another day, finds it again."""

from dataclasses import asdict
from typing import Any

import streamlit as st

from core.common.context import Context
from core.config.complete import complete, unknown
from core.runs import kept_drafts
from pages.frontend.browser import browser_name
from pages.parts.launch import draft, labels, varying
from pages.shared import state

DRAFT = "draft"  # in the page's address: which draft, and so which tab's


def keep(context: Context) -> None:
    """Keep the draft if it is other than where it started; under a name of this session's own, as tabs are copied."""
    now = (draft.origin(), draft.raw(), labels.entered(), varying.held())
    if now == st.session_state.get(state.LAUNCH_KEPT):
        return
    st.session_state[state.LAUNCH_KEPT] = now
    settings = context.workspace.settings
    if draft.raw() == draft.origin().base and labels.untouched() and not now[3]:
        _forget(context)
        return
    if not st.session_state.get(state.LAUNCH_OWN):
        st.session_state[state.LAUNCH_DRAFT], st.session_state[state.LAUNCH_OWN] = kept_drafts.new_name(), True
    content = {"origin": asdict(now[0]), "raw": now[1], "labels": asdict(now[2]), "sweep": now[3]}
    kept_drafts.keep(settings, browser_name(), name(), content)


def name() -> str:
    """Of the session's draft; "" as long as nothing is changed."""
    found: str = st.session_state.get(state.LAUNCH_DRAFT, "")
    return found


def leave() -> str:
    """Go on without the draft, which stays where it is kept; returns its name."""
    st.session_state.pop(state.LAUNCH_OWN, None)
    return str(st.session_state.pop(state.LAUNCH_DRAFT, ""))


def _forget(context: Context) -> None:
    own = st.session_state.get(state.LAUNCH_OWN)  # else it is another tab's as well
    if (found := leave()) and own:
        kept_drafts.forget(context.workspace.settings, browser_name(), found)


def take(context: Context, wanted: str) -> bool:
    """Go on with a draft that this browser kept; the one kept last where none is named. Whether there is one."""
    settings, browser = context.workspace.settings, browser_name()
    wanted = wanted or kept_drafts.newest(settings, browser)
    content = kept_drafts.kept(settings, browser, wanted) if wanted else None
    read = _read(content) if content else None
    if read is None:
        return False
    origin, raw, given, swept = read
    draft.start(origin)
    st.session_state[state.LAUNCH_RAW] = raw
    labels.put(origin, given)
    varying.put(swept)
    st.session_state[state.LAUNCH_DRAFT] = wanted
    st.session_state.pop(state.LAUNCH_OWN, None)
    st.session_state[state.LAUNCH_KEPT] = (origin, raw, given, varying.held())
    return True


def _read(
    content: dict[str, Any],
) -> tuple[draft.Origin, dict[str, Any], labels.Labels, dict[str, Any]] | None:
    """None of a draft that another version kept, and this one's form cannot show."""
    try:
        origin, given, raw = dict(content["origin"]), dict(content["labels"]), dict(content["raw"])
        origin["base"], raw = complete(origin["base"]), complete(raw)  # with fields that came later
        read = draft.Origin(**origin | {"tags": tuple(origin["tags"])})
        kept = labels.Labels(**given | {"tags": tuple(given["tags"])})
        return None if unknown(raw) else (read, raw, kept, dict(content.get("sweep", {})))
    except (KeyError, TypeError, ValueError):
        return None
