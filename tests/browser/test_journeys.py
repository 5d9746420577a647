"""Whole journeys in a real browser, on a real server, with real trainings."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core import runs
from core.common.workspace import Workspace
from core.runs.records import RunQuery
from db.records import RunState
from tests.browser.conftest import FIRST_CHART, chart_grows, chart_points, fill, key
from tests.browser.settling import opened, settled
from tests.host import ENDLESS, Host, wait_until
from tests.server import Server


@pytest.fixture
def host(shared_workspace: Workspace) -> Iterator[Host]:
    """The store behind the server: to wait for, and to look at what came of a click."""
    yield Host(shared_workspace)
    Host(shared_workspace).clear()


def test_from_an_empty_store_to_the_demo_to_its_comparison(page: Page, host: Host) -> None:
    page.goto("/")
    expect(page.get_by_text("Nothing has been trained here yet")).to_be_visible()
    key(page, "overview_demo").get_by_role("button").click()
    expect(page.get_by_text("One narrow layer").first).to_be_visible()
    demo = [run.id for run in runs.listing(host.context, RunQuery(descending=False)).runs]
    assert len(demo) == 3
    for run_id in demo:
        assert host.ended(run_id).state is RunState.FINISHED
    expect(page.get_by_role("heading", name="Newest results")).to_be_visible()
    answer = key(page, "overview_answer")
    expect(answer.get_by_text(re.compile("has the most right|is the best"))).to_be_visible()
    expect(key(page, "overview_answer_mistakes").locator("img")).to_have_count(3)

    page.goto(f"/compare?runs={','.join(map(str, demo))}")
    settled(page)
    for name in ("One narrow layer", "Two wide layers, dropout", "Convolutions"):
        expect(page.get_by_text(name).first).to_be_visible()
    assert chart_points(page) == [30, 30, 20]


def test_the_overview_notices_a_run_that_was_launched_elsewhere(page: Page, host: Host) -> None:
    page.goto("/")
    settled(page)
    run_id = host.launch(**ENDLESS)
    expect(key(page, f"overview_run_{run_id}")).to_be_visible()


def test_configure_launch_watch_stop_clone_and_compare(page: Page, host: Host) -> None:
    page.goto("/launch?preset=digits-mlp")
    settled(page)
    expect(page.get_by_text("8,970")).to_be_visible()  # parameters, as the standby counts them
    fill(page, "Epochs", "1000000")
    fill(page, "Name", "a long one")
    key(page, "launch_go").get_by_role("button").click()
    page.get_by_role("link", name="Open a long one").click()
    page.wait_for_url(re.compile(r"/run\?id=\d+"))
    run_id = int(page.url.partition("id=")[2].partition("&")[0])
    host.learning(run_id)
    assert host.run(run_id).config["training"]["epochs"] == 1_000_000

    settled(page)
    chart_grows(page)
    page.evaluate(f"Plotly.relayout({FIRST_CHART}, {{'xaxis.range': [1, 2]}})")
    chart_grows(page)
    assert page.evaluate(f"{FIRST_CHART}.layout.xaxis.range") == [1, 2]  # zoom stays while points come in

    key(page, "run_stop").get_by_role("button").click()
    assert host.ended(run_id).state is RunState.STOPPED
    key(page, "run_resume").wait_for()

    key(page, "run_clone").get_by_role("button").click()
    page.wait_for_url(re.compile(rf"/launch\?from={run_id}"))
    settled(page)
    fill(page, "Epochs", "3")
    fill(page, "Name", "a short one")
    key(page, "launch_go").get_by_role("button").click()
    link = page.get_by_role("link", name="Compare with the run it came from")
    link.wait_for()
    child = max(run.id for run in runs.listing(host.context, RunQuery()).runs)
    assert host.ended(child).state is RunState.FINISHED
    assert host.run(child).parent_id == run_id
    link.click()
    page.wait_for_url(re.compile(r"/compare\?runs="))
    settled(page)
    expect(page.get_by_text("a short one").first).to_be_visible()
    expect(page.get_by_text("a long one").first).to_be_visible()


def test_a_copied_address_restores_the_comparison_in_another_browser(
    page: Page, browser: Browser, server: Server, host: Host
) -> None:
    first, second = host.launch(**{"training.epochs": 3}), host.launch("iris-mlp", **{"training.epochs": 4})
    host.ended(first), host.ended(second)
    page.goto(f"/compare?runs={first},{second}")
    settled(page)
    key(page, "x").get_by_text("time", exact=True).click()
    key(page, "log").locator("label").first.click()
    page.wait_for_url(re.compile("log=true"))
    page.wait_for_url(re.compile("x=time"))
    settled(page)

    elsewhere = opened(browser).new_page()
    elsewhere.goto(page.url)
    settled(elsewhere)
    assert elsewhere.url == page.url
    assert chart_points(elsewhere) == chart_points(page)
    assert elsewhere.evaluate(f"{FIRST_CHART}.layout.yaxis.type") == "log"
    elsewhere.context.close()


def test_a_config_with_three_problems_shows_all_three(page: Page) -> None:
    page.goto("/launch?preset=digits-cnn")
    settled(page)
    fill(page, "Epochs", "0")
    fill(page, "Batch size", "0")
    fill(page, "Filters", "32, -1")
    expect(page.get_by_text("3 problems to solve")).to_be_visible()
    for field in ("Training › Epochs", "Training › Batch size", "Architecture › Filters"):
        expect(page.get_by_role("link", name=field)).to_be_visible()
    page.get_by_role("link", name="Training › Batch size").click()
    expect(page.get_by_label("Batch size", exact=True)).to_be_in_viewport()
    key(page, "launch_go").get_by_role("button").click()
    expect(page.get_by_text("Nothing was launched")).to_be_visible()


def test_a_name_that_is_markup_is_shown_as_it_is_written(page: Page, host: Host) -> None:
    run_id = host.launch(**ENDLESS)
    name = "<script>document.title='gone'</script> **\"quoted\"** 🚂"
    runs.annotate(host.context, run_id, name=name)
    for path in (f"/run?id={run_id}", f"/compare?runs={run_id}", "/", "/runs"):
        page.goto(path)
        settled(page)
        assert page.title() != "gone"
        if path.startswith("/run?"):
            expect(page.get_by_role("heading", name=name)).to_be_visible()
    wait_until(lambda: host.run(run_id).name == name, "the name is kept")
