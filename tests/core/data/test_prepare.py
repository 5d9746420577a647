"""From a source to the arrays that a trainer takes."""

import numpy as np
import pytest
from pydantic import TypeAdapter

from core.common.errors import DataError
from core.common.settings import Settings
from core.config.run import AnySource
from core.data.array_checks import checked
from core.data.base import DataInfo, Raw
from core.data.prepare import fingerprint, load

EMBEDDED = ["xor", "digits", "iris", "wine", "breast_cancer"]


def _source(name: str, **options: object) -> AnySource:
    return TypeAdapter(AnySource).validate_python({"source": name, **options})


@pytest.mark.parametrize("name", EMBEDDED)
def test_embedded_sets_are_what_their_config_says_without_files_or_network(settings: Settings, name: str) -> None:
    source = _source(name)
    info = source.info(settings)
    data = load(source, settings, seed=0)
    assert (len(data.y_train), len(data.y_val)) == source.sizes(info)
    x_train, x_test = np.asarray(data.x_train), np.asarray(data.x_test)
    assert x_train.shape[1:] == x_test.shape[1:] == info.shape
    assert x_train.dtype == (np.uint8 if info.is_image else np.float32)
    assert data.y_train.dtype == np.int32
    assert set(data.y_train) | set(data.y_val) == set(range(info.classes))


@pytest.mark.parametrize(
    "options", [{}, {"limit": 300}, {"limit": 1437}, {"validation_split": 0.0}, {"test_split": 0.5, "limit": 11}]
)
def test_sizes_are_known_without_loading(settings: Settings, options: dict[str, object]) -> None:
    source = _source("digits", **options)
    data = load(source, settings, seed=1)
    assert (len(data.y_train), len(data.y_val)) == source.sizes(source.info(settings))


def test_the_split_is_by_seed_and_the_test_set_and_fingerprint_are_not(settings: Settings) -> None:
    first, again, other = (load(_source("digits"), settings, seed) for seed in (0, 0, 1))
    assert np.array_equal(np.asarray(first.x_val), np.asarray(again.x_val))
    assert not np.array_equal(np.asarray(first.x_val), np.asarray(other.x_val))
    assert np.array_equal(np.asarray(first.x_test), np.asarray(other.x_test))
    assert first.fingerprint == again.fingerprint == other.fingerprint


def test_every_class_keeps_its_share_in_the_validation_examples(settings: Settings) -> None:
    data = load(_source("iris", limit=60), settings, seed=3)
    assert np.bincount(data.y_val).tolist() == [4, 4, 4]
    assert np.bincount(data.y_train).tolist() == [16, 16, 16]


def test_no_example_is_in_two_parts(settings: Settings) -> None:
    data = load(_source("digits", limit=500), settings, seed=0)
    parts = [{x.tobytes() for x in np.asarray(part)} for part in (data.x_train, data.x_val, data.x_test)]
    assert not parts[0] & parts[1]
    assert not parts[0] & parts[2]
    assert not parts[1] & parts[2]


def test_a_split_too_small_for_every_class_still_splits(settings: Settings) -> None:
    data = load(_source("digits", limit=12, validation_split=0.25), settings, seed=0)
    assert (len(data.x_train), len(data.x_val)) == (9, 3)


def test_the_fingerprint_is_of_contents() -> None:
    x, y = np.arange(12, dtype=np.float32).reshape(4, 3), np.array([0, 1, 0, 1])
    same = fingerprint(Raw(x, y, x, y))
    assert fingerprint(Raw(np.asfortranarray(x), y, x, y)) == same
    assert fingerprint(Raw(x.reshape(3, 4), y, x, y)) != same
    assert fingerprint(Raw(x.astype(np.float64), y, x, y)) != same


IMAGES = DataInfo((2, 2, 1), ("a", "b"), 3, 1, kind="image")
PIXELS, LABELS = np.zeros((3, 2, 2), np.uint8), np.array([0, 1, 1], np.uint8)


@pytest.mark.parametrize(
    ("x", "y", "told"),
    [
        (np.zeros((3, 4, 4), np.uint8), LABELS, "shape 3 x 4 x 4 was found; accepted is .* 2 x 2 x 1"),
        (np.zeros((3, 2, 2), np.float32), LABELS, "type float32 were found; accepted are whole numbers 0 to 255"),
        (PIXELS, np.array([0, 2, 7]), "2 labels are out of range, the first is 2; accepted are 0 to 1"),
        (PIXELS, np.array([0, -1, 1]), "the first is -1"),
        (PIXELS, np.array([0.0, 1.0, 1.0]), "type float64 were found; accepted is one whole number"),
        (PIXELS, np.zeros((3, 2), np.int32), "labels of shape 3 x 2"),
        (PIXELS, LABELS[:2], "3 examples and 2 labels were found"),
        (PIXELS[:0], LABELS[:0], "the files hold none"),
        (np.uint8(3), LABELS, "a single number"),
    ],
)
def test_arrays_that_are_not_what_they_should_be_are_refused_in_words(x: np.ndarray, y: np.ndarray, told: str) -> None:
    with pytest.raises(DataError, match=told):
        checked(Raw(np.asarray(x), y, PIXELS, LABELS), IMAGES, "pictures")


def test_missing_values_in_rows_are_refused() -> None:
    rows = DataInfo((2,), ("a", "b"), 3, 1)
    x = np.array([[1, np.nan], [2, 3], [4, 5]])
    with pytest.raises(DataError, match="missing or infinite"):
        checked(Raw(x, LABELS, x, LABELS), rows, "rows")


def test_labels_in_a_column_and_images_without_channel_are_accepted() -> None:
    raw = checked(Raw(PIXELS, LABELS[:, np.newaxis], PIXELS[..., np.newaxis], LABELS), IMAGES, "pictures")
    assert np.asarray(raw.x_train).shape == (3, 2, 2, 1)
    assert raw.y_train.tolist() == [0, 1, 1]
