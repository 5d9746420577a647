"""The files of an evaluation: predictions, samples, and reading them back."""

import json
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.common.errors import NotFoundError
from core.common.settings import Settings
from core.data.base import CATEGORIES, NUMBERS, DataInfo, Dataset, Feature
from core.data.vocabulary import Unit, Vocabulary
from core.evaluation import browse, generated_samples, kept_texts, predictions, report_files, samples

NAMES = ("cat", "dog")


def _data(x: object, y: object, info: DataInfo, **more: object) -> Dataset:
    none = np.empty(0, np.int32)
    return Dataset(none, none, none, none, x, np.asarray(y), info, "stamp", **more)  # type: ignore[arg-type]


def _of_images(probabilities: np.ndarray, labels: list[int], side: int = 4) -> tuple[pd.DataFrame, np.ndarray]:
    pictures = np.arange(len(labels) * side * side, dtype=np.uint8).reshape(len(labels), side, side, 1)
    data = _data(pictures, labels, DataInfo((side, side, 1), NAMES, 0, len(labels), kind="image"))
    return predictions.of_classes(probabilities, data, NAMES), pictures


def test_predictions_of_a_table_hold_its_features_and_a_column_per_class(tmp_path: Path) -> None:
    features = (Feature("age", "number"), Feature("port", "category", ("Q",)), Feature("age", "number"))
    info = DataInfo((3,), NAMES, 0, 2, task="binary", kind="table", features=features)
    x = {NUMBERS: np.array([[1, np.nan], [3, 4]], np.float32), CATEGORIES: np.array([["Q"], [""]])}
    frame = predictions.of_classes(np.array([[0.3, 0.7], [np.nan, np.nan]]), _data(x, [1, 0], info), NAMES)
    frame.to_parquet(tmp_path / "table.parquet")
    back = pd.read_parquet(tmp_path / "table.parquet")
    assert back["predicted"].tolist() == [1, -1]
    assert back["x_port"].tolist() == ["Q", ""]
    assert back["x_age (2)"].isna().tolist() == [True, False]
    assert back["p_dog"].tolist()[0] == 0.7
    assert np.isnan(back["confidence"][1])


@pytest.mark.parametrize("unit", ["word", "character"])
def test_predictions_of_texts_hold_what_the_network_saw_and_what_stands_before_it(unit: Unit) -> None:
    texts = ["short", "the beginning " * 40 + "seen at last", "हिन्दी भाषा बहुत अच्छी है 0", "x " * 60_000 + "the end !"]
    vocabulary = Vocabulary.of(texts, unit, 100)
    info = DataInfo((4,), NAMES, 0, 4, kind="text")
    data = _data(vocabulary.encode(texts, 4), [0] * 4, info, texts_test=np.array(texts, object), vocabulary=vocabulary)

    frame = predictions.of_classes(np.full((4, 2), 0.5), data, NAMES)

    seen = [text[at:] for text, at in zip(frame["text"], frame["unseen"], strict=True)]
    assert vocabulary.encode(seen, 4).tolist() == data.x_test.tolist()  # type: ignore[union-attr]
    assert vocabulary.encode(frame["text"].tolist(), 4).tolist() == data.x_test.tolist()  # type: ignore[union-attr]
    assert frame["text"].tolist()[:3] == texts[:3]
    assert len(frame["text"][3]) < 10_000
    assert " […" in frame["text"][3]
    if unit == "word":
        assert seen == ["short", "beginning seen at last", "बहुत अच्छी है 0", "x the end !"]
        assert kept_texts.told(frame["unseen"].tolist(), 4)[0].startswith("Of 3 of 4 test texts, the network saw the l")


def test_windows_are_written_out_with_their_loss() -> None:
    vocabulary = Vocabulary.of(["abc"], "character", 5)
    data = _data(np.zeros((1, 3)), [vocabulary.ids("cab")], DataInfo((3,), (), 0, 1), vocabulary=vocabulary)
    frame = predictions.of_windows(np.array([[1.0, 2, 3]]), np.array([[True, False, False]]), data)
    assert frame[["loss", "text"]].to_numpy().tolist()[0] == [2.0, "cab"]


def test_the_most_confident_of_each_cell_come_before_the_other_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    first = random.random(300)
    frame, _ = _of_images(np.stack([first, 1 - first], axis=1), random.integers(0, 2, 300).tolist())
    wrong = len(browse.mistakes(frame))
    assert len(samples.chosen(frame, 16)) == wrong + 24  # and 12 of each of the two cells that are right
    monkeypatch.setattr(samples, "MOST", 4)
    cells = frame.loc[samples.chosen(frame, 16)]
    assert len(cells.groupby(["label", "predicted"])) == 4
    for labels, rows in cells.groupby(["label", "predicted"]):
        true, predicted = map(int, np.asarray(labels))
        assert rows["index"].tolist() == browse.of_cell(frame, true, predicted)["index"].tolist()[:1]


def test_pictures_are_found_again_by_their_place_in_the_test_set(tmp_path: Path) -> None:
    frame, pictures = _of_images(np.array([[0.9, 0.1], [0.2, 0.8], [np.nan, np.nan]]), [0, 0, 1])
    samples.save_samples(tmp_path / "samples.npz", pictures, frame)
    found = samples.load_samples(tmp_path / "samples.npz", [2, 1, 0, 99])
    assert sorted(found) == [0, 1]  # without a prediction there is no cell
    assert (found[1] == pictures[1]).all()
    assert samples.picture(found[0], 80).size == (80, 80)


def test_large_pictures_are_kept_small(tmp_path: Path) -> None:
    frame, pictures = _of_images(np.array([[0.9, 0.1]]), [0], side=200)
    samples.save_samples(tmp_path / "samples.npz", pictures, frame)
    assert samples.load_samples(tmp_path / "samples.npz", [0])[0].shape == (96, 96, 1)


@pytest.mark.parametrize("content", [b"", b"{", b'{"version": 1}', b'{"version": 99}'])
def test_a_report_that_cannot_be_read_says_which_file_and_what_to_do(settings: Settings, content: bytes) -> None:
    with pytest.raises(NotFoundError):
        report_files.read_report(settings, 1)
    assert report_files.stamp(settings, 1) == (0, 0)
    for name in (report_files.REPORT, report_files.PREDICTIONS, report_files.SAMPLES):
        path = report_files.file(settings, 1, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for read in (
        report_files.read_report,
        report_files.read_predictions,
        lambda settings, run_id: report_files.read_pictures(settings, run_id, [0]),
    ):
        with pytest.raises(report_files.EvaluationError, match="Evaluate the run anew"):
            read(settings, 1)


def test_generated_samples_are_read_while_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    assert generated_samples.generated(path) == []
    path.write_text('{"epoch": 1, "text": "a"}\n{"epoch": 2, "text": "b"}\n{"epoch": 3, "te')
    assert [sample["epoch"] for sample in generated_samples.generated(path)] == [2, 1]


def test_half_a_line_of_samples_is_dropped_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "samples.jsonl"
    lines = [json.dumps({"step": step, "text": "a\u2028é"}, ensure_ascii=False) for step in (10, 20, 30)]
    path.write_bytes("\n".join(lines).encode() + b'\n{"step": 40, "text": "\xc3')
    assert [sample["step"] for sample in generated_samples.generated(path)] == [30, 20, 10]
    generated_samples.keep_until(path, 20)
    assert path.read_text() == "\n".join(lines[:2]) + "\n"
    generated_samples.keep_until(tmp_path / "new.jsonl", 20)
    assert (tmp_path / "new.jsonl").read_text() == ""


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode) | st.just(b"[" * 100_000))
@example(b'{"step": NaN, "text": 1}\n{"step": "x"}\n{"step": 1e400}')
@example(b'{"step": ' + b"9" * 5_000 + b"}")
def test_whatever_lies_in_the_file_of_samples_a_run_goes_on(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "samples.jsonl"
        path.write_bytes(content)
        generated_samples.generated(path)
        generated_samples.keep_until(path, 10)
        generated_samples.keep_until(path, 10)


def test_links_never_lead_out_of_the_folder_of_a_run(settings: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("{}")
    for name in (report_files.REPORT, report_files.PREDICTIONS, report_files.SAMPLES):
        path = report_files.file(settings, 1, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(secret)
    with pytest.raises(NotFoundError):
        report_files.read_report(settings, 1)
    with pytest.raises(NotFoundError):
        report_files.read_predictions(settings, 1)
    assert report_files.read_pictures(settings, 1, [0]) == {}
