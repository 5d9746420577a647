"""Runs that left a checkpoint and a report, as a trainer leaves them. These tests run on SQLite and on PostgreSQL."""

import socket
from collections.abc import Callable

import numpy as np
import pytest

import db.registry_exports
from core import models, runs
from core.common.context import Context
from core.evaluation import classification, report_files
from core.evaluation.report import Report
from core.models import exports
from db.records import RunRecord
from db.registry_records import ExportRecord
from tests.conftest import AddRun
from tests.postgres import each_database as database_url

__all__ = ["database_url"]

Leave = Callable[..., RunRecord]
BASELINE = {"name": "logistic regression", "metrics": {"test_accuracy": 0.6}, "fitted_on": 900, "available": 900}


def report(accuracy: float = 0.9, examples: int = 200) -> Report:
    """Of four classes, with so many right."""
    labels = np.arange(examples) % 4
    answers = np.where(np.arange(examples) < round(accuracy * examples), labels, (labels + 1) % 4)
    probabilities = np.full((examples, 4), 0.1, np.float32)
    probabilities[np.arange(examples), answers] = 0.7
    scores = classification.classification(probabilities, labels, ("zero", "one", "two", "th*ree"))
    return Report(task="multiclass", kind="image", examples=examples, classification=scores)


@pytest.fixture
def leave(context: Context, add_run: AddRun) -> Leave:
    """`leave(accuracy=0.9, content=b"weights", name="wide")`: a finished run with both checkpoints and a report."""

    def go(*, accuracy: float | None = 0.9, content: bytes = b"weights", **columns: object) -> RunRecord:
        facts = {
            "task": "multiclass",
            "examples": {"train": 900, "validation": 100, "test": 200},
            "data_fingerprint": "f" * 64,
            "git_commit": "c" * 40 + "+",
            "versions": {"keras": "3.1", "tensorflow": "2.2"},
            "parameters": 1234,
            "baselines": [BASELINE],
        }
        columns["facts"] = facts | dict(columns.get("facts", {}))  # type: ignore[call-overload]
        run_id = add_run(**columns)
        folder = context.workspace.settings.run_dir(run_id)
        (folder / "checkpoints").mkdir(parents=True)
        (folder / "checkpoints" / runs.BEST_CHECKPOINT).write_bytes(content)
        (folder / "checkpoints" / runs.LAST_CHECKPOINT).write_bytes(content + b" later")
        (folder / "artifacts").mkdir()
        (folder / "artifacts" / "vocabulary.json").write_text("[]")
        if accuracy is not None:
            (folder / "artifacts" / report_files.REPORT).write_text(report(accuracy).model_dump_json())
            (folder / "artifacts" / report_files.PREDICTIONS).write_bytes(b"rows")
        return runs.get(context, run_id)

    return go


def keep_export(
    context: Context, version: models.VersionRecord, name: str, size: int, value: float, flips: int
) -> None:
    """An export as the worker leaves it, of a folder without files."""
    measured = exports.Measured(
        examples=200, of="test", difference=1e-7, tolerance=None, metric="accuracy", value=value, original=0.9,
        flips=flips, gained=0, lost=flips, size=size, memory_mb=60.0,
        latency={"one_batch_1_p50": 0.02, "one_batch_1_p95": 0.05, "one_batch_32_p50": 0.1},
    )  # fmt: skip
    record = ExportRecord(
        version.id, name, name.partition("-")[0], socket.gethostname(), size, "0" * 64, measured.model_dump(mode="json")
    )
    with context.workspace.write() as session:
        assert db.registry_exports.put(session, record)
    exports.place(context.workspace.settings, version, name).mkdir(parents=True)
