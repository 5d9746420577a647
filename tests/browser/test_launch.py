"""The Launch page's draft in a real browser: kept over a reload and another day, in this browser only."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import fill, settled
from tests.server import Server


def test_a_draft_outlives_a_reload_in_its_browser_and_a_link_overrules_it(
    page: Page, browser: Browser, server: Server
) -> None:
    page.goto("/launch?preset=digits-mlp")
    settled(page)
    fill(page, "Epochs", "77")
    fill(page, "Name", "mine")
    page.wait_for_url("**/launch?preset=digits-mlp&draft=*")
    page.reload()
    settled(page)
    epochs = page.get_by_label("Epochs", exact=True)
    expect(epochs).to_have_value("77")
    expect(page.get_by_label("Name", exact=True)).to_have_value("mine")

    tab = page.context.new_page()
    tab.goto("/launch")  # another day
    settled(tab)
    expect(tab.get_by_label("Epochs", exact=True)).to_have_value("77")
    tab.goto("/launch?preset=digits-mlp")
    settled(tab)
    expect(tab.get_by_label("Epochs", exact=True)).to_have_value("30")

    elsewhere = browser.new_context(base_url=server.url).new_page()
    elsewhere.goto(page.url.removeprefix(server.url))
    settled(elsewhere)
    expect(elsewhere.get_by_label("Epochs", exact=True)).to_have_value("30")
    elsewhere.context.close()
