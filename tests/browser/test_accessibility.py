"""What axe finds on each page: nothing serious, light or dark, on a desktop or a phone; and whom each page asks."""

import contextlib
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError, expect

from core import models, runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.reports import authoring
from core.runs import logged
from core.runs.kinds import MEDIA, NETWORK
from core.runs.logged import Logged
from db.records import RunState
from pages.shared.nav import PAGES
from tests.browser.conftest import PATIENCE
from tests.browser.settling import opened, settled
from tests.host import Host
from tests.server import Server
from tests.shown_media import show_every_kind

DESKTOP, PHONE = 1440, 390  # pixels
# Each page in both schemes and in both widths, the next in what is left of the four.
VIEWS: tuple[tuple[tuple[int, Literal["light", "dark"]], ...], ...] = (
    ((DESKTOP, "light"), (PHONE, "dark")),
    ((PHONE, "light"), (DESKTOP, "dark")),
)
AXE = Axe()


@pytest.fixture(scope="module")
def trained(shared_workspace: Workspace) -> Iterator[int]:
    host = Host(shared_workspace)
    made = host.launch("iris-mlp", **{"training.epochs": 3})
    host.ended(made)
    models.register(host.context, runs.get(host.context, made), "axe", aliases=["champion"])
    text = f"A *remark*.\n\n| a |\n| --- |\n| b |\n\n```panel curves\nruns: {made}\n```\n\n"
    text += f"```panel evaluation\nrun: {made}\n```"
    authoring.create(host.context, "axe", text)
    yield made
    models.drop_alias(host.context, "axe", "champion")
    models.delete_model(host.context, "axe")
    for report in authoring.listing(host.context):
        authoring.delete(host.context, report.id)
    host.clear()


@pytest.fixture(scope="module")
def looked_at(shared_workspace: Workspace) -> list[int]:
    """Runs of a client with media of every kind."""
    context = Context.of_shell(shared_workspace)
    found = [logged.begin(context, Logged(name)).id for name in ("first", "second")]
    for run in found:
        show_every_kind(context, run)
        logged.end(context, run, RunState.FINISHED)
    return found


def _addresses(run: int, looked_at: list[int]) -> list[str]:
    places = [f"/{page.url_path}" for page in PAGES]
    places += [f"/models?model=axe&models_view={view}" for view in ("Card", "Where+it+came+from", "Config", "History")]
    places += ["/launch?preset=digits-cnn", "/datasets?dataset=digits", "/datasets?add=table", f"/compare?runs={run}"]
    places += [f"/run?id={looked_at[0]}&run_view={MEDIA}", f"/compare?runs={','.join(map(str, looked_at))}"]
    places += ["/reports?report=axe", "/reports?report=axe&edit=1"]
    return places + [f"/run?id={run}&run_view={view.replace(' ', '+')}" for view in NETWORK.tabs if view != MEDIA]


def test_no_page_has_a_serious_finding_is_wider_than_its_window_or_asks_the_internet(
    browser: Browser, server: Server, trained: int, looked_at: list[int]
) -> None:
    views, others = VIEWS
    context = opened(browser, base_url=server.url)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    found: dict[str, list[str]] = {}
    for address in _addresses(trained, looked_at):
        _turn(page, *views[0])  # while nothing of the page is there to be drawn anew
        page.goto(address)
        settled(page)
        for view in views:
            _show(page, *view)
            found[f"{address} {view}"] = _too_wide(page) + _serious(page)
        views, others = others, views
    for view in views:
        _show(page, *view)
        page.keyboard.press("Control+k")
        page.get_by_role("option").first.wait_for()
        found[f"the palette {view}"] = _serious(page)
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
    page.goto("/launch")
    settled(page)
    page.get_by_role("button", name="Start from").click()
    dialog = page.get_by_role("dialog")
    for tab in ("Presets", "Your runs", "Data sets"):
        dialog.get_by_text(tab, exact=True).click()
        dialog.get_by_role("button", name="Start", exact=True).first.wait_for()
        for view in views:
            _show(page, *view)
            found[f"the cards: {tab} {view}"] = _serious(page)
        views, others = others, views
    context.close()
    assert [url for url in asked if not url.startswith((server.url, "data:", "blob:"))] == []
    assert {place: findings for place, findings in found.items() if findings} == {}


def _show(page: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    """As a reader turns a tablet, or a system goes dark at night: pages follow both without being loaded anew."""
    _turn(page, width, scheme)
    shown = "scheme => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === scheme"
    page.wait_for_function(shown, arg=scheme)
    settled(page)


def _turn(page: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)


def _serious(page: Page) -> list[str]:
    if not page.evaluate("typeof window.axe?.run === 'function'"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations'], selectors: false})")
    violations: list[dict[str, Any]] = found["violations"]
    return [
        f"{each['id']}: {node['html'][:200]}"
        for each in violations
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def _too_wide(page: Page) -> list[str]:
    """By how much the page can be moved sideways, once its charts have taken its width."""
    main = "document.querySelector('[data-testid=stMain]')"
    by = f"{main}.scrollWidth - {main}.clientWidth"
    with contextlib.suppress(TimeoutError):
        page.wait_for_function(f"() => {by} === 0", timeout=10_000)
    pixels: int = page.evaluate(by)
    return [f"is {pixels} pixels wider than its window"] if pixels else []
