"""What the mouse and the keyboard do on charts and in search boxes, in a real browser."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import db.runs
from core.common.settings import PROJECT_ROOT
from core.common.workspace import Workspace
from core.config.edit import with_values
from pages.frontend.documents import PLOTLY
from tests.browser.added import add, store
from tests.browser.conftest import key, settled
from tests.browser.settling import opened
from tests.server import Server

CHART = "document.querySelector('.st-key-compare_parallel .chart')"
TITLES, ROW = 38, 35  # pixels of a table's titles and of a row
RATES = (0.0001, 0.001, 0.01)


@pytest.fixture(scope="module")
def three(shared_workspace: Workspace) -> Iterator[list[int]]:
    """Runs at rest that differ in three params; the last has no validation loss."""
    made = [add(shared_workspace, place, rate) for place, rate in enumerate(RATES)]
    yield made
    with shared_workspace.write() as session:
        for run_id in made:
            db.runs.update_many(session, [run_id], trashed_at=time.time())


def open_comparison(page: Page, run_ids: list[int], more: str = "") -> None:
    page.goto(f"/compare?runs={','.join(map(str, run_ids))}&metric=val_loss{more}")
    settled(page)
    page.wait_for_function(f"() => {CHART}?.querySelectorAll('.scatterlayer .trace').length > 0")
    key(page, "compare_parallel").scroll_into_view_if_needed()


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place of the parallel coordinates to another: (number of the axis, share of its height)."""
    bounds = page.locator(".st-key-compare_parallel .chart").bounding_box()
    assert bounds is not None
    points = []
    for place, share in (start, end):
        at = f"""(() => {{ const {{ xaxis, yaxis }} = {CHART}._fullLayout
            return [xaxis._offset + xaxis.l2p({place}), yaxis._offset + yaxis.l2p({share})] }})()"""
        x, y = page.evaluate(at)
        points.append((bounds["x"] + x, bounds["y"] + y))
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=5)
    page.mouse.up()


def expect_kept(page: Page, lines: list[bool]) -> None:
    """Wait until of the chart's lines these stand out."""
    page.wait_for_function(
        f"lines => String({CHART}?.data?.map(line => line.opacity === 1)) === String(lines)", arg=lines
    )


def test_a_brush_keeps_lines_and_outlives_a_new_drawing(page: Page, three: list[int]) -> None:
    open_comparison(page, three)
    rate = page.evaluate(f"{CHART}.layout.meta.parallel.axes.findIndex(axis => axis.key.endsWith('learning_rate'))")
    drag(page, (rate, 1.03), (rate, 0.3))
    expect(page.get_by_text("2 of 3 lines kept")).to_be_visible()
    expect_kept(page, [False, True, True])

    key(page, "colour").get_by_text("run", exact=True).click()
    page.wait_for_url(re.compile("colour=run"))
    settled(page)
    page.wait_for_function(f"() => !{CHART}.layout.shapes.some(shape => shape.line.width === 5)")  # was drawn anew
    expect_kept(page, [False, True, True])
    expect(page.locator(".st-key-compare_parallel .brush")).to_have_count(1)

    drag(page, (rate, 0.9), (rate, 0.9))  # a click
    expect(page.get_by_text("Drag along an axis")).to_be_visible()
    expect_kept(page, [True, True, True])


def test_a_chart_is_drawn_though_its_library_did_not_come_at_first(page: Page, three: list[int]) -> None:
    failed: list[str] = []

    def fail_twice(route: Route) -> None:
        """What the head of the page asks for, and the first chart."""
        if len(failed) == 2:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    page.route(re.compile(r"plotly\.min\b"), fail_twice)
    open_comparison(page, three)
    assert len(failed) == 2


_CALLED = """async ([source, library]) => {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }))
    const { default: called } = await import(url)
    const parentElement = document.createElement("div")
    parentElement.innerHTML = '<div class="chart"></div>'
    document.body.prepend(parentElement)
    const host = parentElement.firstChild
    const call = value => {
        const figure = JSON.stringify({ data: [{ x: [1, 2], y: [1, value] }], layout: { height: 200 } })
        return called({ data: { figure, library, live: [], kept: null }, parentElement, setTriggerValue() {} })
    }
    const end = Date.now() + 120_000
    const until = async isSo => {
        while (!isSo()) {
            if (Date.now() > end) throw new Error(`${host.dataset.state}: ${host.innerHTML.slice(0, 200)}`)
            await new Promise(requestAnimationFrame)
        }
    }
    const shows = value => host.querySelector("svg") && host.data?.[0].y[1] === value && host.dataset.state === "drawn"

    const { react } = window.Plotly
    window.Plotly.react = (...given) => { window.Plotly.react = react; throw new Error("once") }
    const [first, second] = [call(2), call(3)]
    second()  // what Streamlit no longer needs, after or before what it does
    first()
    await until(() => shows(3))
    call(4)
    await until(() => shows(4))
    second()
    parentElement.remove()
    first()
    await until(() => !host.querySelector("svg"))
}"""


def test_a_chart_is_drawn_whatever_fails_once_and_goes_with_its_place_only(page: Page, three: list[int]) -> None:
    open_comparison(page, three)
    frontend = PROJECT_ROOT / "pages" / "frontend"
    source = "".join((frontend / f"{name}.js").read_text(encoding="utf-8") for name in ("live", "parallel", "chart"))
    page.evaluate(_CALLED, [source, PLOTLY])


def test_what_has_no_value_can_be_brushed_and_compared_alone(page: Page, three: list[int]) -> None:
    open_comparison(page, three)
    last = page.evaluate(f"{CHART}.layout.meta.parallel.axes.length - 1")
    drag(page, (last, -0.08), (last, -0.19))
    expect(page.get_by_text("1 of 3 lines kept")).to_be_visible()
    expect_kept(page, [False, False, True])
    key(page, "compare_keep").get_by_role("button").click()
    page.wait_for_url(re.compile(rf"runs={three[2]}(&|$)"))


def test_a_click_on_a_point_of_a_group_shows_its_runs_each_by_itself(
    page: Page, three: list[int], shared_workspace: Workspace
) -> None:
    config = {"data": {"source": "iris", "folds": 2}, "architecture": {"name": "mlp"}}
    folds = [
        store(shared_workspace, with_values(config, {"data.fold": fold}), {"val_loss": [1.0, 0.6]}, name=f"cut {fold}")
        for fold in range(2)
    ]
    page.goto(f"/compare?runs={folds[0]},{folds[1]},{three[0]}&metric=val_loss")
    settled(page)
    points = key(page, "compare_scatter").locator(".points path")
    expect(points).to_have_count(2)
    points.first.scroll_into_view_if_needed()
    bounds = points.first.bounding_box()
    assert bounds is not None
    page.mouse.click(bounds["x"] + bounds["width"] / 2, bounds["y"] + bounds["height"] / 2)
    page.wait_for_url(re.compile(rf"runs={folds[0]}(,|%2C){folds[1]}(&|$)"))
    expect(page.get_by_role("link", name=re.compile(rf"^● #{folds[1]} cut 1"))).to_be_visible()
    expect(points).to_have_count(2)


def test_an_axis_is_moved_by_its_title_and_the_address_keeps_the_order(page: Page, three: list[int]) -> None:
    open_comparison(page, three)
    order = f"{CHART}.layout.meta.parallel.axes.map(axis => axis.key)"
    before = page.evaluate(order)
    lowest = page.evaluate(f"{CHART}._fullLayout.yaxis.range[0]")
    drag(page, (0, lowest - 0.05), (1, lowest - 0.05))
    page.wait_for_function(f"() => {order}[1] === '{before[0]}'")
    assert page.evaluate(order) == [before[1], before[0], *before[2:]]
    page.wait_for_url(re.compile("axes="))
    page.reload()
    settled(page)
    page.wait_for_function(f"() => {CHART}?.layout?.meta && {order}[1] === '{before[0]}'")


def test_a_log_scale_says_which_values_it_cannot_show(page: Page, three: list[int]) -> None:
    open_comparison(page, three, "&log=true&metrics=loss")
    expect(page.get_by_text("Not shown, as a log axis has no place for 0 and below").first).to_be_visible()


def test_a_search_is_completed_by_keyboard_and_mouse(page: Page, three: list[int]) -> None:
    page.goto("/runs")
    settled(page)
    box = key(page, "search").locator("input")
    options = page.locator("#traindeck-completions [role=option]")
    box.click()
    expect(options.first).to_be_visible()
    box.press_sequentially("experi")
    expect(options).to_have_count(1)
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("experiment ")
    options.get_by_text("=", exact=True).first.click()
    expect(box).to_have_value("experiment = ")
    box.press_sequentially("brush")
    options.get_by_text("brushing", exact=True).click()
    expect(box).to_have_value("experiment = brushing ")
    expect(page.get_by_text(f"{len(three)} runs match")).to_be_visible()
    expect(options).to_have_text([re.compile("^and"), re.compile("^or")])
    box.press_sequentially("stat")
    expect(options).to_have_count(1)
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("experiment = brushing stat")
    for _ in "stat":
        box.press("Backspace")
    box.press_sequentially("epochs >")
    expect(page.get_by_text("A value is missing after epochs")).to_be_visible()


def click_cell(page: Page, table: str, *, column: int, row: int) -> None:
    """Where a cell of a table of runs is, by pixels from its left and by its row from 0."""
    bounds = key(page, table).locator("canvas").first.bounding_box()
    assert bounds is not None
    page.mouse.click(bounds["x"] + column, bounds["y"] + TITLES + ROW * row + ROW / 2)


@pytest.mark.parametrize(
    ("address", "table"), [("/runs?search=id+in+({})", "runs_table"), ("/compare?runs={}", "compare_table")]
)
def test_a_click_anywhere_in_a_row_opens_its_run(page: Page, three: list[int], address: str, table: str) -> None:
    page.goto(address.format(",".join(map(str, three))))
    settled(page)
    key(page, table).scroll_into_view_if_needed()
    click_cell(page, table, column=600, row=1)
    page.wait_for_url(re.compile(rf"/run\?id={three[1]}$"))
    settled(page)


def test_the_columns_that_a_browser_chose_are_there_again(page: Page, three: list[int]) -> None:
    page.goto("/runs")
    settled(page)
    opener = page.get_by_role("button", name="Columns", exact=True)
    removal = key(page, "columns").get_by_label("Remove Experiment", exact=True)
    opener.click()
    removal.click()
    page.wait_for_url(re.compile("columns="))
    settled(page)

    page.goto("/runs")  # another session, whose address says nothing
    settled(page)
    opener.click()
    expect(key(page, "columns").get_by_label("Remove Duration", exact=True)).to_be_visible()
    expect(removal).to_have_count(0)
    key(page, "runs_columns_usual").get_by_role("button").click()
    expect(removal).to_be_visible()


# Plotly's drawing that ends when a test says so, and then looks for what it drew, as Plotly does itself.
HELD = """() => {
    const drawn = Plotly.react
    window.held = { found: [] }
    const goes = new Promise(resolve => { held.go = resolve })
    Plotly.react = async (host, ...figure) => {
        held.drawing = true
        await drawn(host, ...figure)
        await goes
        held.found.push("_fullLayout" in host)
        return host
    }
}"""


def test_a_chart_that_is_left_while_it_is_drawn_goes_when_it_is_done(page: Page, three: list[int]) -> None:
    open_comparison(page, three)
    page.evaluate(HELD)
    key(page, "colour").get_by_text("run", exact=True).click()
    page.wait_for_function("() => held.drawing")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile("/system"))
    settled(page)
    page.evaluate("() => held.go()")
    page.wait_for_function("() => held.found.length > 0")
    assert all(page.evaluate("held.found"))


def test_on_a_touch_screen_the_tools_of_a_table_lie_over_nothing(browser: Browser, server: Server) -> None:
    phone = opened(browser, base_url=server.url, viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True)
    page = phone.new_page()
    page.goto("/datasets")
    settled(page)
    expect(page.get_by_test_id("stElementToolbar").first).to_be_hidden()
    page.get_by_role("button", name="Add a data set").tap()
    page.wait_for_url("**/datasets?add=*")
    phone.close()
