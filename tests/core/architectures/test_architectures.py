"""Every architecture with every kind of data that it takes: built, trained for a step, saved, loaded."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.architectures.architecture import Architecture
from core.architectures.architecture_registry import ARCHITECTURES
from core.data.base import DataInfo, Feature
from core.data.series_facts import Frequency, SeriesFacts, WindowScaling
from tests.core.warm import Warm

LENGTH, WORDS = 6, 20
THREE = ("a", "b", "c")
COLUMNS = (Feature("age", "number"), Feature("pay", "number"), Feature("town", "category", ("Ulm", "Bonn")))

SCALINGS: dict[WindowScaling, int] = {"none": 2, "level": 1, "level and spread": 3}  # with a horizon each
DATA = {
    "image": DataInfo((32, 32, 3), THREE, 8, 0, kind="image"),
    "grey": DataInfo((32, 32, 1), THREE, 8, 0, kind="image", scaling="symmetric"),
    "rows": DataInfo((4,), THREE[:2], 8, 0, task="binary"),
    "rows to a number": DataInfo((4,), (), 8, 0, task="regression"),
    "table": DataInfo((3,), THREE, 8, 0, kind="table", features=COLUMNS),
    "table to a number": DataInfo((3,), (), 8, 0, kind="table", features=COLUMNS, task="regression"),
    "text": DataInfo((LENGTH,), THREE[:2], 8, 0, task="binary", kind="text", vocabulary=WORDS),
    "texts of three classes": DataInfo((LENGTH,), THREE, 8, 0, kind="text", vocabulary=WORDS),
    "corpus": DataInfo((LENGTH,), (), 8, 0, task="generation", kind="corpus", vocabulary=WORDS),
    **{
        f"series by {scaling}": DataInfo(
            (6, 3),
            (),
            8,
            0,
            task="forecast",
            kind="series",
            series=SeriesFacts(Frequency("month", 1), "month", horizon=horizon, scaling=scaling),
        )
        for scaling, horizon in SCALINGS.items()
    },
}
REGULARISED = {"dropout": 0.1, "l1": 1e-4, "l2": 1e-4}
SMALL: dict[str, dict[str, Any]] = {
    "mlp": {"hidden": (5,), "batch_norm": True, **REGULARISED},
    "cnn": {"filters": (4,), "hidden": (5,), "batch_norm": True, **REGULARISED},
    "resnet": {"stem": 4, "widths": (4, 6), "blocks": 1, **REGULARISED},
    "whitened_cnn": {"widths": (4, 6)},
    "recurrent": {"embedding": 4, "units": (4, 3), "bidirectional": True, "batch_norm": True, **REGULARISED},
    "recurrent_generator": {"embedding": 4, "units": (4, 3), **REGULARISED},
    "cnn1d": {"filters": (4, 4), "hidden": (5,), "batch_norm": True, **REGULARISED},
    "transformer": {"width": 8, "heads": 2, **REGULARISED},
    "gpt": {"width": 8, "heads": 2, "layers": 1, **REGULARISED},
}
BY_NAME = {architecture.model_fields["name"].default: architecture for architecture in ARCHITECTURES}
CASES = [
    (name, kind)
    for name in SMALL
    for kind, info in DATA.items()
    if info.kind in BY_NAME[name].kinds and info.task in BY_NAME[name].tasks
]


def architecture(name: str) -> Architecture:
    return BY_NAME[name](**SMALL[name])


def examples(info: DataInfo) -> tuple[Any, Any]:
    """Eight random examples and their targets, as a data set has them."""
    random = np.random.default_rng(0)
    x: Any
    if info.kind == "image":
        x = random.integers(0, 256, (8, *info.shape)).astype(np.uint8)
    elif info.kind in ("rows", "series"):
        x = random.normal(size=(8, *info.shape)).astype(np.float32)
    elif info.kind == "table":
        numbers = random.normal(size=(8, 2)).astype(np.float32)
        numbers[0] = np.nan
        x = {"numbers": numbers, "categories": np.array([["Ulm"], ["Bonn"], [""], ["Rome"]] * 2)}
    else:
        x = random.integers(2, WORDS, (8, LENGTH)).astype(np.int32)
        if info.kind == "text":
            x[0], x[1, :4] = 0, 0  # a text without a word, and a short one
    if info.task == "generation":
        return x, np.roll(x, -1, axis=1)
    if info.predicts_numbers:
        return x, random.normal(size=(8, info.outputs)).astype(np.float32)
    return x, (np.arange(8) % info.classes).astype(np.int32)


def try_every(folder: str) -> dict[str, Any]:
    """What became of every case, by "name: kind of data"."""
    return {f"{name}: {kind}": _tried(name, DATA[kind], Path(folder) / f"{name}-{kind}.keras") for name, kind in CASES}


def _tried(name: str, info: DataInfo, file: Path) -> dict[str, Any]:
    import keras
    import tensorflow as tf

    from core.architectures.build.architecture_summary import summary_model

    keras.utils.set_random_seed(0)
    x, y = examples(info)
    x = tf.nest.map_structure(tf.constant, x)
    parameters = summary_model(architecture(name), info).count_params()
    model = architecture(name).build(info)
    losses = {"regression": "mse", "forecast": "mse", "binary": "binary_crossentropy"}
    model.compile("sgd", losses.get(info.task, "sparse_categorical_crossentropy"), run_eagerly=True)
    target = y[:, None] if info.task == "binary" else y
    loss = float(model.train_on_batch(x, target))
    given = model(x).numpy()
    model.save(file)
    again = keras.models.load_model(file, compile=False)(x).numpy()
    with zipfile.ZipFile(file) as archive:
        config = archive.read("config.json").decode()
    return {
        "parameters": [parameters, model.count_params()],
        "loss": loss,
        "given": given.tolist(),
        "same after loading": bool((again == given).all()),
        "modules": sorted(_modules(json.loads(config)["config"])),
        "dtype": given.dtype.name,
        **(_moved(model, x.numpy()) if info.kind in ("text", "corpus") else {}),
    }


def _modules(config: Any) -> set[str]:
    """From where the classes of a saved model come."""
    if isinstance(config, list):
        return set().union(*map(_modules, config))
    if not isinstance(config, dict):
        return set()
    own = {config["module"].partition(".")[0]} if config.get("module") else set()
    own |= {config["registered_name"]} if ">" in str(config.get("registered_name")) else set()
    return own.union(*map(_modules, config.values()))


def _moved(model: Any, x: Any) -> dict[str, Any]:
    """Every text with another second half; and the short one padded behind."""
    later = x.copy()
    later[:, LENGTH // 2 :] = 2 + later[:, LENGTH // 2 :] % (WORDS - 2)
    short = np.zeros_like(x)
    short[1, :2] = x[1, 4:]
    return {
        "after a change": model(later).numpy().tolist(),
        "padded behind": model(short).numpy()[1].tolist(),
    }


@pytest.fixture(scope="module")
def tried(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    result: dict[str, Any] = warm.call(
        "tests.core.architectures.test_architectures:try_every", str(tmp_path_factory.mktemp("models"))
    )
    return result


def test_every_architecture_but_lists_and_downloads_is_tried() -> None:
    assert set(BY_NAME) - set(SMALL) == {"layers", "pretrained"}


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_it_learns_gives_what_the_task_asks_for_and_loads_without_our_code(
    tried: dict[str, Any], name: str, kind: str
) -> None:
    found, info = tried[f"{name}: {kind}"], DATA[kind]
    outlined, built = found["parameters"]
    assert outlined == built
    assert np.isfinite(found["loss"])
    given = np.array(found["given"])
    steps = (LENGTH,) if info.task == "generation" else ()
    assert given.shape == (8, *steps, info.outputs)
    assert found["dtype"] == "float32"
    assert np.isfinite(given).all()
    if info.task in ("multiclass", "generation"):
        np.testing.assert_allclose(given.sum(axis=-1), 1, rtol=1e-5)
    assert found["same after loading"]
    assert set(found["modules"]) <= {"keras", "builtins"}


@pytest.mark.parametrize("name", ["recurrent_generator", "gpt"])
def test_a_generator_does_not_see_what_comes_later(tried: dict[str, Any], name: str) -> None:
    found = tried[f"{name}: corpus"]
    before, after = np.array(found["given"]), np.array(found["after a change"])
    half = LENGTH // 2
    np.testing.assert_array_equal(before[:, :half], after[:, :half])
    assert np.abs(before[:, half:] - after[:, half:]).max() > 1e-5


def test_padding_means_nothing_to_a_transformer(tried: dict[str, Any]) -> None:
    found = tried["transformer: text"]
    np.testing.assert_allclose(found["given"][1], found["padded behind"], rtol=1e-5)


def without_a_network() -> str:
    """What is said where the weights of ImageNet are not to be had."""
    import keras

    from core.common.errors import DataError

    model = BY_NAME["pretrained"](name="pretrained").build(DATA["image"])
    assert len(model.trainable_variables) == 2  # the head's
    assert len(keras.Model.from_config(model.get_config()).trainable_variables) == 2
    try:
        BY_NAME["pretrained"](name="pretrained").load_weights(model)
    except DataError as error:
        return str(error)
    return ""


def test_weights_that_cannot_be_downloaded_are_named_with_where_to_put_them(warm: Warm) -> None:
    told = warm.call("tests.core.architectures.test_architectures:without_a_network")
    assert "ImageNet weights of MobileNetV2 could not be downloaded" in told
    assert "Put https://" in told
    assert "_no_top.h5 into " in told
    assert told.endswith("or choose the weights none.")


@pytest.mark.parametrize(
    ("name", "options", "data", "told"),
    [
        ("pretrained", {}, DataInfo((28, 28, 1), THREE, 8, 0, kind="image"), "needs images of 32 x 32 pixels or more"),
        ("pretrained", {}, DataInfo((32, 32, 4), THREE, 8, 0, kind="image"), "these have 4 channels"),
        ("pretrained", {"weights": "none"}, DATA["image"], "all layers have to learn; leave it empty"),
        ("resnet", {"widths": (4,) * 7}, DATA["image"], "7 stages need images of 64 x 64 pixels; these are 32 x 32"),
        ("gpt", {"heads": 3}, DATA["corpus"], "3 heads do not divide a width of 128"),
        ("gpt", {}, DATA["text"], "gpt takes a running text; this data set has texts"),
    ],
)
def test_what_does_not_fit_is_told_without_keras(name: str, options: Any, data: DataInfo, told: str) -> None:
    assert any(told in problem.message for problem in BY_NAME[name](**options).problems(data))
