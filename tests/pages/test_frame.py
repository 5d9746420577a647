"""What every page says when the database was taken away under the server, and when it is back."""

import pytest

from core.common.workspace import Workspace
from pages.shared.nav import PAGES, PageSpec
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
