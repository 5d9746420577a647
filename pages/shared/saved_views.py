"""Saved views: a page as somebody set it up, under a name and an address that stays when the name changes."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from core.common.errors import ConfigError, NotFoundError, TraindeckError
from core.reports import saved_views
from core.reports.saved_views import ViewRecord
from core.runs.labels import MAX_NAME
from pages.shared import state
from pages.shared.clicks import once
from pages.shared.data import context
from pages.shared.format import literal
from pages.shared.nav import VIEW, PageSpec

_PASSING = ("page", VIEW)  # in an address, but of no view
_NAME, _OTHER = "views_name", "views_other_name"


def apply_view(page: PageSpec) -> None:
    """Before anything of the page is drawn: an address that names a view, and says no more, becomes the view's."""
    asked = st.query_params.get(VIEW, "")
    if not asked or set(st.query_params.to_dict()) != {VIEW}:
        return
    try:
        view = saved_views.find(context(), page.url_path, asked)
    except NotFoundError as error:
        del st.query_params[VIEW]
        st.session_state[state.VIEWS_FAILED] = str(error)
        return
    if query := saved_views.query_of(view):  # of a page as it is by itself the address says nothing more
        st.switch_page(page.path, query_params={**query, VIEW: str(view.id)})


def view_links(found: Sequence[ViewRecord]) -> None:
    """Links that load the page, since a session that has its widgets already would keep what they show."""
    links = " ".join(
        f'<a href="{escape(f"{view.page}?{view.query}&{VIEW}={view.id}")}" style="color: light-dark(#0b7a75, #4cc9bf)">'
        f"{escape(view.name)}</a>"
        for view in found
    )
    st.html(f'<div style="display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem">{links}</div>')


def views(page: PageSpec) -> None:
    """The button behind which the page's views are, to open, save, update, rename and delete."""
    here = _here(page)
    label = literal(here.name, 30) if here else "Views"
    with st.popover(
        label, icon=":material/bookmark:", key="views", on_change="rerun", help="Views of this page"
    ) as opened:
        if opened.open:
            _drawn(page, here)
            _failure()  # beside what is to be put right, where it moves nothing of the page
    _failure()


def _failure() -> None:
    if message := st.session_state.pop(state.VIEWS_FAILED, ""):
        st.error(literal(message, 600))


def _here(page: PageSpec) -> ViewRecord | None:
    asked = st.query_params.get(VIEW, "")
    found = (view for view in saved_views.listing(context(), page.url_path) if str(view.id) == asked)
    return next(found, None) if asked else None


def _drawn(page: PageSpec, here: ViewRecord | None) -> None:
    known = saved_views.listing(context(), page.url_path)
    if known:
        view_links(known)
    else:
        st.caption("A view is this page as you see it now, under a name and an address to pass on.")
    if here is not None:
        with st.container(horizontal=True, key="views_of_this"):
            st.button("Update to what is shown", key="views_update", on_click=_update, args=(here,))
            st.button("Delete", key="views_delete", icon=":material/delete:", on_click=_delete, args=(here,))
        with st.form("views_rename", border=False):
            st.text_input("Another name", here.name, key=f"{_OTHER}_{here.id}", max_chars=MAX_NAME)
            st.form_submit_button("Rename", on_click=_rename, args=(here,))
    with st.form("views_save", border=False):
        st.text_input("Save what is shown as", key=_NAME, max_chars=MAX_NAME, placeholder="Name of the view")
        st.form_submit_button("Save view", type="primary", **once("views_save", _save, page))


def _query() -> dict[str, list[str]]:
    """What the address says now."""
    return {name: st.query_params.get_all(name) for name in st.query_params if name not in _PASSING}


def _save(page: PageSpec) -> None:
    def save() -> None:
        made = saved_views.save(context(), page.url_path, st.session_state[_NAME], _query())
        st.query_params[VIEW] = str(made.id)
        st.session_state[_NAME] = ""

    _act(save)


def _update(view: ViewRecord) -> None:
    _act(lambda: saved_views.update(context(), view.id, _query()))


def _rename(view: ViewRecord) -> None:
    _act(lambda: saved_views.rename(context(), view.id, st.session_state[f"{_OTHER}_{view.id}"]))


def _delete(view: ViewRecord) -> None:
    def delete() -> None:
        saved_views.delete(context(), view.id)
        del st.query_params[VIEW]

    _act(delete)


def _act(action: Callable[[], object]) -> None:
    """A callback. The popover is closed once it is done."""
    try:
        action()
    except ConfigError as error:
        st.session_state[state.VIEWS_FAILED] = "; ".join(str(each) for each in error.problems)
    except TraindeckError as error:
        st.session_state[state.VIEWS_FAILED] = str(error)
    else:
        st.session_state["views"] = False
