"""A preset's training as a plain Keras script does it, for `benchmarks.engine`. Runs in a process with TensorFlow."""

import os
import time
from typing import Any

import keras
import tensorflow as tf

from core.common.settings import Settings
from core.config.check import parse
from core.data.prepare import load
from core.engine import setup
from core.training.prepared import for_network


def fit(environment: dict[str, str], raw: dict[str, Any]) -> dict[str, Any]:
    """`fit` on the same network, data, batch size and epochs, with validation after each.

    Returns:
        seconds: until the last epoch's metrics, when `fit`'s graphs were traced before, by one step; tracing: of that
            step; returned: seconds until `fit` returned; history: by epoch.
    """
    os.environ.update(environment)
    config = parse(raw, Settings())
    setup.choose_devices(config)
    setup.fix_numbers(config)
    data = for_network(load(config.data, Settings(), config.seed), config)
    model = setup.build(config, data)
    x, y, batch = data.x_train, setup.targets(model, data.y_train), config.training.batch_size
    validation = (data.x_val, setup.targets(model, data.y_val)) if len(data.y_val) else None
    augment = setup.augmentation(config, config.training.steps_per_epoch(len(y)))
    arguments: dict[str, Any] = {"x": x, "y": y, "batch_size": batch}
    if augment is not None:  # as the guides of tf.data do it
        pairs = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(y)).batch(batch)
        seeds = tf.data.Dataset.random(0).batch(2)
        batches = tf.data.Dataset.zip(pairs, seeds).map(lambda pair, seed: augment(pair[0], pair[1], seed), -1)
        arguments = {"x": batches.prefetch(-1)}
    tf.random.set_seed(None)  # with a seed `fit` shuffles every epoch alike; people let it shuffle
    weights = model.get_weights()
    started = time.perf_counter()
    model.fit(**arguments, validation_data=validation, verbose=0, steps_per_epoch=1)
    tracing = time.perf_counter() - started
    model.set_weights(weights)
    for variable in model.optimizer.variables:
        if variable is not model.optimizer.learning_rate:
            variable.assign(keras.ops.zeros_like(variable))
    epochs: list[float] = []
    told = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: epochs.append(time.perf_counter()))
    started = time.perf_counter()
    fitted = model.fit(
        **arguments, validation_data=validation, verbose=0, epochs=config.training.epochs, callbacks=[told]
    )
    returned = time.perf_counter() - started
    seconds = epochs[-1] - started
    return {"seconds": seconds, "returned": returned, "tracing": tracing, "history": fitted.history}
