"""What versions of models keep, over HTTP, and models in the palette."""

import pytest
from fastapi import FastAPI

from core import models
from core.common.context import Context
from core.common.workspace import Workspace
from core.web.api import build_api
from tests.asgi import ask
from tests.core.models.conftest import Leave, leave

__all__ = ["leave"]


@pytest.fixture
def api(workspace: Workspace) -> FastAPI:
    return build_api(lambda: workspace)


def test_the_network_of_a_version_is_downloaded_under_its_name(api: FastAPI, context: Context, leave: Leave) -> None:
    models.register(context, leave(), "digits")
    answer = ask(api, "GET", "/models/digits/versions/1/network")
    assert (answer.status, answer.headers["content-length"]) == (200, str(len(b"weights")))
    assert 'filename="digits-1.keras"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "path", ["letters/versions/1", "digits/versions/7", "%2e%2e/versions/1", "digits%00/versions/1"]
)
def test_what_is_not_there_is_not_found(api: FastAPI, context: Context, leave: Leave, path: str) -> None:
    models.register(context, leave(), "digits")
    answer = ask(api, "GET", f"/models/{path}/network")
    assert answer.status in (404, 422)
    assert answer.json()["error"]


def test_the_palette_finds_models_by_name(api: FastAPI, context: Context, leave: Leave) -> None:
    models.register(context, leave(), "digits", description="Reads digits.")
    assert ask(api, "GET", "/palette?query=DIG").json()["models"] == [
        {"name": "digits", "description": "Reads digits."}
    ]
    assert ask(api, "GET", "/palette?query=letters").json()["models"] == []
