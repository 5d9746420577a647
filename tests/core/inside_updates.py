"""What tests of updates, whitening and views run inside a process with TensorFlow imported; see tests/core/warm.py."""

import os
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from core.common.settings import Settings
from core.config.compression import Pruning
from core.config.optimizers import OPTIMIZERS, SGD, Lookahead
from core.config.run import Evaluation
from core.data.source_options import Augmentation
from core.engine.augment import Augment
from core.engine.averaging import averaged, begin_averages, look_back
from core.engine.engine import Engine
from core.engine.picture_views import with_views
from core.engine.pruning import Pruner, sparsity
from core.engine.step import Step
from core.engine.updates import optimizer
from core.engine.whitening import is_whitening

LOOKAHEAD = Lookahead(every=3, keep=0.6, growth=2)
STEPS, BATCH, RATE = 10, 8, 0.1


def _made(options: SGD) -> tuple[keras.Model, keras.metrics.Metric]:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(3, "softmax")])
    accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    model.compile(optimizer(options, model), "sparse_categorical_crossentropy", weighted_metrics=[accuracy])
    model.optimizer.build(model.trainable_variables)
    begin_averages(model)
    return model, accuracy


def _examples() -> tuple[Any, Any]:
    random = np.random.default_rng(0)
    count = STEPS * BATCH
    return random.normal(size=(count, 4)).astype(np.float32), random.integers(0, 3, count).astype(np.int32)


def looked_back(modes: list[str]) -> dict[str, Any]:
    """By mode: how far weights and slow weights are from those of a loop over Keras's own steps."""
    x, y = _examples()
    model, _ = _made(SGD(learning_rate=RATE))
    slow = model.get_weights()
    for number in range(STEPS):
        part = slice(number * BATCH, (number + 1) * BATCH)
        model.train_on_batch(x[part], y[part])
        if (number + 1) % LOOKAHEAD.every == 0:
            kept = LOOKAHEAD.keep * ((number + 1) / STEPS) ** LOOKAHEAD.growth
            slow = [kept * a + (1 - kept) * b for a, b in zip(slow, model.get_weights(), strict=True)]
            model.set_weights(slow)
    return {mode: _apart(_looked_back(mode), [*model.get_weights(), *slow]) for mode in modes}


def _looked_back(mode: str, strategy: tf.distribute.Strategy | None = None) -> list[Any]:
    x, y = _examples()
    model, accuracy = _made(SGD(learning_rate=RATE, lookahead=LOOKAHEAD))
    step = Step(model, accuracy, after=look_back(LOOKAHEAD, STEPS), strategy=strategy)
    Engine(step, x, y, BATCH, mode).train(np.arange(len(y), dtype=np.int32), np.full(STEPS, RATE, np.float32))
    weights = model.get_weights()
    with averaged(model):
        return [*weights, *model.get_weights()]


def looked_back_on(count: int) -> list[Any]:
    """The weights, and the slow ones, after steps on so many logical devices."""
    from core.engine.setup import strategy

    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * count)
    shared = strategy([device.name for device in tf.config.list_logical_devices("CPU")])
    assert shared.num_replicas_in_sync == count
    with shared.scope():
        return [each.tolist() for each in _looked_back("graph", shared)]


def shifts_and_others() -> dict[str, float]:
    """How far each weight goes by two gradients of ones at a rate of 0.1, where shifts learn 16 times faster."""
    layers = [keras.Input((4,)), keras.layers.Dense(5), keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    before = [np.array(weight) for weight in model.trainable_weights]
    made = optimizer(SGD(learning_rate=0.1, momentum=0.5, shift_factor=16.0), model)
    for _ in range(2):
        made.apply([tf.ones(weight.shape) for weight in model.trainable_weights], model.trainable_weights)
    pairs = zip(model.trainable_weights, before, strict=True)
    return {weight.path: float(np.mean(old - np.array(weight))) for weight, old in pairs}


def decayed() -> list[float]:
    """Of a weight without a gradient: before, and after a step at rate 0.5 with a decay of 0.1."""
    weight = keras.Variable([2.0])
    optimizer(SGD(learning_rate=0.5, weight_decay=0.1)).apply([tf.zeros(1)], [weight])
    return [2.0, float(np.array(weight)[0])]


def alternating() -> dict[str, Any]:
    """Of 200 pictures, which are mirrored in each of four epochs of two steps, and with another seed."""
    x = tf.constant(np.random.default_rng(0).integers(0, 256, (200, 4, 6, 3)), tf.uint8)
    change = Augment(Augmentation(flip="alternating"), steps_per_epoch=2)

    def mirrored(seed: int, step: int) -> list[bool]:
        changed, _ = change(x, tf.zeros([200, 1]), tf.constant([seed, step], tf.int64))
        same, other = (
            tf.reduce_all(changed == tf.cast(each, tf.float32), axis=[1, 2, 3]) for each in (x, x[:, :, ::-1])
        )
        assert bool(tf.reduce_all(same != other))
        found: list[bool] = other.numpy().tolist()
        return found

    return {"steps": [mirrored(1, step) for step in range(8)], "another": mirrored(2, 0)}


def whitened(environment: dict[str, str]) -> dict[str, Any]:
    """What a whitened network of CIFAR's shape has at its beginning."""
    from core.config.check import parse
    from core.data.prepare import load
    from core.engine import setup

    os.environ.update(environment)
    raw = {"data": {"source": "digits"}, "architecture": {"name": "whitened_cnn", "widths": [8, 8]}}
    config = parse(raw, Settings())
    data = load(config.data, Settings(), 0)
    model = setup.build(config, data)
    layer, first = model.get_layer("whiten"), np.array(model.get_layer("block_1_1").kernel)
    x = np.asarray(data.x_train)
    given = keras.Model(model.input, layer.output).predict(x[:500], verbose=0).reshape(-1, 8)
    half = given[:, :4].astype(np.float64)
    return {
        "whitens": is_whitening(layer),
        "trained": [weight.path for weight in model.trainable_weights if "whiten" in weight.path],
        "opposite": float(np.abs(given[:, :4] + given[:, 4:]).max()),
        "products": (half.T @ half / len(half)).tolist(),
        "identity": first[1, 1].tolist(),
        "elsewhere": float(np.abs(np.delete(first.reshape(9, 8, 8), 4, axis=0)).max()),
    }


def views() -> dict[str, Any]:
    """What a network gives for pictures in each choice of views, and the mean of what it gives for each view."""
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Flatten(), keras.layers.Dense(3, "softmax")]
    model = keras.Sequential([keras.Input((4, 5, 2)), keras.layers.Rescaling(1 / 255), *layers])
    model.compile(loss="sparse_categorical_crossentropy")
    x = np.random.default_rng(0).integers(0, 256, (6, 4, 5, 2)).astype(np.float32)
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")

    def both(pictures: Any) -> Any:
        return (np.asarray(model(pictures)) + np.asarray(model(pictures[:, :, ::-1]))) / 2

    shifted = (both(padded[:, :4, :5]) + both(padded[:, 2:, 2:])) / 2
    expected = {"none": np.asarray(model(x)), "flip": both(x), "flip_shift": (both(x) + shifted) / 2}
    found: dict[str, Any] = {}
    for chosen, value in expected.items():
        asked = with_views(model, Evaluation(test_time_augmentation=chosen))
        found[chosen] = {"apart": _apart([np.asarray(asked(x))], [value]), "loss": asked.loss == model.loss}
    return found


def _apart(one: list[Any], other: list[Any]) -> float:
    return max(float(np.abs(np.asarray(a, float) - b).max()) for a, b in zip(one, other, strict=True))


def pruned(modes: list[str]) -> dict[str, Any]:
    """By mode: shares of zeros after each step, without and with means of the weights, and the weights in the end."""
    return {mode: _pruned(mode, SGD(learning_rate=RATE)) for mode in modes} | {
        "means": _pruned("graph", SGD(learning_rate=RATE, ema_momentum=0.9)),
        "slow": _pruned("graph", SGD(learning_rate=RATE, lookahead=LOOKAHEAD), look_back(LOOKAHEAD, STEPS)),
        "network": _pruned("graph", SGD(learning_rate=RATE), scope="network"),
        "twice": _pruned("graph", SGD(learning_rate=RATE, gradient_accumulation_steps=2)),
    }


def _pruned(mode: str, options: SGD, after: Any = None, scope: Any = "layer") -> dict[str, Any]:
    x, y = _examples()
    model, accuracy = _made(options)
    updates = STEPS // options.gradient_accumulation_steps
    step = Step(model, accuracy, after=after, pruner=Pruner(Pruning(sparsity=0.75, ramp=0.6, scope=scope), updates))
    engine, shares = Engine(step, x, y, BATCH, mode), []
    for number in range(STEPS):
        order = np.arange(number * BATCH, (number + 1) * BATCH, dtype=np.int32)
        engine.train(order, np.full(1, RATE, np.float32), number)
        zeros, weights = sparsity(model)
        shares.append(zeros / weights)
    with averaged(model):
        zeros, weights = sparsity(model)
        layers = [float((np.array(layer.kernel) == 0).mean()) for layer in model.layers]
        biases = all(np.array(layer.bias).all() for layer in model.layers)
        weights_there = [each.tolist() for each in model.get_weights()]
    return {"shares": shares, "mean": zeros / weights, "layers": layers, "biases": biases, "weights": weights_there}


def adam_and_keras_own(options: list[dict[str, Any]]) -> list[tuple[bool, int, int]]:
    """For each: whether all weights and what is kept of them are Keras's own to the last bit after some steps, and how
    many operations each traced for its step.
    """
    return [_beside_keras_own(each) for each in options]


def _beside_keras_own(chosen: dict[str, Any]) -> tuple[bool, int, int]:
    found, counts = [], []
    for is_own in (False, True):
        keras.utils.set_random_seed(0)
        words = [keras.Input((6,)), keras.layers.Embedding(20, 4), keras.layers.Flatten()]
        model = keras.Sequential([*words, keras.layers.Dense(8, "relu"), keras.layers.Dense(3)])
        made = optimizer(OPTIMIZERS[chosen["name"]](**chosen), model)
        if is_own:
            vars(made).pop("_backend_update_step", None)
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(made, loss, weighted_metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")])
        made.build(model.trainable_variables)
        random = np.random.default_rng(0)
        x, y = random.integers(0, 20, (64, 6)), random.integers(0, 3, 64)
        step = Step(model, keras.metrics.SparseCategoricalAccuracy(name="accuracy"))
        traced = tf.function(step.train).get_concrete_function(
            tf.constant(x[:8]), tf.constant(y[:8]), tf.TensorSpec([], tf.float32)
        )
        for number in range(7):
            part = slice(8 * number, 8 * number + 8)
            traced(tf.constant(x[part]), tf.constant(y[part]), tf.constant(0.01))
        found.append([np.asarray(each) for each in (*model.get_weights(), *(one.numpy() for one in made.variables))])
        told = traced.graph.as_graph_def()
        counts.append(len(told.node) + sum(len(each.node_def) for each in told.library.function))
    same = all(np.array_equal(ours, own) for ours, own in zip(*found, strict=True))
    return same, counts[0], counts[1]


def graph_optimizers() -> dict[str, bool]:
    """Whether TensorFlow's optimiser of graphs is left out for each of these networks, one after the other."""
    from core.engine.graph_optimizer import choose_graph_optimizer

    layers = keras.layers
    dense = [layers.Normalization(), layers.Dense(8), layers.Dropout(0.1), layers.Dense(2), layers.Softmax()]
    networks = {
        "dense": [keras.Input((3,)), *dense],
        "dense, large": [keras.Input((3,)), layers.Dense(1000), layers.Dense(1000)],
        "convolution": [keras.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(2)],
        "recurrent": [keras.Input((4, 2)), layers.Bidirectional(layers.GRU(3)), layers.Dense(2)],
        "dense again": [keras.Input((3,)), layers.Dense(2)],
    }
    found = {}
    for name, each in networks.items():
        choose_graph_optimizer(keras.Sequential(each))
        found[name] = bool(tf.config.optimizer.get_experimental_options().get("disable_meta_optimizer", False))
    return found
