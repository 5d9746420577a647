"""What versions of models keep, over HTTP, and models in the palette."""

import io
import zipfile

import pytest
from fastapi import FastAPI

import db.registry_exports
from core import models
from core.common.context import Context
from core.common.workspace import Workspace
from core.models import exports
from core.models.zipped import zipped
from db.registry_records import ExportRecord
from tests.asgi import ask
from tests.core.models.conftest import Leave, leave
from tests.core.web.one_api import api_of

__all__ = ["leave"]


@pytest.fixture
def api(workspace: Workspace) -> FastAPI:
    return api_of(workspace)


def test_the_network_of_a_version_is_downloaded_under_its_name(api: FastAPI, context: Context, leave: Leave) -> None:
    models.register(context, leave(), "digits")
    answer = ask(api, "GET", "/models/digits/versions/1/network")
    assert (answer.status, answer.headers["content-length"]) == (200, str(len(b"weights")))
    assert 'filename="digits-1.keras"' in answer.headers["content-disposition"]


def test_an_export_is_downloaded_as_a_zip(api: FastAPI, context: Context, leave: Leave) -> None:
    version = models.register(context, leave(), "digits")
    folder = exports.place(context.workspace.settings, version, "onnx")
    (folder / "traindeck_runtime").mkdir(parents=True)
    (folder / "network.onnx").write_bytes(b"weights" * 400_000)
    (folder / "traindeck_runtime" / "__init__.py").write_text("")
    assert ask(api, "GET", "/models/digits/versions/1/exports/onnx").status == 404, "it is in no row"
    with context.workspace.write() as session:
        record = ExportRecord(version.id, "onnx", "onnx", version.host, 7, "0" * 64, {}, "ada", 1.0)
        assert db.registry_exports.put(session, record)
    assert exports.listing(context, version) == [record]
    assert exports.measured(record) is None
    answer = ask(api, "GET", "/models/digits/versions/1/exports/onnx")
    assert 'filename="digits-1-onnx.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(zipped(folder, "digits-1-onnx")))) as archive:
        assert archive.testzip() is None
        assert archive.read("digits-1-onnx/network.onnx") == b"weights" * 400_000
        assert "digits-1-onnx/traindeck_runtime/__init__.py" in archive.namelist()
    exports.delete(context, version, "onnx")
    assert not folder.exists()
    assert ask(api, "GET", "/models/digits/versions/1/exports/onnx").status == 404


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
