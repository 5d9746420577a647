"""What the training runs on, by its name."""

import functools

import tensorflow as tf

from core.system.devices import cpu_name


@functools.cache
def device_name() -> str:
    """Of the first GPU that TensorFlow may use, otherwise of the CPU."""
    for gpu in tf.config.get_visible_devices("GPU"):
        return str(tf.config.experimental.get_device_details(gpu).get("device_name", "GPU"))
    return cpu_name()
