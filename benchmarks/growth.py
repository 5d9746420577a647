"""Whether the server grows: its memory over 500 live refreshes and 200 comparisons, counted from the first 50.

python -m benchmarks.growth [refreshes] [comparisons]

A watched run is refreshed every second; to have 500 refreshes in minutes, ten browsers watch one run at once. The
comparisons are of five of 1,000 runs at rest, always others, one after the other in one browser.
"""

import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from benchmarks.fill import fill
from benchmarks.live_runs import LiveRuns
from core.settings import Settings
from core.workspace import Workspace
from tests.browser.conftest import CHROMIUM_ARGUMENTS, chromium_path, settled
from tests.server import Server

BROWSERS, FIRST, MIB = 10, 50, 2**20


def main(refreshes: int = 500, comparisons: int = 200) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Workspace.open(Settings(home=Path(folder) / "workspace", standby=False))
        ended = fill(workspace, 1_000, 20)
        live, server = LiveRuns(workspace, 1), Server(workspace.settings)
        server.start()
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        print("| after | server's memory after the first 50, MiB | at the end, MiB | growth |")
        print("| --- | --- | --- | --- |")
        try:
            _row(f"{refreshes} live refreshes", *_refreshed(browser, server, live.ids[0], refreshes))
            _row(f"{comparisons} comparisons", *_compared(browser, server, ended, comparisons))
        finally:
            browser.close()
            live.end()
            server.end()
            workspace.close()


def _row(name: str, before: int, after: int) -> None:
    print(f"| {name} | {before / MIB:.0f} | {after / MIB:.0f} | {after / before - 1:+.1%} |", flush=True)


def _memory(server: Server) -> int:
    assert server.process is not None
    return int(psutil.Process(server.process.pid).memory_info().rss)


def _refreshed(browser: Browser, server: Server, run_id: int, refreshes: int) -> tuple[int, int]:
    contexts = [browser.new_context(base_url=server.url) for _ in range(BROWSERS)]
    pages = [context.new_page() for context in contexts]
    for page in pages:
        page.goto(f"/run?id={run_id}")
        settled(page)
    began = time.monotonic()
    before = 0
    while (passed := BROWSERS * (time.monotonic() - began)) < refreshes:
        if passed >= FIRST and not before:
            before = _memory(server)
        pages[0].wait_for_timeout(500)
    after = _memory(server)
    for context in contexts:
        context.close()
    return before, after


def _compared(browser: Browser, server: Server, run_ids: list[int], comparisons: int) -> tuple[int, int]:
    page = browser.new_page(base_url=server.url)
    before = 0
    for number in range(comparisons):
        chosen = run_ids[5 * number % len(run_ids) :][:5]
        page.goto(f"/compare?runs={','.join(map(str, chosen))}")
        settled(page)
        if number + 1 == FIRST:
            before = _memory(server)
    return before, _memory(server)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
