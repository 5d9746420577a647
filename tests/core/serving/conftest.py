"""Versions with an export whose answers are known: made by hand, without TensorFlow."""

import socket
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

import db.registry
import db.registry_exports
from core import models
from core.common.context import Context
from core.data.data_info import DataInfo, Feature
from core.export import bundle
from core.inference.export_formats import FORMATS
from core.models import exports
from core.models.version_manifest import Manifest
from db.registry_records import ExportRecord, VersionRecord

AddVersion = Callable[..., VersionRecord]
SIDES = ("left", "right")
INFO = DataInfo(
    shape=(2,),
    class_names=SIDES,
    train_examples=100,
    test_examples=20,
    kind="rows",
    features=(Feature("width", "number"), Feature("height", "number")),
)


@pytest.fixture
def add_version(context: Context) -> AddVersion:
    """`add_version("sides", right=0.9)`: the next version, whose answer is the same whatever it is asked.

    With `echo` the answer is the question, plus that.
    """

    def add(name: str, right: float = 0.5, *, echo: bool = False) -> VersionRecord:
        values = {
            "run_id": 1,
            "run_uid": uuid.uuid4().hex,
            "run_name": "run",
            "experiment": "default",
            "checkpoint": "best",
            "sha256": uuid.uuid4().hex * 2,
            "size": 1,
            "host": socket.gethostname(),
            "config": {},
            "facts": {},
            "metrics": {},
            "card": "",
            "created_by": "ada",
        }
        with context.workspace.write() as session:
            version = db.registry.add_version(session, name, values, description="", created_by="ada")
            export = ExportRecord(version.id, "onnx", "onnx", socket.gethostname(), 1, "", {}, "ada", time.time())
            db.registry_exports.put(session, export)
        folder = exports.place(context.workspace.settings, version, "onnx")
        folder.mkdir(parents=True)
        (folder / FORMATS["onnx"].file).write_bytes(_network(right, echo))
        network = {"format": "onnx", "file": FORMATS["onnx"].file, "batch": None}
        described = {"model": name, "version": version.number, "network": network}
        examples = [{"width": 1.5, "height": 2.0}]
        bundle.write(folder, Manifest(info=INFO, stored_shape=(2,)), described, FORMATS["onnx"], examples)
        return models.find(context, version.title)

    return add


def network_of(context: Context, version: VersionRecord) -> Path:
    return exports.place(context.workspace.settings, version, "onnx") / FORMATS["onnx"].file


def _network(right: float, echo: bool) -> bytes:
    """[examples, 2] to these two probabilities for each, or to what is given plus those."""
    weights = [1.0, 0.0, 0.0, 1.0] if echo else [0.0] * 4
    weight = helper.make_tensor("weight", TensorProto.FLOAT, [2, 2], weights)
    answer = helper.make_tensor("answer", TensorProto.FLOAT, [2], [1 - right, right])
    nodes = [
        helper.make_node("MatMul", ["input", "weight"], ["given"]),
        helper.make_node("Add", ["given", "answer"], ["output"]),
    ]
    shape: list[str | int | None] = ["examples", 2]
    graph = helper.make_graph(
        nodes,
        "sides",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, shape)],
        [weight, answer],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data
