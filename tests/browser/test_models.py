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
    first, second = (host.launch("iris-mlp", **{"training.epochs": epochs}) for epochs in (2, 3))
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

    page.goto("/models")
    settled(page)
    page.keyboard.press("Control+k")
    page.keyboard.type("iris")
    expect(page.get_by_role("option").filter(has_text="model")).to_have_count(1)
    assert [version.title for version in of_runs(host.context, [second])] == ["iris@2"]
