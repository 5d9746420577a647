"""What a browser gets before any page has run: Streamlit's code and Plotly's, from memory."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import plotly
import pytest
from starlette.types import Message, Receive, Scope, Send

from core.runs.records import RunState
from pages.frontend.browser import BROWSER
from pages.frontend.documents import PLOTLY, Frontend
from pages.shared.nav import COMPARE, PAGES, RUN, PageSpec
from tests.conftest import AddRun
from tests.pages.conftest import OpenPage


def get(address: str, cookie: str = "") -> tuple[int, dict[str, str], str]:
    """Status, headers and text of the answer; 0 where it is left to the application."""
    sent: list[Message] = []

    async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 0, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": address, "headers": [(b"cookie", cookie.encode())]}
    # In a thread: where browser tests ran before in this process, it has an event loop that is running.
    with ThreadPoolExecutor(1) as other:
        other.submit(lambda: asyncio.run(Frontend(application)(scope, receive, send))).result()
    start, body = sent
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"].decode()


def scripts(document: str) -> list[str]:
    return [part.split('"')[0] for part in document.split('href="./')[1:] if part.split('"')[0].endswith(".js")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_every_page_names_in_its_head_what_it_draws_and_all_of_it_is_there(page: PageSpec) -> None:
    status, headers, document = get(f"/{page.url_path}")
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert "BACKEND_BASE_URL" in document
    found = scripts(document)
    assert len(found) == len(set(found)) > 60
    for file in found:
        status, headers, _ = get(f"/{file}")
        assert status == 200
        assert headers["content-type"].startswith("text/javascript")
        assert "immutable" in headers["cache-control"]


def test_each_browser_gets_a_name_of_its_own_once() -> None:
    names = [get("/launch")[1]["set-cookie"].partition(";")[0] for _ in range(2)]
    assert names[0] != names[1]
    assert all(name.startswith(f"{BROWSER}=") for name in names)
    assert "set-cookie" not in get("/launch", f"other=1; {names[0]}")[1]
    assert "set-cookie" not in get(f"/{PLOTLY}")[1]


def test_plotly_is_the_one_that_the_figures_are_made_for() -> None:
    _, _, script = get(f"/{PLOTLY}")
    full = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    version = full.read_text(encoding="utf-8")[:40].split(" v")[1].split()[0]
    assert f"v{version}" in script[:80]


@pytest.mark.parametrize("address", ["/static/../app.py", "/static/js/none.js", "/_stcore/health", "/api/health"])
def test_the_rest_is_left_to_the_application(address: str) -> None:
    assert get(address)[0] == 0


def test_pages_with_charts_fetch_the_library_ahead() -> None:
    assert all(PLOTLY in scripts(get(f"/{page.url_path}")[2]) for page in (RUN, COMPARE))


def test_what_the_charts_lean_on_is_in_plotly() -> None:
    _, _, script = get(f"/{PLOTLY}")
    assert "_fullData" in script
    assert "nsewdrag" in script


def test_the_switch_draws_charts_by_streamlit_alone(
    open_page: OpenPage, add_run: AddRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRAINDECK_PLAIN", "true")
    run_id = add_run(state=RunState.RUNNING, total_steps=100, metrics={"loss": [0.9, 0.5], "val_loss": [0.8, 0.6]})
    app = open_page(RUN, id=str(run_id))
    assert len(app.get("plotly_chart")) == 1
    assert not [each for each in app.get("bidi_component") if "live" in each.proto.json]
