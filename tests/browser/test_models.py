"""From a finished run to the champion, and a second version that takes its place."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core import models
from core.common.workspace import Workspace
from core.models.registered import of_runs
from tests.browser.conftest import key, settled
from tests.host import Host


@pytest.fixture
def host(shared_workspace: Workspace) -> Iterator[Host]:
    yield Host(shared_workspace)
    Host(shared_workspace).clear()


def _register(page: Page, run_id: int) -> None:
    page.goto(f"/run?id={run_id}")
    settled(page)
    key(page, "run_register").get_by_role("button").first.click()
    key(page, "run_register_apply").get_by_role("button").click()
    page.wait_for_url(re.compile(r"/models\?model=iris&version=\d+"))
    settled(page)


def test_a_finished_run_becomes_the_champion_and_a_second_takes_its_place(page: Page, host: Host) -> None:
    # The second is not better: what is would have the box of the champion ticked.
    first, second = (host.launch("iris-mlp", **{"training.epochs": epochs}) for epochs in (3, 2))
    host.ended(first), host.ended(second)
    _register(page, first)
    shown = key(page, "models_shown")
    expect(shown.get_by_role("heading", name=re.compile("Version 1"))).to_contain_text("champion")

    _register(page, second)
    assert models.find(host.context, "iris@champion").run_id == first
    key(page, "models_champion").get_by_role("button").click()
    expect(shown.get_by_role("heading", name=re.compile("Version 2"))).to_contain_text("champion")
    shown.get_by_text("production", exact=True).click()
    expect(shown.get_by_role("heading", name=re.compile("Version 2"))).to_contain_text("production")
    champion = models.find(host.context, "iris@champion")
    assert (champion.run_id, champion.stage) == (second, models.Stage.PRODUCTION)
    with page.expect_download() as download:
        shown.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "iris-2.keras"

    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Models").click()  # out of this model, to all of them
    page.get_by_text("Click a name to see its versions.").wait_for()
    page.go_back()

    key(page, "models_serving").get_by_role("button").first.click()
    page.get_by_role("button", name="Serve", exact=True).last.click()
    expect(page.get_by_text("main: version 2, onnx")).to_be_visible()  # once it is exported and its process is up
    page.goto("/demo/iris")
    for width in (1200, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.locator("#examples button").first.click()
        expect(page.locator("#answer .prediction")).to_have_text(re.compile("setosa|versicolor|virginica"))
        page.get_by_role("button", name="Why?").click()
        expect(page.locator(".why .shares li")).to_have_count(4)  # features, each with what it speaks for
        expect(page.locator(".why")).to_contain_text("when the weights are randomised")
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Thank you, this is kept.")).to_be_visible()

    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/models")
    settled(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("iris")
    expect(page.get_by_role("option").filter(has_text="model")).to_have_count(1)
    assert [version.title for version in of_runs(host.context, [second])] == ["iris@2"]
