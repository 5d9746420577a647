"""What every page says when the database was taken away under the server, and when it is back."""

import pytest
import streamlit as st

from core.common.workspace import Workspace
from pages.shared.nav import PAGES, PageSpec
from pages.shared.state import STORE_FAILED
from tests.pages.conftest import OpenPage

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)


@every_page
def test_a_page_says_that_the_database_is_gone_and_comes_back_with_it(
    open_page: OpenPage, workspace: Workspace, page: PageSpec
) -> None:
    file = workspace.settings.database_file
    assert file is not None
    app = open_page(page)
    away = file.rename(file.with_name("away.db"))
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    assert "is gone: its file was deleted or moved away" in app.error[0].value.replace("\\", "")
    assert not app.title, "the page itself would only fail"
    away.rename(file)
    app.run()
    assert not app.error
    assert app.title


def test_what_has_happened_to_the_log_is_told(open_page: OpenPage, workspace: Workspace) -> None:
    file = workspace.settings.database_file
    assert file is not None
    app = open_page(PAGES[0])
    file.with_name(f"{file.name}-wal").unlink()
    app.run()
    assert not app.error
    assert any("write-ahead log was taken away" in warning.value.replace("\\", "") for warning in app.warning)
    assert app.title


def test_a_page_that_failed_while_it_was_drawn_is_drawn_anew_once_the_database_is_back(
    open_page: OpenPage, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace.settings.database_file
    assert file is not None
    app = open_page(PAGES[0])
    away = file.with_name("away.db")
    check = Workspace.check

    looks = []

    def goes_just_after(looked_at: Workspace) -> None:
        """After the second look, that of the part which repeats it; the page is drawn next."""
        check(looked_at)
        looks.append(looked_at)
        if len(looks) == 2:
            looked_at.database.engine.dispose()  # a connection that is open could read on
            file.rename(away)

    with monkeypatch.context() as patch:
        patch.setattr(Workspace, "check", goes_just_after)
        st.cache_data.clear()  # what the page has read some seconds ago would do without the store
        app.run()
    assert app.exception
    away.rename(file)
    assert app.session_state[STORE_FAILED], "the next look at the store draws the page"
    app.run()
    assert not app.exception
    assert not app.session_state[STORE_FAILED]
