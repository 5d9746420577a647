"""The folder that serves a model without Traindeck, run where none of our packages can be imported."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.common.context import Context
from core.common.errors import TraindeckError
from core.export.server_package import package
from core.models import exports
from tests.core.serving.conftest import AddVersion, add_version

__all__ = ["add_version"]

ASK = """
import json, sys
import server
from fastapi.routing import APIRoute
examples = json.loads((server.FOLDER / "example.json").read_text())
found = {}
for name, code in {**server.CALLS, "infer": server.questions.INFER}.items():
    body = {"instances": examples}
    if name == "infer":
        body = {"inputs": [{"name": "input", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]}
    found[name] = json.loads(server.answered(code, json.dumps(body).encode()).body)
found["refused"] = server.answered(1, b"{").status_code
found["routes"] = sorted(route.path for route in server.app.routes if isinstance(route, APIRoute))
found["ours"] = sorted({name.partition(".")[0] for name in sys.modules} & {"core", "db", "pages", "tensorflow"})
print(json.dumps(found))
"""


def test_it_answers_as_the_product_does_without_any_of_it(
    context: Context, add_version: AddVersion, tmp_path: Path
) -> None:
    version = add_version("sides", right=0.9)
    source = exports.place(context.workspace.settings, version, "onnx")

    package(source, tmp_path / "folder")

    command = [sys.executable, "-c", ASK]
    told = subprocess.run(command, cwd=tmp_path / "folder", env={}, text=True, capture_output=True, timeout=300)
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert found["predict"]["predictions"] == [[pytest.approx(0.1), pytest.approx(0.9)]]
    assert found["answer"]["answers"][0]["prediction"] == "right"
    assert found["infer"]["outputs"][0]["shape"] == [1, 2]
    assert (found["refused"], found["ours"]) == (400, [])
    assert "/v1/models/{name}:{call}" in found["routes"]
    with pytest.raises(TraindeckError, match="There is something in"):
        package(source, tmp_path / "folder")
