"""Networks that learned from made data whose cause is known, and what explanations say of them; with TensorFlow."""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.data.base import CATEGORIES, NUMBERS, DataInfo, Feature
from core.data.number_scaling import Numbers
from core.data.vocabulary import Vocabulary
from core.explain import budget
from core.explain.explained_row import Background
from core.explain.explainer import Explainer
from core.explain.keras_subject import KerasSubject
from core.explain.mean_maps import MeanMap
from core.explain.occlusion import left_out, occlusion
from core.explain.word_importance import WordImportance
from core.jobs.explanation import METHODS, Explain

SIDE, PATCH = 12, 4


def unhurried() -> None:
    """Whatever an explanation takes on this machine: what is left out for want of time is tested by itself."""
    budget.MOST = budget.ENOUGH = math.inf


def explained(kind: str, network: str = "") -> list[dict[str, Any]]:
    """By each method, some examples: what the explanation says, and `cause`, where the cause is."""
    unhurried()
    keras.utils.set_random_seed(0)
    return {"picture": _pictures, "text": _texts, "table": _tables}[kind](network)


def _fit(model: keras.Model, x: Any, y: Any, epochs: int, rate: float = 0.01) -> None:
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=64, epochs=epochs, verbose=0)
    assert model.evaluate(x, y, verbose=0)[1] > 0.97


def _outputs(model: keras.Model) -> Callable[[Any], Any]:
    forward = tf.function(lambda x: model(x, training=False), reduce_retracing=True)
    return lambda x: forward(tf.nest.map_structure(tf.constant, x)).numpy()


def _explainer(outputs: Callable[[Any], Any], model: keras.Model, info: DataInfo, vocabulary: Any = None) -> Explainer:
    return Explainer(KerasSubject(model, info, Numbers(), outputs), vocabulary, lambda: None)  # type: ignore[arg-type,return-value]


def _pictures(_: str) -> list[dict[str, Any]]:
    """A bright patch somewhere in noise, or none."""
    drawn = np.random.default_rng(0)
    x = drawn.integers(0, 120, (400, SIDE, SIDE, 1)).astype(np.uint8)
    y = np.arange(400) % 2
    places = drawn.integers(0, SIDE - PATCH + 1, (400, 2))
    for picture, has, (top, left) in zip(x, y, places, strict=True):
        if has:
            picture[top : top + PATCH, left : left + PATCH] += 130
    info = DataInfo((SIDE, SIDE, 1), ("none", "patch"), 600, 0, kind="image")
    model = keras.Sequential(
        [
            keras.Input(info.shape),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(8, 3, activation="relu", padding="same"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(8, 3, activation="relu", padding="same"),
            keras.layers.GlobalMaxPooling2D(),
            keras.layers.Dense(2, "softmax"),
        ]
    )
    _fit(model, x, y, 20)
    outputs = _outputs(model)
    explain = _explainer(outputs, model, info)
    found = [{"method": "region", **_region(outputs, x[1::2], places[1::2])}]
    for method in METHODS["image"]:
        for place in (1, 3, 5):
            told = explain(x[place : place + 1], Explain(method=method, target="patch"))
            heat = np.maximum(np.array(told.heat), 0)
            top, left = places[place]
            share = heat[top : top + PATCH, left : left + PATCH].sum() / heat.sum()
            found.append(told.model_dump(mode="json") | {"share": float(share)})
    return found


def _region(outputs: Callable[[Any], Any], x: Any, places: Any) -> dict[str, Any]:
    """The mean map of pictures whose patch is in the upper left quarter, and how much of it is there."""
    told = MeanMap("patch")
    for picture in x[(places <= 2).all(axis=1)][:12]:
        told.add(picture, occlusion(lambda some: outputs(some)[:, 1], picture, np.full(1, 60.0)))
    region = told.region()
    heat = np.maximum(np.array(region.heat), 0)
    return region.model_dump(mode="json") | {"share": float(heat[: SIDE // 2, : SIDE // 2].sum() / heat.sum())}


def _texts(network: str) -> list[dict[str, Any]]:
    """Words at random, of which one decides."""
    words = ["film", "plot", "actor", "scene", "music", "good", "the", "of", "and", "is"]
    drawn = np.random.default_rng(0)
    length = 8
    vocabulary = Vocabulary("word", tuple(words))
    counts = drawn.integers(4, length + 1, 400)
    others = [word for word in words if word != "good"]
    texts = [drawn.choice(others, count).tolist() for count in counts]
    y = np.arange(400) % 2
    places = [int(drawn.integers(len(text))) for text in texts]
    for text, has, place in zip(texts, y, places, strict=True):
        if has:
            text[place] = "good"
    x = vocabulary.encode([" ".join(text) for text in texts], length)
    info = DataInfo((length,), ("bad", "good"), 400, 0, task="binary", kind="text", vocabulary=len(vocabulary))
    from core.architectures.recurrent import Recurrent
    from core.architectures.transformer import Transformer

    kinds = {
        "lstm": Recurrent(embedding=8, units=(16,)),
        "attention": Transformer(layers=1, width=16, heads=2),
    }
    model = kinds[network].build(info)
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, batch_size=32, epochs=15, verbose=0)
    assert model.evaluate(x, y, verbose=0)[1] > 0.97
    outputs = _outputs(model)
    explain = _explainer(outputs, model, info, vocabulary)
    known = WordImportance(vocabulary, ("good",))
    for text in x[:60]:
        known.add(text, left_out(outputs, text))
    found = [{"method": "words", "words": [each.model_dump(mode="json") for each in known.words()]}]
    for method in ("left_out", "gradients"):
        for place in range(1, 12, 2):
            told = explain(x[place : place + 1], Explain(method=method, target="good"))
            found.append(told.model_dump(mode="json") | {"cause": places[place]})
    return found


def _tables(_: str) -> list[dict[str, Any]]:
    """Two of six columns decide: a number and a category."""
    drawn = np.random.default_rng(0)
    numbers = drawn.normal(size=(600, 4))
    categories = np.stack([drawn.choice(["a", "b", "c"], 600), drawn.choice(["x", "y"], 600)], axis=1).astype(object)
    y = (numbers[:, 2] + 2.0 * (categories[:, 1] == "y") > 1).astype(np.int32)
    features = (
        *(Feature(f"n{at}", "number") for at in range(4)),
        Feature("c0", "category", ("a", "b", "c")),
        Feature("c1", "category", ("x", "y")),
    )
    info = DataInfo((6,), ("no", "yes"), 600, 0, kind="table", features=features)
    from core.architectures.mlp import MLP

    model = MLP(hidden=(16,)).build(info)
    model.get_layer("normalize").adapt(numbers)
    x = {NUMBERS: numbers, CATEGORIES: categories}
    as_tensors = {NUMBERS: tf.constant(numbers, tf.float32), CATEGORIES: tf.constant(categories)}
    _fit(model, as_tensors, y, 25, 0.02)
    background = Background({name: array[:100] for name, array in x.items()}, 600)

    def scaled(part: Any) -> Any:
        return {NUMBERS: part[NUMBERS].astype(np.float32), CATEGORIES: part[CATEGORIES]}

    forward = tf.function(lambda part: model(part, training=False), reduce_retracing=True)
    subject = KerasSubject(
        model, info, Numbers(), lambda part: forward(tf.nest.map_structure(tf.constant, scaled(part))).numpy()
    )
    explain = Explainer(subject, None, lambda: background)
    found = []
    for method in METHODS["table"]:
        for place in range(200, 205):
            row = {name: array[place : place + 1] for name, array in x.items()}
            found.append(explain(row, Explain(method=method, target="yes")).model_dump(mode="json"))
    return found
