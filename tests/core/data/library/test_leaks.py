"""Leaks are told when a data set is added; data without them are left in peace."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.common.settings import Settings
from core.data.base import Array, DataInfo, Feature, Raw
from core.data.library import TableOptions, add_table
from core.data.library.leaks.finding import find
from core.data.library.store import get

ROWS = 60


def _table(y: Array, task: str, **columns: Array) -> tuple[Raw, DataInfo]:
    """All but the last ten rows to train on."""
    numbers = {name: values for name, values in columns.items() if values.dtype.kind == "f"}
    categories = {name: values.astype(object) for name, values in columns.items() if values.dtype.kind != "f"}
    features = [Feature(name, "number") for name in numbers] + [Feature(name, "category") for name in categories]
    x = {}
    if numbers:
        x["numbers"] = np.stack(list(numbers.values()), axis=1)
    if categories:
        x["categories"] = np.stack(list(categories.values()), axis=1)
    cut = len(y) - 10
    names = ("a", "b") if task == "binary" else ()
    info = DataInfo((len(features),), names, cut, 10, task, "table", features=tuple(features), target="y")  # type: ignore[arg-type]
    train, test = ({name: array[rows] for name, array in x.items()} for rows in (slice(cut), slice(cut, None)))
    return Raw(train, y[:cut], test, y[cut:]), info


def _random(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def _classes(rows: int = ROWS) -> Array:
    return _random(1).integers(0, 2, rows).astype(np.int32)


def _noise(rows: int = ROWS) -> Array:
    return _random(2).normal(size=rows).astype(np.float32)


def test_a_column_that_is_a_copy_of_the_target_is_told_when_a_table_is_added(
    settings: Settings, tmp_path: Path
) -> None:
    y = _classes()
    rows = [f"{value:.3f},{int(label)},{'qp'[label]}" for value, label in zip(_noise(), y, strict=True)]
    (tmp_path / "leak.csv").write_text("a,copy,y\n" + "\n".join(rows) + "\n")
    manifest = add_table(settings, "made", tmp_path / "leak.csv", TableOptions(target="y"))
    assert [leak.kind for leak in manifest.leaks] == ["target"]
    assert manifest.leaks[0].text.startswith("'copy' tells 'y' in every row")
    assert manifest.leaks[0].examples == ROWS
    assert get(settings, "made").leaks == manifest.leaks


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (np.where(_classes() == 1, "yes", "no"), "'c' tells 'y' in every row:"),
        (np.array([f"{label}{n % 5}" for n, label in enumerate(_classes())]), "'c' tells 'y' in every row:"),
        (_classes() * np.ceil(_noise() ** 2 * 50 + 1), "'c' tells 'y' in every row"),
        (_classes() * 2.0 - 1, "'c' tells 'y' in every row:"),
        (_classes() * 3.0 + _random(9).integers(0, 2, ROWS), "'c' tells 'y' in every row:"),
        (np.where(_classes() == 1, np.nan, _noise()), "'c' tells 'y' in every row, by whether it is missing:"),
        (np.array([f"name {n}" for n in range(ROWS)]), "'c' has another value in every row, as an id:"),
        (np.where(_noise() > 1, np.nan, _classes() * 2.0), "'c' tells 'y' in every row that has it (5"),
        (np.where(_noise() > 1, "", np.where(_classes() == 1, "p", "q")), "'c' tells 'y' in every row that has it (5"),
        (np.sort(_random(3).permutation(700)[:ROWS]) * 1.0, "'c' has another value in every row, as an id:"),
    ],
)
def test_columns_that_tell_the_class(column: Array, told: str) -> None:
    found = find(*_table(_classes(), "binary", a=_noise(), c=column))
    assert [leak.text[: len(told)] for leak in found] == [told]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda y: y, "'c' tells 'y' in every row, being equal to it:"),
        (lambda y: y * 1000 + 7, "'c' tells 'y' in every row, being the same but for its scale:"),
        (lambda y: np.exp(y), "'c' tells 'y' in every row, each larger value having a larger one:"),
        (lambda y: -(y**3), "'c' tells 'y' in every row, in reverse order:"),
        (lambda y: y.round(1), "'c' tells 'y' in every row, but for rounding:"),
        (lambda y: np.floor(y * 2) / 2, "'c' tells 'y' in every row, but for rounding:"),
        (lambda y: (y * 1.8 + 32).round(1), "'c' tells 'y' in every row, but for rounding:"),
        (lambda y: np.where(_noise() > 1, np.nan, y), "'c' tells 'y' in every row that has it (50 of 60),"),
        (
            lambda y: np.where(_noise() > 1, np.nan, y.round(1)),
            "'c' tells 'y' in every row that has it (50 of 60), but",
        ),
    ],
)
def test_columns_that_tell_the_number(make: Callable[[Array], Array], told: str) -> None:
    y = _random(4).normal(size=ROWS)
    found = find(*_table(y, "regression", a=_noise(), c=make(y)))
    assert [leak.text[: len(told)] for leak in found] == [told]


def test_days_of_a_table_with_a_row_a_day_are_no_ids() -> None:
    y = _classes(300)
    raw, info = _table(y, "binary", a=_noise(300), c=_random(3).permutation(300) * 1.0)
    assert [leak.kind for leak in find(raw, info)] == ["id"]
    days = replace(info, features=tuple(replace(each, date_order="ymd") for each in info.features))
    assert find(raw, days) == ()


def test_a_number_that_parts_the_classes_is_told_of_many_rows_only() -> None:
    many, few = _classes(600), _classes()
    apart = many * 10.0 + _random(3).uniform(0, 1, 600)
    (leak,) = find(*_table(many, "binary", a=_noise(600), c=apart))
    assert leak.text.startswith("'c' tells 'y' in every row, by where it lies:")
    assert find(*_table(few, "binary", a=_noise(), c=few * 10.0 + _random(3).uniform(0, 1, ROWS))) == ()


def test_measurements_of_flowers_are_no_leak() -> None:
    from sklearn.datasets import load_iris

    flowers = load_iris()
    columns = {f"column {at + 1}": flowers.data[:, at] for at in range(4)}
    for kept in (flowers.target < 2, np.ones(150, bool)):
        y = (flowers.target[kept] > 0).astype(np.int32)
        order = _random(3).permutation(len(y))
        found = find(*_table(y[order], "binary", **{name: values[kept][order] for name, values in columns.items()}))
        assert [leak.text for leak in found if leak.kind == "target"] == []


def test_useful_columns_are_no_leak() -> None:
    y = _classes()
    useful = y * 2.0 + _random(5).normal(size=ROWS)
    city = np.array(["x", "y", "z"])[_random(6).integers(0, 3, ROWS)]
    assert find(*_table(y, "binary", useful=useful, city=city)) == ()
    target = _random(7).normal(size=ROWS)
    assert find(*_table(target, "regression", a=target + 0.01 * _noise(), b=_noise())) == ()
    assert find(*_table(target.round(1), "regression", a=(target + 0.2 * _noise()).round(1), b=_noise())) == ()
    volts = _random(8).integers(1, 31, ROWS) * 1.0
    assert find(*_table(volts * 2.2 + 0.1 * _noise(), "regression", volts=volts, b=_noise())) == ()


def test_numbers_in_the_order_of_the_rows_may_be_measurements() -> None:
    rising = {"population": np.exp(np.linspace(3, 14, ROWS)).round(), "metres": np.arange(ROWS) * 5.0}
    rising["year"] = np.sort(_random(3).permutation(700)[:ROWS]) * 1.0
    for name, values in rising.items():
        assert find(*_table(_classes(), "binary", **{name: values})) == (), name


def _repeat(raw: Raw, rows: int) -> None:
    """The first rows to train on are the first ones of the test, too."""
    assert isinstance(raw.x_train, dict)
    assert isinstance(raw.x_test, dict)
    raw.x_test["numbers"][:rows] = raw.x_train["numbers"][:rows]
    raw.y_test[:rows] = raw.y_train[:rows]


def test_rows_of_two_parts_are_told_with_their_number() -> None:
    raw, info = _table(_classes(), "binary", a=_noise(), b=_noise() ** 2)
    _repeat(raw, 3)
    (leak,) = find(raw, info)
    assert (leak.kind, leak.examples, len(leak.instances)) == ("copies", 3, 3)
    assert leak.text.startswith("3 test examples (30.0 %) are in the training part, too")


def test_equal_inputs_of_a_regression_with_other_targets_are_no_copies() -> None:
    inputs = np.arange(ROWS, dtype=np.float32) % 7
    assert find(*_table(_random(8).normal(size=ROWS), "regression", a=inputs)) == ()


def test_coarse_inputs_that_have_several_labels_are_no_copies() -> None:
    city = np.array(["x", "y", "z"])[_random(6).integers(0, 3, ROWS)]
    assert find(*_table(_classes(), "binary", city=city)) == ()


def test_all_three_parts_are_compared() -> None:
    texts = np.array([f"A text about number {n}." for n in range(30)], object)
    y = np.arange(30, dtype=np.int32) % 2
    info = DataInfo((0,), ("a", "b"), 10, 10, "binary", "text", validation_examples=10)
    raw = Raw(texts[:10], y[:10], texts[10:20], y[10:20], texts[20:], y[20:])
    assert find(raw, info) == ()
    texts[20], texts[11], texts[12] = texts[0], texts[21], "a  TEXT about number 3"
    told = [(leak.kind, leak.text.partition(":")[0]) for leak in find(raw, info)]
    assert told == [
        ("copies", "1 validation example (10.0 %) is in the training part, too"),
        ("copies", "1 test example (10.0 %) is in the validation part, too"),
        ("near copies", "1 test example (10.0 %) is in the training part, too, but for case, spaces and punctuation"),
    ]


def _scene(seed: int) -> Array:
    """uint8 [32, 32, 3]: shapes of some colours."""
    random = _random(seed)
    small = random.integers(0, 255, (6, 6, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(small).resize((32, 32), Image.Resampling.BICUBIC))


def _compressed(pixels: Array) -> Array:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=80)
    return np.asarray(Image.open(buffer))


def test_pictures_compressed_again_or_made_brighter_are_found_in_the_other_part() -> None:
    x = np.stack([_scene(seed) for seed in range(60)])
    y = np.arange(60, dtype=np.int32) % 2
    x_test = np.stack([_scene(seed) for seed in range(100, 120)])
    info = DataInfo((32, 32, 3), ("a", "b"), 60, 20, "binary", "image")
    assert find(Raw(x, y, x_test, y[:20]), info) == ()
    x_test[3] = _compressed(x[5])
    x_test[4] = (x[6] * 0.8 + 20).astype(np.uint8)
    (leak,) = find(Raw(x, y, x_test, y[:20]), info)
    assert (leak.kind, leak.examples) == ("near copies", 2)
    assert leak.instances == ("test 4 and training 6", "test 5 and training 7")


def test_a_few_copies_in_many_are_told_as_slight() -> None:
    raw, info = _table(_classes(2010), "binary", a=_noise(2010))
    raw = Raw(raw.x_test, raw.y_test, raw.x_train, raw.y_train)
    _repeat(raw, 1)
    (leak,) = find(raw, info)
    assert leak.slight
    assert leak.text == (
        "1 test example (under 0.1 %) is in the training part, too: too few to change a result of the test part by "
        "much."
    )
