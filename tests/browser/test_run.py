"""The Run page in a real browser: its head, the marks on its curves, smoothing, enlarging, and its log."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from core.common.workspace import Workspace
from tests.browser.added import store
from tests.browser.conftest import FIRST_CHART, chart_points, key, settled

LOSS = [0.9, 0.5, 0.3, 0.2, 0.1, 0.05]
VAL_LOSS = [0.8, 0.6, 0.7, 0.8, 0.9, 1.0]
CONFIG = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}, "training": {"epochs": 6}}


@pytest.fixture(scope="module")
def overfit(shared_workspace: Workspace) -> int:
    """A run that no process trained, with a log of 500 lines."""
    metrics: dict[str, Sequence[float]] = {"loss": LOSS, "val_loss": VAL_LOSS, "test_loss": [0.75]}
    facts = {"parameters": 140, "device": "AMD EPYC"}
    run_id = store(shared_workspace, CONFIG, metrics, name="overfit", trained_seconds=75.0, facts=facts)
    log = shared_workspace.settings.log_file(run_id)
    log.parent.mkdir(parents=True)
    log.write_text("".join(f"2026-07-01T10:{n // 60:02}:{n % 60:02}Z epoch {n} loss {n % 7}\n" for n in range(500)))
    return run_id


def test_the_head_tells_what_was_trained_how_long_on_what_and_how_well(page: Page, overfit: int) -> None:
    page.goto(f"/run?id={overfit}")
    settled(page)
    expect(page.get_by_text("data iris · Multilayer perceptron of 140 parameters")).to_be_visible()
    expect(page.get_by_text("trained 1 min 15 s · on AMD EPYC")).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="test_loss")).to_contain_text("0.75")


def test_curves_are_marked_smoothed_and_enlarged(page: Page, overfit: int) -> None:
    page.goto(f"/run?id={overfit}")
    settled(page)
    chart = key(page, "run_curve_loss")
    expect(chart.locator(".annotation-text")).to_have_text(["overfits", "best, epoch 2"])
    drawn = page.evaluate(f"{FIRST_CHART}.clientHeight")
    chart.get_by_role("button", name="Enlarge").click()
    page.wait_for_function(f"() => {FIRST_CHART}?.clientHeight > {drawn}")
    chart.get_by_role("button", name="Reduce").click()
    page.wait_for_function(f"() => {FIRST_CHART}?.clientHeight === {drawn}")
    lines = len(chart_points(page))
    page.get_by_role("slider", name="Smoothing").press("End")
    page.wait_for_function(f"() => {FIRST_CHART}?.calcdata?.length === {2 * lines}")  # what was recorded stays, faintly


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_the_log_is_at_its_end_by_the_readers_clock_and_its_lines_are_found(
    page: Page, overfit: int, zone: str
) -> None:
    page.context.new_cdp_session(page).send("Emulation.setTimezoneOverride", {"timezoneId": zone})
    page.goto(f"/run?id={overfit}&run_view=Log")
    settled(page)
    log = page.get_by_label("The last lines of its log")
    hour = {"Europe/Berlin": "12", "America/New_York": "06"}[zone]
    expect(log).to_contain_text(f"{hour}:08:19  epoch 499 loss 2")
    at_end = "shown => Math.abs(shown.scrollHeight - shown.scrollTop - shown.clientHeight) < 2"
    page.wait_for_function(at_end, arg=log.element_handle())
    page.get_by_placeholder("Find lines").fill("epoch 123")
    page.get_by_placeholder("Find lines").press("Enter")
    expect(page.get_by_text("1 of the last 500 lines has these words")).to_be_visible()
    expect(log).to_have_text(f"{hour}:02:03  epoch 123 loss 4\n")
