"""What a network was tested on, asked about again as it came, gets the stored prediction: of each kind of data."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.common.context import Context
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.data import library
from core.data.base import NUMBERS, Dataset, Source
from core.data.pictures import shown
from core.data.prepare import load
from core.evaluation.holdout import holdout_example
from core.evaluation.report_files import read_predictions
from core.jobs.prediction import Picture, Prediction, Row, Text, info
from core.runs import need_spec
from db.records import RunRecord
from tests import pictures
from tests.core.conftest import Queue
from tests.core.workers.conftest import Ask

Train = Callable[[int], RunRecord]
ONCE = {"epochs": 1}


def _data(settings: Settings, run: RunRecord) -> tuple[Source, Dataset]:
    spec = need_spec(run)
    return spec.data, load(spec.data, settings, spec.seed)


def _same(settings: Settings, run: RunRecord, answers: list[Prediction]) -> None:
    """As the evaluation has them, whose test examples these are, in their order."""
    stored = read_predictions(settings, run.id)
    for (_, row), answer in zip(stored.iterrows(), answers, strict=True):
        assert not answer.problem
        if answer.number is not None:
            assert answer.number == pytest.approx(row["predicted"], rel=1e-5)
        expected = {share.name: row[f"p_{share.name}"] for share in answer.classes}
        assert {share.name: share.probability for share in answer.classes} == pytest.approx(expected, abs=1e-5)


def test_a_picture_of_every_mode_and_format_gets_the_stored_input_and_prediction(
    workspace: Workspace, queue: Queue, train: Train, ask: Ask, tmp_path: Path
) -> None:
    files = pictures.every()
    for part in ("train", "test"):
        for at, (name, data) in enumerate(files.items()):
            path = tmp_path / "every" / part / "ab"[at % 2] / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    library.add_images(workspace.settings, "every", tmp_path / "every", library.ImageOptions(size=(24, 24)))
    architecture = {"name": "cnn", "filters": [4], "hidden": []}
    source = {"source": "images", "dataset": "every", "resize": [10, 12]}
    run = train(queue(data=source, architecture=architecture, training=ONCE))
    asked = [files[path.name] for path in sorted((tmp_path / "every" / "test").rglob("*.*"))]
    answers = ask(run.id, *(Picture.of_file(content, "it") for content in asked))
    _same(workspace.settings, run, answers)
    _, held = _data(workspace.settings, run)
    assert isinstance(held.x_test, np.ndarray)
    for answer, pixels in zip(answers, held.x_test, strict=True):
        assert np.array_equal(np.asarray(shown(answer.seen)), pixels)
        assert max(shown(answer.received).size) <= 280
    several = [answer for answer in answers if any("holds several pictures" in note for note in answer.notes)]
    assert len(several) == 5


def test_greys_of_16_bits_are_named_as_they_were_trained(
    workspace: Workspace, context: Context, queue: Queue, train: Train, ask: Ask, tmp_path: Path
) -> None:
    random = np.random.default_rng(0)
    files = {}
    for label, mean in (("dark", 10_000), ("light", 45_000)):
        (tmp_path / "img16" / label).mkdir(parents=True)
        for at in range(16):
            values = random.normal(mean, 1000, (16, 16)).astype(np.uint16)
            path = tmp_path / "img16" / label / f"{at}.png"
            path.write_bytes(pictures.file_of(Image.fromarray(values), "PNG"))
            files[path] = label
    library.add_images(workspace.settings, "img16", tmp_path / "img16")
    run = train(
        queue(
            data={"source": "images", "dataset": "img16", "validation_split": 0.2},
            architecture={"name": "mlp", "hidden": [16], "activation": "relu"},
            training={"epochs": 30, "batch_size": 4},
        )
    )
    stored = read_predictions(workspace.settings, run.id)
    assert (stored["label"] == stored["predicted"]).all()
    answers = ask(run.id, *(Picture.of_file(path.read_bytes(), path.name) for path in files))
    assert [answer.classes[0].name for answer in answers] == list(files.values())
    assert info(context, run).shape == (16, 16, 1)


def test_a_large_test_picture_is_asked_about_as_the_network_took_it_and_not_as_it_is_shown(
    workspace: Workspace, context: Context, queue: Queue, train: Train, ask: Ask, tmp_path: Path
) -> None:
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (20, 130, 120, 3), np.uint8)
    np.savez(tmp_path / "large.npz", x=x, y=np.arange(20) % 2)
    library.add_arrays(workspace.settings, "large", tmp_path / "large.npz")
    architecture = {"name": "cnn", "filters": [2], "hidden": []}
    run = train(queue(data={"source": "images", "dataset": "large"}, architecture=architecture, training=ONCE))
    example = holdout_example(workspace.settings, run.id, info(context, run), 0)
    assert example is not None
    [answer] = ask(run.id, Picture(content=example.png, is_ready=True))
    _, data = _data(workspace.settings, run)
    assert isinstance(data.x_test, np.ndarray)
    assert np.array_equal(np.asarray(shown(answer.seen)), data.x_test[example.position])
    assert answer.notes == ()
    expected = read_predictions(workspace.settings, run.id).iloc[example.position]
    assert answer.classes[0].probability == pytest.approx(expected["confidence"], abs=1e-5)


@pytest.mark.parametrize("target", ["kind", "price"])
def test_rows_of_a_table_with_categories_gaps_and_numbers_get_the_stored_prediction(
    workspace: Workspace, queue: Queue, train: Train, ask: Ask, tmp_path: Path, target: str
) -> None:
    lines = ["size,code,kind,price\n"]
    for at in range(60):
        size = "" if at % 7 == 0 else str(at / 3)
        code = "" if at % 5 == 0 else f"c{at % 3}"
        lines.append(f"{size},{code},{'ab'[at % 2]},{at * 1.5 + 10}\n")
    (tmp_path / "table.csv").write_text("".join(lines))
    options = library.TableOptions(target=target, task="regression" if target == "price" else "classification")
    library.add_table(workspace.settings, "table", tmp_path / "table.csv", options)
    run = train(queue(data={"source": "table", "dataset": "table"}, training={"epochs": 3}))
    _, data = _data(workspace.settings, run)
    _same(workspace.settings, run, ask(run.id, *(Row(values=values) for values in _rows(data))))


def _rows(data: Dataset) -> list[dict[str, float | str | None]]:
    """The test rows as a form or a command has them: numbers as text, gaps as nothing."""
    assert isinstance(data.x_test, dict)
    rows: list[dict[str, float | str | None]] = []
    for at in range(len(data.y_test)):
        row: dict[str, float | str | None] = {}
        for number, feature in enumerate(data.info.numbers):
            value = data.x_test[NUMBERS][at, number]
            row[feature.name] = None if np.isnan(value) else repr(float(value))
        for number, feature in enumerate(data.info.categories):
            row[feature.name] = str(data.x_test["categories"][at, number]) or None
        rows.append(row)
    return rows


def test_rows_of_numbers_get_the_stored_prediction(workspace: Workspace, queue: Queue, train: Train, ask: Ask) -> None:
    run = train(queue(training={"epochs": 2}))
    _, data = _data(workspace.settings, run)
    assert isinstance(data.x_test, np.ndarray)
    names = [feature.name for feature in data.info.features]
    rows: list[Any] = [dict(zip(names, row.tolist(), strict=True)) for row in data.x_test]
    _same(workspace.settings, run, ask(run.id, *(Row(values=row) for row in rows)))


def test_texts_get_the_stored_prediction(
    workspace: Workspace, queue: Queue, train: Train, ask: Ask, tmp_path: Path
) -> None:
    good, bad = "很好吃 Fine — don’t miss it! हिन्दी café", "Bad, cold; 送得慢 and LATE… ไทย e\u0301"
    file = io.StringIO()
    file.write("label\ttext\n")
    for at in range(40):
        file.write(f"{'gb'[at % 2]}\t{(good, bad)[at % 2]} {at} {'word ' * (at % 9)}end\n")
    (tmp_path / "texts.tsv").write_text(file.getvalue(), encoding="utf-8")
    options = library.TextOptions(text="text", label="label")
    library.add_text(workspace.settings, "texts", tmp_path / "texts.tsv", options)
    data = {"source": "text", "dataset": "texts", "length": 8, "vocabulary": 30}
    run = train(queue(data=data, architecture={"name": "recurrent", "embedding": 4, "units": [4]}, training=ONCE))
    _, held = _data(workspace.settings, run)
    assert held.texts_test is not None
    answers = ask(run.id, *(Text(text=json.loads(json.dumps(str(text)))) for text in held.texts_test))
    _same(workspace.settings, run, answers)
