"""What the keyboard does on every page."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import db.runs
from core.common.workspace import Workspace
from tests.browser.added import add
from tests.browser.conftest import key, settled


@pytest.fixture(scope="module")
def mushrooms(shared_workspace: Workspace) -> Iterator[int]:
    """A run at rest with a name that no other run of these tests has."""
    made = add(shared_workspace, 0, 0.01, name="mushrooms")
    yield made
    with shared_workspace.write() as session:
        db.runs.update_many(session, [made], trashed_at=time.time())


def test_two_keys_go_to_a_page_and_one_to_its_search(page: Page) -> None:
    page.goto("/")
    settled(page)
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/runs"))
    field = key(page, "search").locator("input")
    expect(field).to_be_visible()
    settled(page)
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("gs?")  # within a field these are letters
    expect(field).to_have_value("gs?")
    expect(page.locator("dialog")).to_have_count(0)


def test_the_palette_finds_runs_data_sets_and_pages_without_a_mouse(page: Page, mushrooms: int) -> None:
    page.goto("/system")
    settled(page)
    page.keyboard.press("Control+k")
    options = page.get_by_role("option")
    expect(page.get_by_role("combobox", name="Go to")).to_be_focused()
    page.keyboard.type("mushr")
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text(f"#{mushrooms} mushrooms")
    page.keyboard.press("Control+a")
    page.keyboard.type("wine")
    expect(options.first).to_contain_text("Wine")
    page.keyboard.press("Control+a")
    page.keyboard.type("no such thing")
    expect(options).to_have_text(["Nothing has this name."])
    page.keyboard.press("Control+a")
    page.keyboard.type(f"#{mushrooms}")
    expect(options.first).to_contain_text("mushrooms")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/run.id={mushrooms}$"))


def test_the_keys_are_listed_and_everything_closes(page: Page) -> None:
    page.goto("/datasets")
    settled(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Compare")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.keyboard.press("/")  # no search on this page
    expect(page.get_by_role("combobox", name="Go to")).to_be_focused()
    page.mouse.click(5, 700)  # beside it
    expect(page.locator("dialog")).to_have_count(0)
