"""The confusion matrix in a real browser, of a real run: a click on a cell shows its examples."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from core.common.workspace import Workspace
from core.evaluation.browse import confused
from core.evaluation.report_files import read_report
from tests.browser.conftest import FIRST_CHART, key, settled
from tests.host import Host

_CELL = """([x, y]) => {
    const chart = document.querySelector('.js-plotly-plot'), layout = chart._fullLayout;
    chart.scrollIntoView({block: "center"});
    const box = chart.getBoundingClientRect();
    return [box.x + layout.xaxis._offset + layout.xaxis.d2p(x), box.y + layout.yaxis._offset + layout.yaxis.d2p(y)];
}"""


@pytest.fixture
def host(shared_workspace: Workspace) -> Iterator[Host]:
    yield Host(shared_workspace)
    Host(shared_workspace).clear()


def test_a_click_on_a_cell_of_the_confusion_matrix_shows_its_examples(page: Page, host: Host) -> None:
    run_id = host.launch(**{"training.epochs": 2})
    host.ended(run_id)
    report = read_report(host.workspace.settings, run_id)
    assert report.classification is not None
    true, predicted, count = confused(report.classification, 1)[0]
    names = [each.name for each in report.classification.classes]

    page.goto(f"/run?id={run_id}&run_view=Evaluation")
    settled(page)
    page.wait_for_function(f"() => {FIRST_CHART}?.calcdata?.length > 0")
    page.mouse.click(*page.evaluate(_CELL, [predicted, true]))
    page.wait_for_url(re.compile(rf"run_true={names[true]}&run_predicted={names[predicted]}"))
    told = f"true {names[true]}, predicted {names[predicted]}"
    expect(page.get_by_text(told)).to_contain_text(f"{count} test example")
    pictures = key(page, "run_cell_pictures").locator("img")
    expect(pictures).to_have_count(min(count, 24))
    expect(pictures.first).to_have_attribute("alt", re.compile(f"{names[true]}, predicted {names[predicted]}"))
