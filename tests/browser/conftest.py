"""Real Chromium on a real server with a real supervisor, one for all journeys; each has a page of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from core.common.settings import Settings
from core.common.workspace import Workspace
from tests.browser.settling import opened
from tests.browser.settling import settled as settled  # for who writes into fields, too
from tests.conftest import DATA
from tests.host import PATIENCE_SECONDS, Host
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


# The standby that answers the Launch page may still be importing TensorFlow.
PATIENCE = 1000 * PATIENCE_SECONDS  # milliseconds, as Playwright counts
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journey that begins with an empty store comes before what fills it; others stay where they are."""
    places = [place for place, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    ordered = sorted((items[place] for place in places), key=lambda item: "from_an_empty_store" not in item.name)
    for place, item in zip(places, ordered, strict=True):
        items[place] = item


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("browser") / "workspace"
    started = Server(Settings(home=home, user="ada", data_dir=DATA if DATA.is_dir() else None))
    try:
        started.start()
        yield started
    finally:
        started.close()


@pytest.fixture(scope="package")
def shared_workspace(server: Server) -> Iterator[Workspace]:
    """The store behind the server, to look at what the browser did."""
    workspace = Workspace.open(server.settings)
    yield workspace
    Host(workspace).clear()
    workspace.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = opened(browser, base_url=server.url)
    context.set_default_timeout(PATIENCE)
    refused: list[str] = []
    context.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert refused == []  # what a page needs, its policy lets it have
    assert errors == []  # that no script caught


def key(page: Page, name: str) -> Locator:
    """The widget with this key."""
    return page.locator(f".st-key-{name}")


def fill(page: Page, label: str, value: str) -> None:
    """Type into a field, leave it, and wait until the page has taken it in."""
    field = page.get_by_label(label, exact=True).first
    field.fill(value)
    field.press("Tab")
    settled(page)


# Functions, not expressions, wait for it: those would be evaluated by the page, whose policy forbids that.
FIRST_CHART = "document.querySelector('.js-plotly-plot:not(.st-key-compare_verdict *)')"  # of curves


def chart_points(page: Page) -> list[int]:
    """Points of each line of the first chart of curves, as drawn."""
    drawn = page.wait_for_function(
        f"() => {FIRST_CHART}?.calcdata?.length && {FIRST_CHART}.calcdata.map(line => line.length)"
    )
    points: list[int] = drawn.json_value()
    return points


def chart_grows(page: Page) -> None:
    """Wait until the first line of the first chart has more points than now."""
    drawn = chart_points(page)[0]
    page.wait_for_function(f"() => {FIRST_CHART}?.calcdata?.[0]?.length > {drawn}")
