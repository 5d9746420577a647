"""A validation part that the data's author made, and parts that keep groups whole or the order of time."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

from core.common.errors import DataError
from core.common.settings import Settings
from core.config.check import check
from core.config.run import AnySource
from core.data.base import DataInfo, Raw, Source
from core.data.library import array_files
from core.data.library.folders import added_dir
from core.data.library.manifest import Manifest
from core.data.library.store import MANIFEST, write_record
from core.data.prepare import fingerprint, load
from core.data.validation_told import validation_told

Stored = Callable[[Raw, DataInfo], None]
INFO = DataInfo((1,), ("a", "b"), 30, 10, "binary", validation_examples=10)


def _numbered(start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Examples that are their numbers."""
    return np.arange(start, end, dtype=np.float32)[:, np.newaxis], np.arange(start, end, dtype=np.int32) % 2


THREE_PARTS = Raw(*_numbered(0, 30), *_numbered(40, 50), *_numbered(30, 40))


@pytest.fixture
def stored(settings: Settings) -> Stored:
    """Stores arrays as the added data set `made`."""

    def store(raw: Raw, info: DataInfo) -> None:
        folder = added_dir(settings) / "made"
        folder.mkdir(parents=True)
        array_files.write(folder, raw, info)
        write_record(
            folder / MANIFEST, Manifest("made", "arrays", "made", "", "made.npz", 0.0, "me", fingerprint(raw), 1, info)
        )

    return store


def _source(**options: object) -> Source:
    found: Source = TypeAdapter(AnySource).validate_python({"source": "arrays", "dataset": "made", **options})
    return found


def _values(x: object) -> list[float]:
    return sorted(np.asarray(x)[:, 0].tolist())


def test_a_run_validates_on_the_authors_part_and_trains_on_all_of_the_training_part(
    settings: Settings, stored: Stored
) -> None:
    stored(THREE_PARTS, INFO)
    source = _source(validation_split=0.5)
    data = load(source, settings, seed=1)
    assert _values(data.x_train) == list(range(30))
    assert _values(data.x_val) == list(range(30, 40))
    assert _values(data.x_test) == list(range(40, 50))
    assert source.sizes(source.info(settings)) == (30, 10)
    assert validation_told(source, source.info(settings)) == (
        "Validation: the author's 10 examples; no split of the training examples."
    )


@pytest.mark.parametrize(
    ("options", "sizes"),
    [
        ({"folds": 4}, (30, 10)),
        ({"author_validation": False, "validation_split": 0.25}, (30, 10)),
        ({"author_validation": False, "validation_split": 0.0}, (40, 0)),
        ({"author_validation": False, "limit": 20}, (16, 4)),
        ({"limit": 12}, (12, 10)),
        ({"validation_split": 0.0}, (30, 10)),
    ],
)
def test_the_authors_part_joins_the_training_examples_where_folds_or_a_split_are_asked_for(
    settings: Settings, stored: Stored, options: dict[str, object], sizes: tuple[int, int]
) -> None:
    stored(THREE_PARTS, INFO)
    source = _source(**options)
    data = load(source, settings, seed=1)
    assert (len(data.y_train), len(data.y_val)) == source.sizes(source.info(settings)) == sizes
    assert not set(_values(data.x_train)) & set(_values(data.x_val))


def test_it_is_said_that_the_authors_part_joins_the_folds(settings: Settings, stored: Stored) -> None:
    stored(THREE_PARTS, INFO)
    source = _source(folds=4)
    assert validation_told(source, source.info(settings)) == (
        "Validation: one of 4 folds; the author's 10 examples for validation are among the training examples."
    )


def test_a_val_metric_can_be_monitored_where_only_the_author_held_examples_back(
    settings: Settings, stored: Stored
) -> None:
    stored(THREE_PARTS, INFO)
    config = {
        "data": {"source": "arrays", "dataset": "made", "validation_split": 0.0},
        "architecture": {"name": "mlp"},
        "evaluation": {"monitor": "val_loss"},
    }
    assert check(config, settings)[1] == []


def test_sets_without_a_validation_part_keep_their_fingerprint_and_open_as_before(
    settings: Settings, stored: Stored
) -> None:
    raw = replace(THREE_PARTS, x_val=None, y_val=None)
    # What this version's predecessor computed for the same arrays.
    assert fingerprint(raw) == "ad2f97d95240437508986806852b0913b50235518601995fe5366c100a7a5092"
    assert fingerprint(THREE_PARTS) != fingerprint(raw)
    stored(raw, replace(INFO, validation_examples=0))
    file = added_dir(settings) / "made" / MANIFEST
    record = json.loads(file.read_text())
    for name in ("validation_examples", "split_by", "groups"):
        del record["info"][name]
    file.write_text(json.dumps(record))
    source = _source()
    data = load(source, settings, seed=1)
    assert (len(data.y_train), len(data.y_val)) == source.sizes(source.info(settings)) == (24, 6)


def test_groups_are_never_parted_between_training_and_validation(settings: Settings, stored: Stored) -> None:
    x, y = _numbered(0, 60)
    groups = np.arange(60, dtype=np.int32) // 6
    info = DataInfo((1,), ("a", "b"), 60, 0, "binary", split_by="group", groups=10)
    stored(Raw(x, y, x[:0], y[:0], groups=groups), info)
    for options in ({"validation_split": 0.2}, {"folds": 5, "fold": 3}, {"validation_split": 0.2, "limit": 40}):
        for seed in range(5):
            data = load(_source(**options), settings, seed)
            of = [{int(value) // 6 for value in _values(part)} for part in (data.x_train, data.x_val)]
            assert not of[0] & of[1]
            assert of[1]
    data = load(_source(validation_split=0.2), settings, 0)
    assert len(data.y_val) == 12


def test_a_group_with_the_last_examples_of_a_class_stays_in_training(settings: Settings, stored: Stored) -> None:
    x, _ = _numbered(0, 12)
    y = np.array([0] * 9 + [1] * 3, np.int32)
    info = DataInfo((1,), ("a", "b"), 12, 0, "binary", split_by="group", groups=4)
    stored(Raw(x, y, x[:0], y[:0], groups=np.arange(12, dtype=np.int32) // 3), info)
    for seed in range(10):
        data = load(_source(validation_split=0.3), settings, seed)
        assert set(data.y_train.tolist()) == {0, 1}
        assert len(data.y_val) == 3


def test_examples_in_time_are_validated_on_the_last(settings: Settings, stored: Stored) -> None:
    x, y = _numbered(0, 50)
    stored(Raw(x, y, x[:0], y[:0]), DataInfo((1,), ("a", "b"), 50, 0, "binary", split_by="time"))
    for seed in range(3):
        data = load(_source(), settings, seed)
        assert _values(data.x_val) == list(range(40, 50))
        limited = load(_source(limit=20), settings, seed)
        assert max(_values(limited.x_train)) < min(_values(limited.x_val))
    source = {"source": "arrays", "dataset": "made", "folds": 5}
    problems = check({"data": source, "architecture": {"name": "mlp"}}, settings)[1]
    assert [problem.field for problem in problems] == ["data.folds"]


def test_more_folds_than_groups_are_refused(settings: Settings, stored: Stored) -> None:
    x, y = _numbered(0, 60)
    info = DataInfo((1,), ("a", "b"), 60, 0, "binary", split_by="group", groups=3)
    stored(Raw(x, y, x[:0], y[:0], groups=np.arange(60, dtype=np.int32) % 3), info)
    source = {"source": "arrays", "dataset": "made", "folds": 5}
    problems = check({"data": source, "architecture": {"name": "mlp"}}, settings)[1]
    assert [problem.message for problem in problems] == ["5 folds need as many groups; there are 3"]


@pytest.mark.parametrize("kind", ["text", "table"])
def test_a_validation_part_of_texts_and_tables_is_stored_too(tmp_path: Path, kind: str) -> None:
    from core.data.base import Feature

    texts = np.array(["eins", "zwei", "drei"], object)
    y = np.array([0, 1, 0], np.int32)
    info = DataInfo((0,), ("a", "b"), 3, 1, "binary", "text", target="label", validation_examples=2)
    raw = Raw(texts, y, texts[:1], y[:1], texts[1:], y[1:])
    if kind == "table":
        features = (Feature("height", "number"), Feature("colour", "category", ("eins", "zwei")))
        info = replace(info, kind="table", shape=(2,), features=features)
        x = {"numbers": np.array([[1.5], [np.nan], [3]], np.float32), "categories": texts[:, np.newaxis]}
        cut = [{name: array[rows] for name, array in x.items()} for rows in (slice(None), slice(1), slice(1, None))]
        raw = Raw(cut[0], y, cut[1], y[:1], cut[2], y[1:])
    array_files.write(tmp_path, raw, info)
    assert fingerprint(array_files.read(tmp_path, info)) == fingerprint(raw)


def test_groups_that_are_classes_cannot_be_held_back_and_that_is_said(settings: Settings, stored: Stored) -> None:
    x, y = _numbered(0, 12)
    info = DataInfo((1,), ("a", "b"), 12, 0, "binary", split_by="group", groups=2)
    stored(Raw(x, y, x[:0], y[:0], groups=y), info)
    with pytest.raises(DataError, match="No group of the 2 can be held back"):
        load(_source(), settings, 0)
    assert len(load(_source(validation_split=0.0), settings, 0).y_val) == 0
