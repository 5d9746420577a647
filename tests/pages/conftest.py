"""Pages run by Streamlit's AppTest, through the very script that the server runs, on the test's own workspace."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest, app_test

from core.common.workspace import Workspace
from core.data.library import bounded
from pages.parts.launch.places import KEY
from pages.shared import address, clicks, data, state
from pages.shared.nav import OVERVIEW, PageSpec, page_at
from tests import processes

MAIN = Path(__file__).parents[2] / "pages" / "main.py"

OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def kept_between_runs() -> Iterator[None]:
    """What a server looks up once, but each AppTest or even each of its runs anew, and what does not change meanwhile.

    These are the installed packages with components, and the compiled scripts. Files are read in processes that have
    imported what they need.
    """
    with pytest.MonkeyPatch.context() as patch:
        name = "scan_component_manifests"
        patch.setattr(manifest_scanner, name, functools.cache(getattr(manifest_scanner, name)))
        scripts = ScriptCache()
        patch.setattr(app_test, "ScriptCache", lambda: scripts)
        patch.setattr(bounded, "_reader", processes.reader)
        patch.setattr(clicks, "SAME_CLICK", 0.0)  # a test clicks as fast as nobody does
        yield


@pytest.fixture(autouse=True)
def keys_in_addresses_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A widget that is bound to a key which its page does not name would have it taken out of the address, and a value
    that it does not take would go without a word.
    """
    bind, check = QueryParams.bind_widget, address._check
    looked_at = {"name", "search", "script_folder"}  # a page looks at the first by itself, and the others take any text

    def noted(key: str, *args: Any) -> address.Bound:
        looked_at.add(key)
        return check(key, *args)

    def checked(self: QueryParams, param_key: str, *args: Any, **named: Any) -> None:
        page = page_at(st.session_state[state.ADDRESS_UNUSED].page)
        assert param_key in page.query, f"{param_key} is missing in the query of {page.title} in pages/shared/nav.py"
        assert param_key in looked_at, (
            f"what the widget of {param_key} does not take is to be told: pages/shared/address.py"
        )
        bind(self, param_key, *args, **named)

    monkeypatch.setattr(address, "_check", noted)
    monkeypatch.setattr(QueryParams, "bind_widget", checked)


@pytest.fixture
def app(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The user interface on the test's workspace; not run yet: `app.run()` opens the Overview."""
    for name, value in workspace.settings.environment().items():
        monkeypatch.setenv(name, value)
    _clear_caches()
    yield AppTest.from_file(str(MAIN), default_timeout=300)
    data.workspace().close()
    _clear_caches()


@pytest.fixture
def open_page(app: AppTest) -> OpenPage:
    """Open a page as a link does: `open_page(LAUNCH, preset="digits-mlp")`; fails when the page shows an exception."""

    def opened(page: PageSpec, /, **query: str) -> AppTest:
        if app.query_params or query:
            app.query_params.clear()
            app.query_params.update(query)
        if page is OVERVIEW:  # its address is not its file's name, which only the navigation tells
            app.run()
        app.switch_page(page.file).run()
        assert not app.exception, app.exception[0].message
        return app

    return opened


def at(app: AppTest, path: str) -> str:
    """The key of a field of the Launch page's form."""
    name = f"{KEY}{path}"
    times, _ = app.session_state[state.LAUNCH_SHOWN][name]
    return f"{name}:{times}" if times else name


def _clear_caches() -> None:
    st.cache_resource.clear()
    st.cache_data.clear()
