"""A step on several devices, each of which takes its share of the batch."""

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf


def step_on(
    strategy: tf.distribute.Strategy, model: keras.Model, step: Callable[[Any], Any], x: Any, y: tf.Tensor
) -> dict[str, Any]:
    """One of Keras's steps of this model on a batch; returns the metrics over the whole batch.

    Shares are of equal size. Where a batch does not divide, examples without weight fill them up, and the weight of
    the others is raised so that loss and gradient are those of one device.
    """
    count = strategy.num_replicas_in_sync
    examples = tf.shape(y)[0]
    size = -(-examples // count)

    def on_replica() -> None:
        number = tf.distribute.get_replica_context().replica_id_in_sync_group
        positions = number + count * tf.range(size)
        weights = tf.where(positions < examples, tf.cast(size * count, tf.float32) / tf.cast(examples, tf.float32), 0.0)
        positions = tf.minimum(positions, examples - 1)
        step((gather(x, positions), tf.gather(y, positions), weights))

    strategy.run(on_replica)
    results: dict[str, Any] = model.get_metrics_result()  # read across devices, they are summed up
    return results


def gather(x: Any, chosen: tf.Tensor) -> Any:
    return tf.nest.map_structure(lambda tensor: tf.gather(tensor, chosen), x)
