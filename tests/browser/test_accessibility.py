"""What axe finds on each page: nothing serious, light or dark, on a desktop or a phone."""

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from core import models, runs
from core.common.workspace import Workspace
from core.runs.kinds import NETWORK
from pages.shared.nav import PAGES, RUN
from tests.browser.conftest import PATIENCE, settled
from tests.host import Host
from tests.server import Server

WIDTHS = {"desktop": 1440, "phone": 390}


@pytest.fixture(scope="module")
def trained(shared_workspace: Workspace) -> Iterator[int]:
    host = Host(shared_workspace)
    made = host.launch("iris-mlp", **{"training.epochs": 3})
    host.ended(made)
    models.register(host.context, runs.get(host.context, made), "axe", aliases=["champion"])
    yield made
    models.drop_alias(host.context, "axe", "champion")
    models.delete_model(host.context, "axe")
    host.clear()


def _addresses(run: int) -> list[str]:
    places = [f"/{page.url_path}" for page in PAGES if page is not RUN]
    places += [f"/models?model=axe&models_view={view}" for view in ("Card", "Where+it+came+from", "Config", "History")]
    places += ["/launch?preset=digits-cnn", "/datasets?dataset=digits", "/datasets?add=table", f"/compare?runs={run}"]
    return places + [f"/run?id={run}&run_view={view.replace(' ', '+')}" for view in NETWORK.tabs]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_a_serious_finding_or_is_wider_than_its_window(
    browser: Browser, server: Server, trained: int, scheme: Literal["light", "dark"], width: str
) -> None:
    context = browser.new_context(
        viewport={"width": WIDTHS[width], "height": 900}, base_url=server.url, color_scheme=scheme
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    found: dict[str, list[str]] = {}
    for address in _addresses(trained):
        page.goto(address)
        settled(page)
        assert _too_wide(page) == 0, address
        if serious := _serious(page):
            found[address] = serious
    page.goto("/launch")
    page.get_by_role("button", name="Start from").click()
    dialog = page.get_by_role("dialog")
    for view in ("Presets", "Your runs", "Data sets"):
        dialog.get_by_text(view, exact=True).click()
        dialog.get_by_role("button", name="Start", exact=True).first.wait_for()
        settled(page)
        found |= {f"the cards: {view}": serious} if (serious := _serious(page)) else {}
    page.goto("/")
    settled(page)
    page.keyboard.press("Control+k")
    page.get_by_role("option").first.wait_for()
    found |= {"the palette": serious} if (serious := _serious(page)) else {}
    context.close()
    assert found == {}


def _serious(page: Page) -> list[str]:
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in violations
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def _too_wide(page: Page) -> int:
    """Pixels by which the page can be moved sideways."""
    pixels: int = page.evaluate(
        """() => {
        const main = document.querySelector("[data-testid=stMain]")
        return main.scrollWidth - main.clientWidth
    }"""
    )
    return pixels
