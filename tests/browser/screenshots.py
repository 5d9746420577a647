"""Screenshots of every page, light and dark, of a real dashboard after its demo: `make screenshots`.

They are written to tests/browser/shots/; the README shows some of them.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from core import models, runs
from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.runs.demo import launch_demo
from tests.browser.conftest import CHROMIUM_ARGUMENTS, chromium_path
from tests.browser.settling import opened, settled
from tests.host import ENDLESS, Host
from tests.server import Server

SHOTS = Path(__file__).parent / "shots"


def main() -> None:
    SHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Workspace.open(Settings(home=Path(folder) / "workspace", user="ada"))
        context = Context.of_shell(workspace)
        host, server = Host(workspace), Server(workspace.settings)
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS)
        server.start()
        host.standby()
        try:
            _shoot(browser, server, {"overview-empty": "/"})
            demo = launch_demo(context)
            for run_id in demo:
                host.ended(run_id)
            _shoot(browser, server, {"demo": "/"})
            live = host.launch("digits-cnn", **ENDLESS)
            host.launch("iris-mlp")
            host.learning(live, 20)
            runs.stop(context, [live])
            host.ended(live)
            runs.resume(context, live)
            host.learning(live, 40)
            for place, run_id in enumerate(demo):
                models.register(
                    context, runs.get(context, run_id), "digits", aliases=["champion"] if place else ["first"]
                )
            paths = {
                "overview": "/",
                "launch": "/launch?preset=digits-cnn",
                "runs": "/runs",
                "run": f"/run?id={live}",
                "evaluation": f"/run?id={demo[-1]}&run_view=Evaluation",
                "try-it": f"/run?id={demo[-1]}&run_view=Try+it",
                "history": f"/run?id={live}&run_view=History",
                "facts": f"/run?id={live}&run_view=Facts",
                "models": "/models",
                "model": "/models?model=digits",
                "datasets": "/datasets",
                "add-data": "/datasets?add=table",
                "dataset": "/datasets?dataset=digits",
                "compare": f"/compare?runs={','.join(map(str, demo))}",
                "system": "/system",
            }
            _shoot(browser, server, paths)
            runs.stop(context, [run.id for run in runs.active(context)], now=True)
        finally:
            server.close()
            browser.close()
            workspace.close()


def _shoot(browser: Browser, server: Server, paths: dict[str, str]) -> None:
    for scheme in ("light", "dark"):
        context = opened(browser, base_url=server.url, color_scheme=scheme)
        page: Page = context.new_page()
        for name, path in paths.items():
            page.goto(path)
            settled(page)
            for asked in (
                "Asking the standby",
                "Trying a batch",
            ):  # the Launch page, until it knows what it builds and takes
                expect(page.get_by_text(asked)).to_have_count(0, timeout=60_000)
            settled(page)
            page.screenshot(path=SHOTS / f"{name}-{scheme}.png")
        context.close()


if __name__ == "__main__":
    main()
