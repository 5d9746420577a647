"""Real Chromium on a real server with a real supervisor, one for all journeys; each has a page of its own."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from core.settings import Settings
from core.workspace import Workspace
from tests.host import Host
from tests.server import Server

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """The system's Chromium; None means Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(Settings(home=tmp_path_factory.mktemp("browser") / "workspace", user="ada"))
    started.start()
    yield started
    started.end()


@pytest.fixture(scope="session")
def shared_workspace(server: Server) -> Iterator[Workspace]:
    """The store behind the server, to look at what the browser did."""
    workspace = Workspace.open(server.settings)
    yield workspace
    Host(workspace).clear()
    workspace.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=server.url)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def settled(page: Page) -> None:
    """Wait until the page's script has run and what can be seen is drawn: no placeholder, every chart and table."""
    page.wait_for_selector("h1")
    page.wait_for_function(
        """() => {
            const seen = id => [...document.querySelectorAll(`[data-testid="${id}"]`)].filter(e => e.checkVisibility());
            return seen("stStatusWidget").length === 0 && seen("stSkeleton").length === 0
                && seen("stPlotlyChart").every(e => e.querySelector("svg"))
                && seen("stDataFrame").every(e => e.querySelector("canvas"));
        }"""
    )
