"""Versions of models as folders: they answer as the original does, where nothing of ours is installed."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import models, runs
from core.common.context import Context
from core.common.workspace import Workspace
from core.data import library
from core.jobs import export
from core.jobs.prediction import Input, Picture, Row, Text
from core.models import exports
from db.records import RunRecord
from tests.core.conftest import Queue
from tests.core.warm import Warm
from tests.core.workers.conftest import Ask, ask

__all__ = ["ask"]

Train = Callable[[int], RunRecord]
ONCE = {"epochs": 1, "max_steps": 20}
# What an exported folder must do without; a module that is None cannot be imported.
ALONE = """
import json, sys
from pathlib import Path
for name in ("core", "db", "pages", "tensorflow", "keras", "pandas", "pydantic", "pyarrow", "sklearn", "sqlalchemy"):
    sys.modules[name] = None
sys.path.insert(0, sys.argv[1])
from traindeck_runtime import Model
print(json.dumps(Model(sys.argv[1]).predict(json.loads(sys.argv[2]))))
"""


@pytest.fixture
def exported(context: Context, warm: Warm) -> Callable[..., list[export.Exported]]:
    """`exported(version, "onnx", …)`"""

    def go(version: models.VersionRecord, *formats: str) -> list[export.Exported]:
        raws = [export.request(context, version, each).model_dump(mode="json") for each in formats]
        given = warm.call("tests.core.export.inside:export", context.workspace.settings.environment(), raws)
        return [export.Exported.model_validate(each) for each in given]

    return go


def alone(folder: Path, tmp_path: Path, instances: list[Any]) -> list[dict[str, Any]]:
    """Answers of a fresh interpreter in another folder."""
    command = [sys.executable, "-I", "-c", ALONE, str(folder), json.dumps(instances)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def run_fresh(folder: Path, environment: Path) -> str:
    """What its example prints in a new environment that has what its requirements.txt says, and nothing else."""
    python = environment / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    pip = [sys.executable, "-m", "pip", f"--python={python}", "--quiet", "--disable-pip-version-check"]
    # What is not imported is not compiled, which takes as long as all else.
    install = [*pip, "install", "--no-compile", "-r", str(folder / "requirements.txt")]
    subprocess.run(install, check=True, timeout=600)
    return subprocess.run(
        [python, folder / "example.py"], cwd=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=300
    ).stdout


def write_table(path: Path) -> Path:
    """Two numbers with gaps, one of them large, categories; the price follows them."""
    lines = ["size,since,place,price"]
    for row in range(120):
        size, place = row % 17, ("town", "land", "sea")[row % 3]
        since = 1_700_000_000 + row * 3
        lines.append(f"{'' if row % 11 == 5 else size},{since},{place},{10_000 + 120 * size + 900 * (row % 3)}")
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_table_is_asked_by_its_words_and_answers_in_the_unit_of_its_target(
    context: Context,
    workspace: Workspace,
    queue: Queue,
    train: Train,
    exported: Callable[..., list[export.Exported]],
    ask: Ask,
    tmp_path: Path,
) -> None:
    options = library.TableOptions(target="price", task="regression")
    library.add_table(workspace.settings, "houses", write_table(tmp_path / "houses.csv"), options)
    run = train(queue(data={"source": "table", "dataset": "houses"}, training=ONCE))
    version = models.register(context, run, "prices")
    rows: list[Any] = [
        {"size": 4, "since": 1_700_000_100, "place": "sea"},
        {"size": None, "since": "1700000250", "place": "nowhere"},
        {"place": "town"},
    ]
    asked: list[Input] = [Row(values=row) for row in rows]
    known = [answer.number for answer in ask(run.id, *asked)]

    *done, whole = exported(version, "onnx", "litert", "litert-full-int8")
    assert {each.name: each.problem for each in (*done, whole)} == dict.fromkeys(("onnx", "litert", whole.name), "")
    coarse = exports.Measured.model_validate(whole.measured)
    assert coarse.value == pytest.approx(coarse.original, rel=0.05)  # columns of all sizes, some of them missing
    assert coarse.zipped is not None
    assert 0 < coarse.zipped < coarse.size
    answers = alone(Path(whole.folder), tmp_path, rows)
    assert [answer["prediction"] for answer in answers] == pytest.approx(known, rel=0.05)
    for each in done:
        found = exports.Measured.model_validate(each.measured)
        assert (found.of, found.metric, found.flips) == ("test", "mae", None)
        assert found.value == pytest.approx(found.original, rel=1e-4)
        assert 0 < found.latency["one_batch_1_p50"] <= found.latency["one_batch_1_p95"]
        answers = alone(Path(each.folder), tmp_path, rows)
        assert [answer["prediction"] for answer in answers] == pytest.approx(known, rel=1e-5)
        assert "'nowhere' is not among the categories" in " ".join(answers[1]["notes"])
        assert found.memory_mb > 0
    assert {each.name for each in exports.listing(context, version)} == {"onnx", "litert", "litert-full-int8"}


def test_pictures_are_asked_by_their_files_and_data_that_are_gone_are_made(
    context: Context,
    queue: Queue,
    train: Train,
    exported: Callable[..., list[export.Exported]],
    ask: Ask,
    tmp_path: Path,
) -> None:
    network = {"name": "cnn", "filters": [4], "hidden": []}
    data = {"source": "digits", "scaling": "standard"}
    evaluation = {"test_time_augmentation": "flip_shift"}
    run = train(queue(data=data, architecture=network, training=ONCE, evaluation=evaluation))
    version = models.register(context, run, "digits")
    done, small, keras = exported(version, "onnx", "litert-int8", "keras-int4")
    assert (done.problem, small.problem, keras.problem) == ("", "", "")
    assert 0 < exports.Measured.model_validate(keras.measured).difference < 0.5
    coarse = exports.Measured.model_validate(small.measured)
    assert (coarse.tolerance, coarse.original) == (None, version.metrics["test_accuracy"])
    assert coarse.flips is not None
    assert 0 < coarse.difference < 0.5
    assert exports.get(context, version, "litert-int8").format == "litert"
    found = exports.Measured.model_validate(done.measured)
    assert (found.metric, found.flips, found.examples) == ("accuracy", 0, run.facts["examples"]["test"])
    assert found.value == found.original == pytest.approx(version.metrics["test_accuracy"])
    folder = Path(done.folder)
    instances = json.loads((folder / "example.json").read_text())
    answer, *others = alone(folder, tmp_path, instances)
    assert len(others) == 5
    (original,) = ask(run.id, Picture(content=instances[0]["b64"]))
    shares = {each["name"]: each["probability"] for each in answer["classes"]}
    assert shares == pytest.approx({each.name: each.probability for each in original.classes}, abs=1e-5)
    example = run_fresh(folder, tmp_path / "fresh")
    first, _ = json.JSONDecoder().raw_decode(example)
    assert first["prediction"] == answer["prediction"]


def test_a_text_is_asked_with_its_vocabulary_after_run_and_data_are_gone(
    context: Context,
    workspace: Workspace,
    queue: Queue,
    train: Train,
    exported: Callable[..., list[export.Exported]],
    ask: Ask,
    tmp_path: Path,
) -> None:
    lines = ["text,label"] + [f"{'good fine' if row % 2 else 'bad poor'} film {row},{row % 2}" for row in range(80)]
    path = tmp_path / "said.csv"
    path.write_text("\n".join(lines) + "\n")
    library.add_text(workspace.settings, "said", path)
    network = {"name": "recurrent", "units": [4], "embedding": 3}
    run = train(queue(data={"source": "text", "dataset": "said", "length": 8}, architecture=network, training=ONCE))
    version = models.register(context, run, "mood")
    (known,) = ask(run.id, Text(text="A good film, unheard"))
    runs.trash(context, [run.id])
    runs.empty_trash(context)
    library.remove(workspace.settings, "said")
    onnx, litert, refused = exported(version, "onnx", "litert", "litert-int8")
    assert (onnx.problem, litert.problem) == ("", "")
    assert "cannot be exported as LiteRT, int8: its recurrent layer lstm_1 is a loop" in refused.problem
    assert refused.problem.endswith("Export it as LiteRT, dynamic int8, or as ONNX.")
    assert [each.name for each in exports.listing(context, version)] == ["litert", "onnx"]
    assert {each.name for each in Path(onnx.folder).parent.iterdir()} == {"litert", "onnx"}
    assert exports.Measured.model_validate(onnx.measured).of == "made"
    for folder in (Path(onnx.folder), Path(litert.folder)):
        (answer, _) = alone(folder, tmp_path, ["A good film, unheard", "bad"])
        shares = {each["name"]: each["probability"] for each in answer["classes"]}
        assert shares == pytest.approx({each.name: each.probability for each in known.classes}, abs=1e-5)
    models.delete_version(context, "mood", 1)
    assert not Path(onnx.folder).exists()
    with workspace.read() as session:
        assert exports.listing(context, version) == []
        assert session is not None
