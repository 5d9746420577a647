"""First paint of every page in a real browser, with 1,000 runs in the store of which 20 are live.

python -m benchmarks.browser [repetitions]

Two moments, both from the navigation and both told by the page: the first contentful paint (the frame and the
navigation, which the page is then filled into), and the end of the first frame in which the page's own content stands
in view (the curves of a run, the rows of a table, the fields of the form), not a frame or a placeholder. The run at
rest was trained by the product, so that it has a log, an evaluation, files and telemetry; the others are made up.

The server and its standby are warm. The browser is open, but has nothing of the dashboard in its cache: each visit is
in a window of its own, which is at rest before the address is entered. To open it takes Chromium half a second of CPU,
for its own address bar; and Playwright's waiting for an element would look only every half second.
"""

import math
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, sync_playwright

from benchmarks.fill import fill
from benchmarks.live_runs import LiveRuns
from benchmarks.trained import copy_log, train
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.system import hosts
from tests.browser.conftest import CHROMIUM_ARGUMENTS, chromium_path
from tests.host import wait_until
from tests.server import Server

RUNS, LIVE = 1_000, 20
REST_SECONDS = 0.3
CHART, TABLE = ".js-plotly-plot .scatterlayer path", "[data-testid=stDataFrame] canvas"
PANEL, CONFUSION = "[role=tabpanel]", ".js-plotly-plot .heatmaplayer image"
TABS = {  # of a run that was trained: what is to be seen
    "Curves": CHART,
    "Evaluation": CONFUSION,
    "Try it": ".canvas canvas",
    "Log": ".st-key-run_log",
    "Config": "pre[aria-label='The config as YAML'] span",
    "System": CHART,
    "Files": TABLE,
    "Facts": "text=To do it again",
}
LIVE_TABS = TABS | {
    "Evaluation": "text=the best checkpoint is evaluated",
    "Try it": f"{PANEL} [data-testid=stAlert]",
    "Files": "text=Files appear with the first checkpoint",
}
# The first element that matches, also inside of components; text is looked for outside of them only.
SEEN = """selector => new Promise((resolve, reject) => {
    const withText = text => document.evaluate(`//*[contains(text(), "${text}")]`, document, null, 9).singleNodeValue
    const inside = root => [...root.querySelectorAll("*")].map(element => element.shadowRoot).filter(Boolean)
    const matching = root => root.querySelector(selector) ?? inside(root).map(matching).find(Boolean)
    const find = () => selector.startsWith("text=") ? withText(selector.slice(5)) : matching(document)
    const inView = element => {
        const { top, bottom, width } = element.getBoundingClientRect()
        return element.checkVisibility({ opacityProperty: true }) && width > 0 && bottom > 0 && top < innerHeight
    }
    const painted = new MessageChannel()
    painted.port1.onmessage = () => resolve(performance.now())
    const look = () => {
        const element = find()
        if (element && inView(element)) painted.port2.postMessage("")  // arrives once this frame is painted
        else requestAnimationFrame(look)
    }
    setTimeout(() => reject(new Error(`not in view: ${selector}`)), 30_000)
    look()
})"""


def views(live: list[int], ended: list[int], trained: int) -> dict[str, tuple[str, str]]:
    """Address, and what is to be seen, by name."""
    found = {
        "Overview": ("/", f".st-key-overview_run_{live[0]}"),
        "Launch": ("/launch", "[data-testid=stNumberInput]"),
        "Runs": ("/runs", TABLE),
        "Compare, 5 runs at rest": (f"/compare?runs={','.join(map(str, ended[:5]))}", CHART),
        "Compare, 5 live runs": (f"/compare?runs={','.join(map(str, live[:5]))}", CHART),
        "Datasets": ("/datasets", TABLE),
        "System": ("/system", TABLE),
    }
    for kind, run_id, tabs in (("live", live[0], LIVE_TABS), ("at rest", trained, TABS)):
        for tab, selector in tabs.items():
            found[f"Run, {kind}: {tab}"] = (f"/run?id={run_id}&run_view={tab.replace(' ', '+')}", selector)
    return found


def main(repetitions: int = 5) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Workspace.open(Settings(home=Path(folder) / "workspace"))
        ended = fill(workspace, RUNS - LIVE - 1, 20)
        trained = train(workspace)
        live = LiveRuns(workspace, LIVE)
        copy_log(workspace, trained, live.ids[0])
        server = Server(workspace.settings)
        server.start()
        wait_until(lambda: any(host.standby == "ready" for host in hosts.hosts(workspace)), "the standby is ready")
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        try:
            print("| page | first contentful paint, median s (lowest to highest) | its own content, s |")
            print("| --- | --- | --- |")
            for name, (address, selector) in views(live.ids, ended, trained).items():
                visits = [visit(browser, server.url + address, selector) for _ in range(repetitions + 1)][1:]
                painted, filled = (spread(seconds) for seconds in zip(*visits, strict=True))
                print(f"| {name} | {painted} | {filled} |", flush=True)
        finally:
            browser.close()
            live.end()
            server.end()
            workspace.close()


def visit(browser: Browser, address: str, selector: str) -> tuple[float, float]:
    """Seconds to the first contentful paint and to the page's own content."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    rest(browser)
    page.goto(address, wait_until="commit")
    filled: float = page.evaluate(SEEN, selector)
    painted: float = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    return painted / 1000, filled / 1000


def rest(browser: Browser) -> None:
    """Wait until all of the browser's processes together take less than a twentieth of a core."""
    session = browser.new_browser_cdp_session()
    before, used = -math.inf, _used(session)
    while used - before > REST_SECONDS / 20:
        time.sleep(REST_SECONDS)
        before, used = used, _used(session)
    session.detach()


def _used(session: CDPSession) -> float:
    """Seconds of CPU so far."""
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return float(sum(process["cpuTime"] for process in processes))


def spread(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
