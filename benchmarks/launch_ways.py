"""The ways in which a person or a program launches; each returns the moment it began and the run's number."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Browser

from core import runs
from core.common.context import Context
from core.common.settings import PROJECT_ROOT
from core.config.check import parse
from core.config.edit import Raw, with_values
from core.config.presets import get_preset
from core.jobs import inspection
from core.runs.records import RunQuery
from tests.browser.conftest import key
from tests.browser.settling import opened, settled
from tests.host import wait_until

Launched = tuple[float, int]


def use_case(context: Context, raw: Raw) -> Launched:
    began = time.time()
    return began, runs.create(context, runs.Draft(raw))[0]


def command_line(context: Context, preset: str, changes: Mapping[str, Any]) -> Launched:
    """`python -m core launch`, from the start of its process; the standby knows nothing of the config."""
    raw = with_values(get_preset(preset).raw, changes)
    inspection.forget(context, parse(raw, context.workspace.settings))
    sets = [argument for path, value in changes.items() for argument in ("--set", f"{path}={json.dumps(value)}")]
    command = [sys.executable, "-m", "core", "launch", preset, *sets, "--json"]
    environment = os.environ | context.workspace.settings.environment()
    began = time.time()
    ended = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, check=True, capture_output=True, text=True)
    return began, int(json.loads(ended.stdout)["id"])


def click(context: Context, browser: Browser, server: str) -> Launched:
    """The Launch page's button, with the config of the newest run; from the click, as the browser reports it.

    The form is shown and its preflight at rest, as for a person who reads them.
    """
    before = _newest(context)
    window = opened(browser)
    page = window.new_page()
    page.goto(f"{server}/launch?from={before}")
    key(page, "launch_trial").get_by_text("≈").first.wait_for()
    settled(page)
    page.evaluate("addEventListener('click', () => { window.clicked = Date.now() }, {capture: true, once: true})")
    key(page, "launch_go").get_by_role("button").click()
    began: float = page.evaluate("window.clicked / 1000")
    run_id: int = wait_until(lambda: _newest(context) > before and _newest(context), "the click has queued a run")
    window.close()
    return began, run_id


def _newest(context: Context) -> int:
    return runs.listing(context, RunQuery(limit=1)).runs[0].id
