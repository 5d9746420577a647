"""From marking two fields to the confirmed winner in a report, and the report's file without a network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.common.workspace import Workspace
from core.reports import authoring, report_html, report_pdf, saved_views
from core.sweeps import managing
from core.sweeps.trials import SweepState, view
from tests.browser.conftest import fill, key
from tests.browser.settling import opened, settled
from tests.host import Host, wait_until
from tests.server import Server


@pytest.fixture
def host(shared_workspace: Workspace) -> Iterator[Host]:
    yield Host(shared_workspace)
    Host(shared_workspace).clear()


def _switch(page: Page, name: str) -> None:
    key(page, name).locator("label").first.click()
    settled(page)


def test_from_two_marked_fields_to_the_confirmed_winner_in_a_report(page: Page, host: Host, tmp_path: Path) -> None:
    page.goto("/launch?preset=iris-mlp")
    settled(page)
    fill(page, "Epochs", "2")
    _switch(page, "launch_sweep_toggle")
    for field in ("training-optimizer-learning_rate", "training-batch_size"):
        _switch(page, f"launch_vary_{field}")
    fill(page, "Trials", "3")
    key(page, "launch_sweep_go").get_by_role("button").click()
    page.get_by_role("button", name="Open the sweep").click()
    settled(page)
    number = managing.listing(host.context)[0].id
    wait_until(lambda: view(host.context, number).sweep.state is SweepState.FINISHED, "the sweep ends")
    page.goto(f"/sweeps?sweep={number}")
    settled(page)
    key(page, "sweeps_confirm").get_by_role("button").first.click()
    fill(page, "Best configs", "1")
    fill(page, "Fresh seeds of each", "2")
    page.get_by_role("button", name="Launch 2 runs", exact=True).click()
    settled(page)
    wait_until(
        lambda: len(again := view(host.context, number).all_runs) == 5 and not any(each.is_active for each in again),
        "fresh seeds end",
    )
    page.goto(f"/sweeps?sweep={number}")
    settled(page)

    key(page, "report_confirmation").get_by_role("button").first.click()
    page.get_by_role("combobox", name="Report").fill("The winner")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_role("button", name="Add", exact=True).click()
    with page.expect_popup() as opening:
        page.get_by_role("link", name="The winner").click()
    report = opening.value
    settled(report)
    best = view(host.context, number).best()
    assert best is not None
    told = re.compile(f"Trial {best.number} is confirmed: .* over 2 fresh seeds")
    expect(report.get_by_text(told)).to_be_visible()
    with report.expect_download() as downloading:
        key(report, "reports_html").get_by_role("button").click()
    downloading.value.save_as(tmp_path / "winner.html")
    assert f"Trial {best.number} is confirmed" in (tmp_path / "winner.html").read_text()


def test_a_file_draws_its_charts_without_a_network_and_prints(
    browser: Browser, shared_workspace: Workspace, host: Host, tmp_path: Path
) -> None:
    run = host.launch("iris-mlp", **{"training.epochs": 3})
    host.ended(run)
    text = f"```panel curves\nruns: {run}\nmetrics: loss, accuracy\n```\n\n```panel evaluation\nrun: {run}\n```"
    made = authoring.create(host.context, "</script><b>A title</b>", text)
    html = report_html.as_file(host.context, made.id)
    (tmp_path / "report.html").write_text(html)
    context = browser.new_context(offline=True, color_scheme="dark")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    page.wait_for_function("() => document.querySelectorAll('.chart .main-svg').length >= 3")
    expect(page.get_by_role("heading", name="</script><b>A title</b>")).to_be_visible()
    lines = page.evaluate("[...document.querySelectorAll('.chart')].map(each => each.calcdata.length)")
    assert lines[:2] == [1, 1]
    assert errors == []
    assert asked == [(tmp_path / "report.html").as_uri()]
    context.close()
    if report_pdf.browser() is not None:
        assert report_pdf.as_pdf(html).startswith(b"%PDF-")


def test_a_saved_view_is_the_page_as_it_was_also_under_another_name(
    page: Page, browser: Browser, server: Server, host: Host
) -> None:
    page.goto("/runs?search=no-such-run&order=asc")
    settled(page)
    key(page, "views").get_by_role("button").first.click()
    fill(page, "Save what is shown as", "nothing")
    page.get_by_role("button", name="Save view").click()
    settled(page)
    [saved] = saved_views.listing(host.context, "runs")
    saved_views.rename(host.context, saved.id, "nothing at all")
    elsewhere = opened(browser, base_url=server.url)
    other = elsewhere.new_page()
    other.goto(f"/runs?view={saved.id}")
    settled(other)
    expect(other.get_by_label("Search", exact=True)).to_have_value("no-such-run")
    expect(key(other, "views").get_by_role("button", name="nothing at all")).to_be_visible()
    fill(other, "Search", "another")
    key(other, "views").get_by_role("button").first.click()
    with other.expect_navigation():
        other.get_by_role("link", name="nothing at all").click()
    settled(other)
    expect(other.get_by_label("Search", exact=True)).to_have_value("no-such-run")
    elsewhere.close()
    saved_views.delete(host.context, saved.id)
