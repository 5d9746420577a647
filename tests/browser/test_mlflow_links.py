"""Addresses that MLflow's client prints, such as "View run … at http://…/#/experiments/3/runs/…"."""

import re
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, expect

import db.runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.mlflow.asked import Asked
from core.mlflow.calls import CALLS
from tests.browser.added import store
from tests.browser.conftest import settled

NAME = "of MLflow's & ours"


def test_what_mlflow_prints_leads_to_the_page_of_what_it_names(page: Page, shared_workspace: Workspace) -> None:
    run_id = store(shared_workspace, {}, {"loss": [0.5]}, experiment=NAME, name="printed", kind="logged")
    with shared_workspace.read() as session:
        run = db.runs.get(session, run_id)
    assert run is not None
    uid = run.uid
    context = Context.of_shell(shared_workspace)
    calls: dict[str, Any] = {path: call for _, path, call in CALLS}
    found = calls["/experiments/get-by-name"](context, Asked({"experiment_name": NAME}))
    experiment = found["experiment"]["experiment_id"]
    calls["/registered-models/create"](context, Asked({"name": "printed"}))

    page.goto(f"/#/experiments/{experiment}/runs/{uid}?workspace=other")
    expect(page).to_have_url(re.compile(rf"/run\?id={uid}"))
    expect(page.get_by_role("heading", name="printed")).to_be_visible()
    page.goto("/system")
    settled(page)
    page.get_by_role("link", name="Overview").click()  # a document that was loaded for another page
    settled(page)
    page.evaluate(f"() => {{ location.hash = '/experiments/{experiment}' }}")
    expect(page).to_have_url(
        re.compile(rf"/runs\?experiment={quote(NAME, safe='')}".replace("%20", r"(\+|%20)").replace("%27", "(%27|')"))
    )
    expect(page.get_by_text("1 run matches")).to_be_visible()
    page.goto("/#/models/printed/versions/2")
    expect(page).to_have_url(re.compile(r"/models\?model=printed"))
    expect(page.get_by_role("heading", name="printed")).to_be_visible()
    for unknown, place in (
        ("/#/experiments/999999", "/runs"),
        ("/#/experiments/0", "/runs?experiment=default"),
        ("/#/experiments/%E0%A4", "/#"),
        ("/#/none", "/#/none"),
    ):
        page.goto("/system")
        page.goto(unknown)
        expect(page).to_have_url(re.compile(f"{re.escape(place)}"))
        settled(page)
